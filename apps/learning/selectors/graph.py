"""The concepts of a course with their edges and tags, as the engine takes them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from apps.courses.models import Lesson

from ..engine import graph
from ..engine.graph import Edge, Exercises
from ..models import Concept, LessonConcept, Prerequisite


@dataclass(frozen=True)
class CourseGraph:
    """`taught`: concept ids by lesson id, for lessons of the course that have any."""

    concepts: Sequence[Concept]
    edges: Sequence[Edge]
    taught: Mapping[int, tuple[int, ...]]

    @cached_property
    def exercises(self) -> Exercises:
        """How much practising a concept exercises others, over at most three edges."""
        return graph.exercised(self.edges)

    @cached_property
    def needs(self) -> Mapping[int, tuple[int, ...]]:
        """Direct prerequisites by concept."""
        found: dict[int, list[int]] = {concept.pk: [] for concept in self.concepts}
        for edge in self.edges:
            found[edge.advanced].append(edge.prerequisite)
        return {concept: tuple(needed) for concept, needed in found.items()}

    @cached_property
    def opens(self) -> Mapping[int, tuple[int, ...]]:
        """What directly needs a concept."""
        found: dict[int, list[int]] = {concept.pk: [] for concept in self.concepts}
        for edge in self.edges:
            found[edge.prerequisite].append(edge.advanced)
        return {concept: tuple(opened) for concept, opened in found.items()}

    @cached_property
    def lessons(self) -> Mapping[int, tuple[int, ...]]:
        """Lessons that teach a concept, in the order of the course."""
        found: dict[int, list[int]] = {concept.pk: [] for concept in self.concepts}
        for lesson, concepts in self.taught.items():
            for concept in concepts:
                found[concept].append(lesson)
        return {concept: tuple(lessons) for concept, lessons in found.items()}


def graph_of(course_id: int) -> CourseGraph:
    """Four queries, whatever its size; concepts in their order, lessons in the order of the course."""
    concepts = list(Concept.objects.filter(course=course_id).in_order())
    edges = Prerequisite.objects.filter(course=course_id).order_by("pk")
    rows = edges.values_list("advanced_id", "prerequisite_id", "weight", "confirmed")
    tags = LessonConcept.objects.filter(concept__course=course_id).order_by("pk")
    by_lesson: dict[int, list[int]] = {}
    for lesson, concept in tags.values_list("lesson_id", "concept_id"):
        by_lesson.setdefault(lesson, []).append(concept)
    in_order = Lesson.objects.filter(pk__in=by_lesson, course=course_id).in_order()
    return CourseGraph(
        concepts=concepts,
        edges=[Edge(*row) for row in rows],
        taught={pk: tuple(by_lesson[pk]) for pk in in_order.values_list("pk", flat=True)},
    )


def exercises_of(course_id: int, concepts: Collection[int]) -> Exercises:
    """How much practising each of the concepts exercises others. One query."""
    by_advanced: dict[int, list[Edge]] = {}
    rows = Prerequisite.objects.filter(course=course_id).order_by("pk")
    for row in rows.values_list("advanced_id", "prerequisite_id", "weight", "confirmed"):
        by_advanced.setdefault(row[0], []).append(Edge(*row))
    near: list[Edge] = []
    reached = set(concepts)
    for _hop in range(graph.HOPS):
        further = [edge for concept in reached for edge in by_advanced.pop(concept, [])]
        near.extend(further)
        reached = {edge.prerequisite for edge in further}
    found = graph.exercised(near)
    return {concept: found[concept] for concept in concepts if concept in found}
