"""Lessons done, and how far one is."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import SignedIn
from apps.core.hot import HotCalls
from apps.core.idempotency import idempotent
from apps.enrollment import selectors, services
from apps.enrollment.models import Enrollment, SeatStatus


class CourseProgressOut(serializers.Serializer[Any]):
    completed = serializers.IntegerField()
    total = serializers.IntegerField()
    percent = serializers.IntegerField(min_value=0, max_value=100)


class ProgressOut(CourseProgressOut):
    status = serializers.ChoiceField(choices=SeatStatus.choices)


class LessonDoneOut(serializers.Serializer[Any]):
    lesson = serializers.IntegerField()
    completed_at = serializers.DateTimeField()
    course_progress = CourseProgressOut()


class LessonProgressOut(serializers.Serializer[Any]):
    lesson = serializers.IntegerField()
    title = serializers.CharField()
    completed_at = serializers.DateTimeField(allow_null=True)


def _seat(request: Request, course_id: int) -> Enrollment:
    seat = selectors.seat_of(request.user, course_id)
    if seat is None:
        raise Http404
    return seat


class CompleteLesson(HotCalls, APIView):
    """POST /api/progress/lessons/{id}/complete: again and again with the same answer.

    403 without a seat, for a lesson that the outline of a visible course names; else 404.
    """

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses=LessonDoneOut)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        known = selectors.lessons_known_to(request.user).without_content()
        lesson = get_object_or_404(known, pk=pk)
        progress = services.complete_lesson(student=request.user, lesson=lesson, at=timezone.now())
        answer = {
            "lesson": lesson.pk,
            "completed_at": progress.since,
            "course_progress": progress,
        }
        return Response(LessonDoneOut(answer).data)


class CourseProgress(APIView):
    """GET /api/progress/courses/{id}: of one's own seat; 404 without one."""

    permission_classes = [SignedIn]

    @extend_schema(responses=ProgressOut)
    def get(self, request: Request, pk: int) -> Response:
        progress = selectors.progress_summary(_seat(request, pk))
        return Response(ProgressOut(progress).data)


class CourseProgressLessons(APIView):
    """GET /api/progress/courses/{id}/lessons: every lesson in order, and when it was done."""

    permission_classes = [SignedIn]

    @extend_schema(
        responses=inline_serializer(
            "CourseProgressLessons", {"results": LessonProgressOut(many=True)}
        )
    )
    def get(self, request: Request, pk: int) -> Response:
        rows = selectors.lesson_progress(_seat(request, pk))
        return Response({"results": LessonProgressOut(rows, many=True).data})
