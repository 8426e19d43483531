"""What several calls of the community read and write."""

from typing import Any

from rest_framework import serializers

from apps.community.models import ReportReason
from apps.community.services.reports import MAX_NOTE


class LikeOut(serializers.Serializer[Any]):
    liked = serializers.BooleanField()
    likes_count = serializers.IntegerField()


class ReportIn(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=ReportReason.choices)
    note = serializers.CharField(max_length=MAX_NOTE, required=False, allow_blank=True)
