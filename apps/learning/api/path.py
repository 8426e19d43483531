"""The path through a course, and the one next step."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import SignedIn

from ..engine.path import State
from ..selectors import path as selectors
from ..selectors.path import courses_learnt_by

REASONS = [state.value for state in State]


class LessonStepOut(serializers.Serializer[Any]):
    lesson = serializers.IntegerField(source="lesson.pk")
    title = serializers.CharField(source="lesson.title")
    reason = serializers.ChoiceField(REASONS, source="state", help_text="What the lesson asks for.")
    why = serializers.CharField()
    minutes = serializers.IntegerField()
    completed = serializers.BooleanField(source="is_done")
    taken = serializers.BooleanField(
        source="is_taken", help_text="It could be skipped, and the student takes it all the same."
    )


class PathOut(serializers.Serializer[Any]):
    results = LessonStepOut(many=True)


class Path(APIView):
    """GET /api/courses/{id}/path: every lesson in the student's order. For an open seat, else 404."""

    permission_classes = [SignedIn]

    @extend_schema(responses=PathOut)
    def get(self, request: Request, pk: int) -> Response:
        course = get_object_or_404(courses_learnt_by(request.user), pk=pk)
        steps = selectors.path_of(request.user, course, timezone.now())
        return Response(PathOut({"results": steps}).data)


class NextStepOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["review", "refresh", "lesson", "finish", "none"])
    title = serializers.CharField()
    reason = serializers.ChoiceField(REASONS, allow_null=True)
    why = serializers.CharField()
    url = serializers.CharField(allow_null=True, help_text="Its page on the site.")
    minutes = serializers.IntegerField()
    course = serializers.IntegerField(allow_null=True)
    lesson = serializers.IntegerField(allow_null=True)


class Next(APIView):
    """GET /api/learning/next: `kind` is "none" when there is nothing to do now."""

    permission_classes = [SignedIn]

    @extend_schema(responses=NextStepOut)
    def get(self, request: Request) -> Response:
        step = selectors.next_step(request.user, timezone.now())
        return Response(NextStepOut(_nothing() if step is None else _shown(step)).data)


def _shown(step: selectors.NextStep) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "title": step.title,
        "reason": step.reason,
        "why": step.why,
        "url": step.url,
        "minutes": step.minutes,
        "course": step.course and step.course.pk,
        "lesson": step.lesson and step.lesson.pk,
    }


def _nothing() -> dict[str, Any]:
    return {
        "kind": "none",
        "title": _("Nothing to do now"),
        "reason": None,
        "why": _(
            "No card is due and no lesson is open: a good moment to rest, or to choose a course."
        ),
        "url": None,
        "minutes": 0,
        "course": None,
        "lesson": None,
    }
