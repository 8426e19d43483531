"""The concepts of a course, what they need, and what lessons teach."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.rights import needs
from apps.core.api import SignedIn
from apps.courses.models import Course, Lesson
from apps.enrollment.selectors import courses_open_to

from ..models import Concept
from ..selectors.graph import graph_of
from ..services import concepts as services
from .concept_shapes import ConceptIn, ConceptOut, ConceptsOut, IdsIn, LessonConceptsOut


class Concepts(APIView):
    """GET, POST /api/courses/{id}/concepts: read by whoever may see the course."""

    def get_permissions(self) -> list[BasePermission]:
        return [SignedIn() if self.request.method == "GET" else needs("course.edit")()]

    @extend_schema(responses=ConceptsOut)
    def get(self, request: Request, pk: int) -> Response:
        course = get_object_or_404(courses_open_to(request.user), pk=pk)
        graph = graph_of(course.pk)
        return Response(ConceptsOut({"results": graph.concepts}, context={"graph": graph}).data)

    @extend_schema(request=ConceptIn, responses={201: ConceptOut})
    def post(self, request: Request, pk: int) -> Response:
        course = get_object_or_404(Course.objects.editable_by(request.user), pk=pk)
        form = ConceptIn(data=request.data)
        form.is_valid(raise_exception=True)
        concept = services.add_concept(course=course, at=timezone.now(), **form.validated_data)
        return Response(shown(concept), status=201)


class OneConcept(APIView):
    """PATCH, DELETE /api/concepts/{id}."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=ConceptIn(partial=True), responses=ConceptOut)
    def patch(self, request: Request, pk: int) -> Response:
        form = ConceptIn(data=request.data, partial=True)
        concept = own_concept(request, pk)
        form.is_valid(raise_exception=True)
        concept = services.change_concept(
            concept=concept, changes=form.validated_data, at=timezone.now()
        )
        return Response(shown(concept))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.delete_concept(concept=own_concept(request, pk), at=timezone.now())
        return Response(status=204)


class Prerequisites(APIView):
    """PUT /api/concepts/{id}/prerequisites: what it needs; a circle answers 409 and is named."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=IdsIn, responses=ConceptOut)
    def put(self, request: Request, pk: int) -> Response:
        concept = own_concept(request, pk)
        services.set_prerequisites(concept=concept, needs=ids_in(request), at=timezone.now())
        return Response(shown(concept))


class LessonConcepts(APIView):
    """PUT /api/lessons/{id}/concepts: what the lesson teaches."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=IdsIn, responses=LessonConceptsOut)
    def put(self, request: Request, pk: int) -> Response:
        lesson = get_object_or_404(Lesson.objects.editable_by(request.user), pk=pk)
        ids = ids_in(request)
        services.tag_lesson(lesson=lesson, concepts=ids, at=timezone.now())
        return Response(LessonConceptsOut({"lesson": lesson.pk, "concepts": ids}).data)


def own_concept(request: Request, pk: int) -> Concept:
    return get_object_or_404(Concept.objects.editable_by(request.user), pk=pk)


def ids_in(request: Request) -> list[int]:
    form = IdsIn(data=request.data)
    form.is_valid(raise_exception=True)
    ids: list[int] = form.validated_data["ids"]
    return ids


def shown(concept: Concept) -> dict[str, Any]:
    return dict(ConceptOut(concept, context={"graph": graph_of(concept.course_id)}).data)
