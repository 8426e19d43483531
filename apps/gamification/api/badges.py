"""Badges over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.rights import SignedInRequest
from apps.core.api import SignedIn

from ..engine.badges import Group
from ..selectors import habits, shelf
from ..wording import RARITY_NAMES


class BadgeProgressOut(serializers.Serializer[Any]):
    current = serializers.IntegerField()
    target = serializers.IntegerField()


class BadgeOut(serializers.Serializer[shelf.Held]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    group = serializers.ChoiceField(choices=[group.value for group in Group])
    rarity = serializers.ChoiceField(choices=list(RARITY_NAMES))
    points = serializers.IntegerField(help_text="XP that came with it.")
    earned_at = serializers.DateTimeField(allow_null=True)
    progress = BadgeProgressOut()
    share = serializers.FloatField(
        allow_null=True, help_text="Percentage of the people here who have it."
    )


class BadgesOut(serializers.Serializer[Any]):
    results = BadgeOut(many=True)


class Badges(APIView):
    """GET /api/gamification/badges: all of them, hidden ones once they are earned."""

    permission_classes = [SignedIn]

    @extend_schema(responses=BadgesOut)
    def get(self, request: SignedInRequest) -> Response:
        groups = shelf.shelf_of(request.user, habits.habit_of(request.user))
        held = [each for group in groups for each in group.badges if not each.is_secret]
        return Response(BadgesOut({"results": held}).data)
