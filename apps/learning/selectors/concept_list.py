"""The concepts of a course as the studio lists them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.courses.models import Course, Lesson

from ..models import Concept
from .graph import graph_of


@dataclass(frozen=True)
class Need:
    concept: Concept
    weight: float
    confirmed: bool


@dataclass(frozen=True)
class ListedConcept:
    """`lessons` are those that teach it, in the order of the course."""

    concept: Concept
    needs: list[Need] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)


def listed_concepts(course: Course) -> Sequence[ListedConcept]:
    """In five queries, however many there are."""
    graph = graph_of(course.pk)
    rows = {concept.pk: ListedConcept(concept) for concept in graph.concepts}
    for edge in graph.edges:
        needed = rows[edge.prerequisite].concept
        rows[edge.advanced].needs.append(Need(needed, edge.weight, edge.confirmed))
    lessons = Lesson.objects.only("pk", "title").in_bulk(graph.taught)
    for lesson, concepts in graph.taught.items():
        for concept in concepts:
            rows[concept].lessons.append(lessons[lesson])
    return list(rows.values())


def listed_concept(concept: Concept) -> ListedConcept:
    rows = listed_concepts(concept.course)
    return next(row for row in rows if row.concept.pk == concept.pk)
