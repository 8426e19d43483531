"""The course, its curriculum and the lesson, as each reader may see them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import Anyone
from apps.core.errors import NotAllowed
from apps.core.ready import HotReads, ready, ready_json
from apps.courses.api import CourseView, LessonOut, LessonWriteView
from apps.courses.models import CourseQuerySet, Lesson
from apps.enrollment.selectors import courses_open_to

from ..selectors import lessons as selectors
from ..selectors.digests import kept_summary
from ..selectors.tags import concepts_of_lessons


class OneCourse(CourseView):
    """GET, PUT, PATCH, DELETE /api/courses/{id}: a seat opens the course when it isn't on sale too."""

    def readable(self, user: Any) -> CourseQuerySet:
        return courses_open_to(user)


class CurriculumLessonOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    position = serializers.IntegerField()
    duration_minutes = serializers.IntegerField()
    is_preview = serializers.BooleanField()
    has_quiz = serializers.BooleanField()
    completed = serializers.BooleanField(required=False, help_text="With credentials only.")


class CurriculumModuleOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    position = serializers.IntegerField()
    lessons = CurriculumLessonOut(many=True)


class CurriculumOut(serializers.Serializer[Any]):
    course = serializers.IntegerField()
    modules = CurriculumModuleOut(many=True)


class Curriculum(HotReads, APIView):
    """GET /api/courses/{id}/curriculum."""

    permission_classes = [Anyone]

    @extend_schema(responses=CurriculumOut)
    def get(self, request: Request, pk: int) -> HttpResponse:
        if not request.user.is_authenticated:
            return ready(request, selectors.public_curriculum(pk))
        course = get_object_or_404(courses_open_to(request.user), pk=pk)
        modules = selectors.curriculum_for(request.user, course)
        return ready_json(request, {"course": course.pk, "modules": modules})


class LessonWithSummaryOut(LessonOut):
    """`summary` is there once somebody asked for it: see /api/lessons/{id}/summary."""

    def get_summary(self, lesson: Lesson) -> str | None:
        return kept_summary(lesson)

    def get_concepts(self, lesson: Lesson) -> list[int]:
        return list(concepts_of_lessons([lesson.pk]).get(lesson.pk, ()))


class OneLesson(LessonWriteView):
    """GET, PATCH, DELETE /api/lessons/{id}.

    Reading is for the enrolled, the owner, moderators, and for everybody where it is a preview.
    A lesson that the outline of a visible course names answers 403 to others (401 without
    credentials), any other 404.
    """

    def get_permissions(self) -> list[BasePermission]:
        if self.request.method == "GET":
            return [Anyone()]
        return super().get_permissions()  # type: ignore[return-value]

    @extend_schema(responses=LessonWithSummaryOut)
    def get(self, request: Request, pk: int) -> Response:
        try:
            lesson = selectors.get_lesson(request.user, pk)
        except NotAllowed as error:
            if not request.user.is_authenticated:
                raise NotAuthenticated from error
            raise
        return Response(LessonWithSummaryOut(lesson).data)
