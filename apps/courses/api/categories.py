"""The category tree through the API."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.core.api import Anyone
from apps.core.ready import HotReads, ready
from apps.courses import selectors


class CategoryOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    slug = serializers.SlugField()
    name = serializers.CharField()
    course_count = serializers.IntegerField()
    children = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/Category"}})
    def get_children(self, node: selectors.CategoryNode) -> list[dict[str, Any]]:
        return CategoryOut(node.children, many=True).data  # type: ignore[return-value]


class CategoriesView(HotReads, APIView):
    """GET /api/categories: the whole tree; counts are of published courses, those below included."""

    permission_classes = [Anyone]

    @extend_schema(
        responses=inline_serializer("Categories", {"results": CategoryOut(many=True)}),
    )
    def get(self, request: Request) -> HttpResponse:
        return ready(request, selectors.ready_categories())
