"""The concepts of a course with their edges and tags, as the engine takes them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from apps.core.compiled import any_of, compiled
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
    return graphs_of([course_id])[course_id]


def graphs_of(
    course_ids: Collection[int], lessons: Iterable[Lesson] | None = None
) -> dict[int, CourseGraph]:
    """By course id; four queries for all of them, three for who has their `lessons` in order.

    One where no course names concepts.
    """
    courses = list(course_ids)
    found = _concepts(courses=courses)
    if not found:
        return {pk: CourseGraph([], [], {}) for pk in courses}
    concepts: dict[int, list[Concept]] = {pk: [] for pk in course_ids}
    edges: dict[int, list[Edge]] = {pk: [] for pk in course_ids}
    taught: dict[int, dict[int, tuple[int, ...]]] = {pk: {} for pk in course_ids}
    for concept in found:
        concepts[concept.course_id].append(concept)
    for course_id, *edge in _edges(courses=courses):
        edges[course_id].append(Edge(*edge))
    by_lesson: dict[tuple[int, int], list[int]] = {}
    for lesson_id, tag, course_id in _tags(courses=courses):
        by_lesson.setdefault((course_id, lesson_id), []).append(tag)
    if lessons is None:
        tagged = {lesson for _course, lesson in by_lesson}
        lessons = Lesson.objects.filter(pk__in=tagged, course__in=course_ids).in_order()
        lessons = lessons.only("course_id")
    for lesson in lessons:
        if (lesson.course_id, lesson.pk) in by_lesson:
            taught[lesson.course_id][lesson.pk] = tuple(by_lesson[lesson.course_id, lesson.pk])
    return {pk: CourseGraph(concepts[pk], edges[pk], taught[pk]) for pk in course_ids}


_concepts = compiled(lambda courses: Concept.objects.filter(any_of("course", courses)).in_order())
_edges = compiled(
    lambda courses: (
        Prerequisite.objects.filter(any_of("course", courses))
        .order_by("pk")
        .values_list("course_id", "advanced_id", "prerequisite_id", "weight", "confirmed")
    )
)
_tags = compiled(
    lambda courses: (
        LessonConcept.objects.filter(any_of("concept__course", courses))
        .order_by("pk")
        .values_list("lesson", "concept_id", "concept__course_id")
    )
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
