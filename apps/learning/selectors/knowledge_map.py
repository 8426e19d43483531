"""A student's map of a course: how surely each concept is held now, and how soon that fades."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from apps.courses.models import Course
from apps.enrollment.models import Enrollment
from apps.enrollment.selectors import courses_open_to

from ..engine import fold
from ..engine.mastery import Level
from ..models import Concept
from .graph import CourseGraph, graph_of
from .mastery import known_of_courses

LOOKED_AHEAD = 60  # days within which fading is told


@dataclass(frozen=True)
class Node:
    """A concept as it stands; `mastery` is 0 without evidence.

    `faded`: practice had brought it to a higher level. `fades_in`: whole days until it falls to a
    lower one, None when that is far off.
    """

    concept: Concept
    mastery: float = 0.0
    level: Level = Level.NOT_STARTED
    faded: bool = False
    fades_in: int | None = None

    @property
    def is_held(self) -> bool:
        return self.level >= Level.PROFICIENT

    @property
    def percent(self) -> int:
        return round(self.mastery * 100)


@dataclass(frozen=True)
class KnowledgeMap:
    """`nodes` by concept id, in the order of the course."""

    graph: CourseGraph
    nodes: Mapping[int, Node]

    @cached_property
    def levels(self) -> list[int]:
        """How many concepts stand on each level."""
        return counted(node.level for node in self.nodes.values())

    @cached_property
    def next(self) -> Node | None:
        """The first that isn't held, before it those whose needs are."""
        weak = [node for node in self.nodes.values() if not node.is_held]
        return next((node for node in weak if self._is_ready(node)), weak[0] if weak else None)

    def _is_ready(self, node: Node) -> bool:
        return all(self.nodes[pk].is_held for pk in self.graph.needs[node.concept.pk])

    def needs(self, concept: Concept) -> list[Node]:
        return [self.nodes[pk] for pk in self.graph.needs[concept.pk]]

    def opens(self, concept: Concept) -> list[Node]:
        return [self.nodes[pk] for pk in self.graph.opens[concept.pk]]


def counted(levels: Iterable[int]) -> list[int]:
    found = Counter(levels)
    return [found[level] for level in Level]


def map_of(student: Any, course: Course, at: datetime) -> KnowledgeMap:
    """Five queries, whatever its size."""
    graph = graph_of(course.pk)
    known = known_of_courses(student, [course.pk])
    nodes = {each.pk: _node(each, known.get(each.pk), at) for each in graph.concepts}
    return KnowledgeMap(graph, nodes)


# ── Fading ────────────────────────────────────────────────────────────────────────────────────
def _node(concept: Concept, known: fold.Concept | None, at: datetime) -> Node:
    if known is None:
        return Node(concept)
    level = known.level(at)
    practised = known.trace.last if known.trace else at
    return Node(
        concept=concept,
        mastery=known.shown(at),
        level=level,
        faded=known.level(min(practised, at)) > level,
        fades_in=_fades_in(known, level, at),
    )


def _fades_in(known: fold.Concept, level: Level, at: datetime) -> int | None:
    """Forgetting only goes down, so that the day is found by halving."""

    def has_fallen(days: int) -> bool:
        return known.level(at + timedelta(days=days)) < level

    if not has_fallen(LOOKED_AHEAD):
        return None
    least, most = 0, LOOKED_AHEAD
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if has_fallen(middle) else (middle, most)
    return most


# ── Courses with a map ────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Overview:
    """A course with a map; `levels`: how many of its concepts stand on each level."""

    course: Course
    levels: list[int]

    @property
    def total(self) -> int:
        return sum(self.levels)

    @property
    def mastered(self) -> int:
        return self.levels[Level.MASTERED]

    @property
    def shares(self) -> list[tuple[int, int, float, float]]:
        """Of each level from the top that has any: level, count, start and width in percent."""
        found, start = [], 0.0
        for level in reversed(Level):
            if count := self.levels[level]:
                width = 100 * count / self.total
                found.append((int(level), count, start, width))
                start += width
        return found


def courses_with_map(user: Any) -> QuerySet[Course]:
    """The courses whose map this person may see: of an open seat, their own, and all to a moderator."""
    courses = courses_open_to(user)
    if user.is_moderator:
        return courses
    seats = Enrollment.objects.of(user).open().values("course_id")
    return courses.filter(Q(pk__in=seats) | Q(owner_id=user.pk))


def maps_of(student: Any, at: datetime) -> list[Overview]:
    """The courses that the student learns and that have concepts, the latest first. Three queries."""
    seats = Enrollment.objects.of(student).open().select_related("course__owner")
    courses = {seat.course_id: seat.course for seat in seats.order_by("-last_activity_at", "-pk")}
    concepts: dict[int, list[int]] = {}
    rows = Concept.objects.filter(course__in=courses).order_by("pk")
    for course_id, concept_id in rows.values_list("course_id", "pk"):
        concepts.setdefault(course_id, []).append(concept_id)
    known = known_of_courses(student, concepts)
    levels = {pk: each.level(at) for pk, each in known.items()}
    return [
        Overview(course, counted(levels.get(each, Level.NOT_STARTED) for each in concepts[pk]))
        for pk, course in courses.items()
        if pk in concepts
    ]
