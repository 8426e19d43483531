"""Invitations in the API: one's code, what it came to, and who invited most."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.rights import SignedInRequest
from apps.accounts.serializers import PersonOut
from apps.core.api import SignedIn

from . import selectors, services
from .links import invitation_url
from .models import ReferralCode


class ReferralCodeOut(serializers.ModelSerializer[ReferralCode]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = ReferralCode
        fields = ["code", "url", "uses", "max_uses", "expires_at"]
        read_only_fields = fields

    def get_url(self, code: ReferralCode) -> str:
        return invitation_url(self.context["request"], code)


class ReferralMilestoneOut(serializers.Serializer[Any]):
    referrals = serializers.IntegerField(help_text="People invited who finished a course.")
    remaining = serializers.IntegerField()
    points = serializers.IntegerField()
    badge = serializers.CharField(allow_blank=True)


class ReferralStatsOut(serializers.Serializer[Any]):
    total_referrals = serializers.IntegerField()
    pending = serializers.IntegerField(help_text="Have joined, and finished no course yet.")
    completed = serializers.IntegerField(help_text="Have finished a course; rewarded or not.")
    rewarded = serializers.IntegerField()
    held = serializers.IntegerField(help_text="Wait for a member of staff to look.")
    uses = serializers.IntegerField(help_text="Of all codes.")
    points_earned = serializers.IntegerField()
    next_milestone = ReferralMilestoneOut(allow_null=True)


class ReferralPlaceOut(serializers.Serializer[selectors.Place]):
    rank = serializers.IntegerField()
    user = PersonOut()
    referrals = serializers.IntegerField()
    points = serializers.IntegerField()


class MyCode(APIView):
    """GET /api/referrals/my-code: made when it is first asked for."""

    permission_classes = [SignedIn]

    @extend_schema(responses=ReferralCodeOut)
    def get(self, request: SignedInRequest) -> Response:
        code = services.own_code(user=request.user, at=timezone.now())
        return Response(ReferralCodeOut(code, context={"request": request}).data)


class GenerateCode(APIView):
    """POST /api/referrals/generate-code: another code; the old one works until it expires."""

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses={201: ReferralCodeOut})
    def post(self, request: SignedInRequest) -> Response:
        code = services.generate_code(user=request.user, at=timezone.now())
        return Response(ReferralCodeOut(code, context={"request": request}).data, status=201)


class Stats(APIView):
    permission_classes = [SignedIn]

    @extend_schema(responses=ReferralStatsOut)
    def get(self, request: SignedInRequest) -> Response:
        summary = selectors.summary_of(request.user)
        ahead = selectors.next_milestone(request.user)
        told = {
            "total_referrals": summary.total,
            "pending": summary.pending,
            "completed": summary.completed + summary.rewarded,
            "rewarded": summary.rewarded,
            "held": summary.held,
            "uses": summary.uses,
            "points_earned": summary.points,
            "next_milestone": ahead
            and {
                "referrals": ahead[0].threshold,
                "remaining": ahead[1],
                "points": ahead[0].for_referrer,
                "badge": ahead[0].badge,
            },
        }
        return Response(ReferralStatsOut(told).data)


class Leaderboard(APIView):
    """GET /api/referrals/leaderboard: who invited most; private people without a name."""

    permission_classes = [SignedIn]

    @extend_schema(
        responses=inline_serializer(
            "ReferralLeaderboard",
            {"results": ReferralPlaceOut(many=True), "me": ReferralPlaceOut(allow_null=True)},
        )
    )
    def get(self, request: SignedInRequest) -> Response:
        context = {"request": request}
        own = selectors.place_of(request.user)
        return Response(
            {
                "results": ReferralPlaceOut(selectors.leaders(), many=True, context=context).data,
                "me": ReferralPlaceOut(own, context=context).data if own else None,
            }
        )
