"""Leaderboards of courses: a look at one, and taking part in it."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.rights import SignedInRequest
from apps.accounts.serializers import PersonOut
from apps.core.api import SignedIn
from apps.core.errors import Invalid
from apps.courses.models import Course

from ..selectors.boards import PERIODS, Leaderboard, Place, courses_with_board_for, leaderboard_of
from ..services import boards


class CourseLeaderboardPlaceOut(serializers.Serializer[Place]):
    rank = serializers.IntegerField(help_text="Equal XP share a rank: 1, 2, 2, 4.")
    user = PersonOut()
    xp = serializers.IntegerField()


class CourseLeaderboardOut(serializers.Serializer[Leaderboard]):
    period = serializers.ChoiceField(choices=PERIODS)
    participants = serializers.IntegerField(help_text="Who take part, with XP or without.")
    results = CourseLeaderboardPlaceOut(
        many=True,
        source="places",
        help_text="The first ten, then oneself among the ten nearest, each person once.",
    )
    me = CourseLeaderboardPlaceOut(allow_null=True, help_text="Null for who doesn't take part.")
    opted_in = serializers.BooleanField(source="is_entrant")


class LeaderboardOptInIn(serializers.Serializer[Any]):
    opt_in = serializers.BooleanField(default=True)


class LeaderboardOptInOut(serializers.Serializer[Any]):
    opt_in = serializers.BooleanField()


class CourseLeaderboard(APIView):
    """GET /api/gamification/leaderboard/course/{id}: for who learns or teaches there."""

    permission_classes = [SignedIn]

    @extend_schema(
        parameters=[OpenApiParameter("period", enum=PERIODS, default="week")],
        responses=CourseLeaderboardOut,
    )
    def get(self, request: SignedInRequest, pk: int) -> Response:
        period = request.query_params.get("period", "week")
        if period not in PERIODS:
            raise Invalid(errors={"period": [_("It is “week” or “all”.")]})
        course = _course(request, pk)
        board = leaderboard_of(request.user, course, period, timezone.now())
        return Response(CourseLeaderboardOut(board, context={"request": request}).data)


class LeaderboardOptIn(APIView):
    """PUT /api/gamification/leaderboard/course/{id}/opt-in: take part, or don't any more."""

    permission_classes = [SignedIn]

    @extend_schema(request=LeaderboardOptInIn, responses=LeaderboardOptInOut)
    def put(self, request: SignedInRequest, pk: int) -> Response:
        form = LeaderboardOptInIn(data=request.data)
        form.is_valid(raise_exception=True)
        course = _course(request, pk)
        if form.validated_data["opt_in"]:
            boards.join(user=request.user, course=course, at=timezone.now())
        else:
            boards.leave(user_id=request.user.pk, course_id=course.pk)
        return Response(form.validated_data)


def _course(request: SignedInRequest, pk: int) -> Course:
    return get_object_or_404(courses_with_board_for(request.user), pk=pk)
