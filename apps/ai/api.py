"""Credits of the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import SignedIn

from . import selectors


class CreditsOut(serializers.Serializer[Any]):
    limit = serializers.IntegerField(help_text="calls of models a day")
    used = serializers.IntegerField()
    left = serializers.IntegerField()
    resets_at = serializers.DateTimeField(help_text="the person's next local midnight")
    engine = serializers.CharField(help_text="what would be asked: a model, or `offline`")


class MyCredits(APIView):
    """GET /api/ai/credits: what is left of today."""

    permission_classes = [SignedIn]

    @extend_schema(responses=CreditsOut)
    def get(self, request: Request) -> Response:
        return Response(CreditsOut(selectors.credits_of(request.user, timezone.now())).data)
