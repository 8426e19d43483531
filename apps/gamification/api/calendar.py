"""Study days over the API."""

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.rights import SignedInRequest
from apps.core.api import SignedIn

from ..selectors import calendar, habits
from ..wording import KINDS


class YearIn(serializers.Serializer[Any]):
    year = serializers.IntegerField(min_value=2000, max_value=2200, required=False)


class CalendarDayOut(serializers.Serializer[Any]):
    day = serializers.DateField()
    kind = serializers.ChoiceField(choices=[kind for kind in KINDS if kind])
    lessons = serializers.IntegerField()
    quizzes = serializers.IntegerField()
    reviews = serializers.IntegerField(help_text="Cards graded.")
    comments = serializers.IntegerField()
    minutes = serializers.IntegerField()
    points = serializers.IntegerField(help_text="XP.")


class CalendarOut(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    results = CalendarDayOut(many=True)


class Calendar(APIView):
    """GET /api/gamification/calendar: the days of a year by the person's own clock, from their first
    study day on; today once something was learnt.
    """

    permission_classes = [SignedIn]

    @extend_schema(
        parameters=[OpenApiParameter("year", int, description="This one, unless told otherwise.")],
        responses=CalendarOut,
    )
    def get(self, request: SignedInRequest) -> Response:
        form = YearIn(data=request.query_params)
        form.is_valid(raise_exception=True)
        now, habit = timezone.now(), habits.habit_of(request.user)
        today = habits.today_of(request.user, habit, now)
        year = form.validated_data.get("year", today.year)
        days = calendar.calendar_of(
            request.user, habit, since=date(year, 1, 1), until=date(year, 12, 31), today=today,
            at=now,
        )  # fmt: skip
        shown = [day for day in days if day.kind]
        return Response(CalendarOut({"year": year, "results": shown}).data)
