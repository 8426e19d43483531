"""A student's map of a course: concepts with their mastery, and what each needs."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import SignedIn

from ..engine.mastery import Level
from ..selectors.knowledge_map import KnowledgeMap, courses_with_map, map_of

LEVELS = [(level.name.lower(), level.name.lower()) for level in Level]


class MapNodeOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    mastery = serializers.FloatField(
        min_value=0,
        max_value=1,
        help_text="As held now, with what was forgotten; 0 without evidence.",
    )
    level = serializers.ChoiceField(LEVELS)
    lessons = serializers.ListField(
        child=serializers.IntegerField(), help_text="Ids of the lessons that teach it, in order."
    )


class MapEdgeOut(serializers.Serializer[Any]):
    """The way of learning: `from` is the prerequisite, `to` the advanced concept that needs it."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {"from": serializers.IntegerField(), "to": serializers.IntegerField()}


class MapOut(serializers.Serializer[Any]):
    nodes = MapNodeOut(many=True)
    edges = MapEdgeOut(many=True)


class CourseMap(APIView):
    """GET /api/courses/{id}/knowledge-map, for the enrolled, the owner and moderators.

    All concepts of the course in its order, with the mastery of whoever asks.
    """

    permission_classes = [SignedIn]

    @extend_schema(responses=MapOut)
    def get(self, request: Request, pk: int) -> Response:
        course = get_object_or_404(courses_with_map(request.user), pk=pk)
        return Response(MapOut(_shape(map_of(request.user, course, timezone.now()))).data)


def _shape(found: KnowledgeMap) -> dict[str, Any]:
    return {
        "nodes": [
            {
                "id": pk,
                "name": node.concept.name,
                "mastery": round(node.mastery, 4),
                "level": node.level.name.lower(),
                "lessons": found.graph.lessons[pk],
            }
            for pk, node in found.nodes.items()
        ],
        "edges": [{"from": edge.prerequisite, "to": edge.advanced} for edge in found.graph.edges],
    }
