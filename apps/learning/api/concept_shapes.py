"""What the calls about concepts take and answer."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.api import IdField

from ..models import Concept
from ..services.concepts.checks import MAX_ALIASES, MAX_DESCRIPTION, MAX_NAME
from ..services.concepts.listing import MAX_CONCEPTS
from .card_shapes import WholeNumber

IDS = serializers.ListField(child=serializers.IntegerField())


class ConceptIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=MAX_NAME)
    description = serializers.CharField(
        max_length=MAX_DESCRIPTION, required=False, allow_blank=True
    )
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=MAX_NAME), max_length=MAX_ALIASES, required=False
    )
    importance = WholeNumber(min_value=1, max_value=5, required=False)


class IdsIn(serializers.Serializer[Any]):
    ids = serializers.ListField(child=IdField(), max_length=MAX_CONCEPTS)


class ConceptOut(serializers.ModelSerializer[Concept]):
    """`graph` in the context is the course's."""

    prerequisites = serializers.SerializerMethodField(help_text="Concepts that it needs directly.")
    lessons = serializers.SerializerMethodField(help_text="Lessons that teach it.")

    class Meta:
        model = Concept
        fields = [
            "id",
            "name",
            "description",
            "aliases",
            "importance",
            "position",
            "prerequisites",
            "lessons",
        ]
        read_only_fields = fields

    @extend_schema_field(IDS)
    def get_prerequisites(self, concept: Concept) -> list[int]:
        return list(self.context["graph"].needs[concept.pk])

    @extend_schema_field(IDS)
    def get_lessons(self, concept: Concept) -> list[int]:
        return list(self.context["graph"].lessons[concept.pk])


class ConceptsOut(serializers.Serializer[Any]):
    results = ConceptOut(many=True)


class LessonConceptsOut(serializers.Serializer[Any]):
    lesson = serializers.IntegerField()
    concepts = IDS
