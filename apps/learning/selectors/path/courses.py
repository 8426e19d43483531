"""The path through a course: its lessons in the order that serves the student, each with a reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import QuerySet

from apps.core.compiled import any_of, compiled
from apps.courses.models import Course, Lesson
from apps.enrollment import selectors as enrollment
from apps.enrollment.models import Enrollment

from ...engine import path as engine
from ...engine.path import Known, State
from ...engine.pretest import SKIP_FROM
from ...models import Attempt, Concept, Pretest, TakenLesson
from ..graph import CourseGraph, graphs_of
from . import words
from .knowledge import Knowledge, knowledge_of


@dataclass(frozen=True)
class LessonStep:
    """A lesson on the path. `state` is what it asks for: one that was taken all the same asks to be
    learnt. `is_back`: it was skipped, and the check showed that it isn't known."""

    lesson: Lesson
    state: State
    why: str
    minutes: int
    number: int  # in the order of the course
    is_done: bool = False
    is_taken: bool = False
    is_back: bool = False
    gain: float = 0.0  # as the engine counts it

    @property
    def is_ahead(self) -> bool:
        """Whether it is still to be worked through."""
        return self.is_back or (not self.is_done and self.state != State.SKIP)

    @property
    def is_skipped(self) -> bool:
        return self.state == State.SKIP and not self.is_done


@dataclass(frozen=True)
class CoursePath:
    """`steps` are all lessons of the course, in the order of the path."""

    course: Course
    seat: Enrollment
    graph: CourseGraph
    knowledge: Mapping[int, Knowledge]
    steps: Sequence[LessonStep]

    @cached_property
    def ahead(self) -> list[LessonStep]:
        return [step for step in self.steps if step.is_ahead]

    @cached_property
    def skipped(self) -> list[LessonStep]:
        return [step for step in self.steps if step.is_skipped]

    @cached_property
    def done(self) -> list[LessonStep]:
        return [step for step in self.steps if step.is_done and not step.is_back]

    @property
    def minutes_left(self) -> int:
        return sum(step.minutes for step in self.ahead)

    @property
    def minutes_saved(self) -> int:
        return sum(step.minutes for step in self.skipped)

    @property
    def has_concepts(self) -> bool:
        return bool(self.graph.concepts)

    @cached_property
    def known(self) -> dict[int, Known]:
        return {pk: found.known for pk, found in self.knowledge.items()}

    @cached_property
    def names(self) -> dict[int, str]:
        return {concept.pk: concept.name for concept in self.graph.concepts}

    def step_of(self, lesson_id: int) -> LessonStep | None:
        return next((step for step in self.steps if step.lesson.pk == lesson_id), None)


def courses_learnt_by(student: Any) -> QuerySet[Course]:
    """Those that the student has an open seat in."""
    seats = Enrollment.objects.of(student).open().values("course_id")
    return Course.objects.filter(pk__in=seats).with_card()


def path_of(student: Any, course: Course, at: datetime) -> list[LessonStep]:
    """The lessons of a course that the student has an open seat in; else none."""
    found = way_through(student, course, at)
    return list(found.steps) if found else []


def way_through(student: Any, course: Course, at: datetime) -> CoursePath | None:
    seat = enrollment.seat_of(student, course.pk)
    if seat is None:
        return None
    seat.course = course
    return way_on(student, seat, at)


def way_on(student: Any, seat: Enrollment, at: datetime) -> CoursePath:
    """`way_through` for who has the student's open seat already, with its course."""
    return _paths(student, [seat], at)[0]


def has_concepts(course: Course) -> bool:
    """Whether the path can be more than the teacher's order."""
    return bool(_any_concept(course=course.pk))


_any_concept = compiled(
    lambda course: Concept.objects.filter(course_id=course).values_list("pk", flat=True)[:1]
)


def lesson_ahead(student: Any, course: Course, at: datetime) -> int | None:
    """Where the path goes on; None at its end, and where the course names no concepts."""
    way = way_through(student, course, at) if has_concepts(course) else None
    return way.ahead[0].lesson.pk if way and way.ahead else None


def paths_of(student: Any, at: datetime) -> list[CoursePath]:
    """Through every course with an open seat, the one that was learnt in last first."""
    return _paths(student, enrollment.open_seats_of(student), at)


def _paths(student: Any, seats: Sequence[Enrollment], at: datetime) -> list[CoursePath]:
    """As many queries for many courses as for one; fewer where none of them names concepts."""
    courses = [seat.course_id for seat in seats]
    if not courses:
        return []
    every = _lessons(courses=courses)
    lessons: dict[int, list[Lesson]] = {course: [] for course in courses}
    for lesson in every:
        lessons[lesson.course_id].append(lesson)
    graphs = graphs_of(courses, every)
    named = [course for course in courses if graphs[course].concepts]
    knowledge = knowledge_of(student, named, at) if named else {}
    taken = set(_taken(student=student.pk, courses=named)) if named else set()
    skipped = _skipped_by_test(student, named) if named else {}
    done = enrollment.lessons_completed_on(seats)
    chance = _learning_chance(student)
    return [
        CoursePath(
            course=seat.course,
            seat=seat,
            graph=graphs[seat.course_id],
            knowledge={
                concept.pk: knowledge[concept.pk]
                for concept in graphs[seat.course_id].concepts
                if concept.pk in knowledge
            },
            steps=_Way(
                lessons[seat.course_id],
                graphs[seat.course_id],
                knowledge,
                done=done,
                taken=taken,
                skipped=skipped.get(seat.course_id, frozenset()),
                chance=chance,
            ).steps(),
        )
        for seat in seats
    ]


def _skipped_by_test(student: Any, courses: Sequence[int]) -> dict[int, frozenset[int]]:
    """The concepts that the last finished pre-test of each course found known."""
    return {
        course: frozenset(concept for concept, _before, _after, skip in findings if skip)
        for course, findings in _tests(student=student.pk, courses=courses)
    }


def _learning_chance(student: Any) -> float:
    """By the quizzes that the student took so far, in whatever course."""
    tried = dict(_tried(student=student.pk))
    return engine.learning_chance(sum(map(bool, tried.values())), len(tried))


_lessons = compiled(
    lambda courses: Lesson.objects.filter(any_of("course", courses)).without_content().in_order()
)
_taken = compiled(
    lambda student, courses: TakenLesson.objects.filter(
        any_of("lesson__course", courses), student_id=student
    ).values_list("lesson_id", flat=True)
)
_tests = compiled(
    lambda student, courses: (
        Pretest.objects.filter(
            any_of("course", courses), student_id=student, finished_at__isnull=False
        )
        .order_by("finished_at", "pk")
        .values_list("course_id", "findings")
    )
)
# each quiz that was tried, and whether it was ever passed
_tried = compiled(
    lambda student: (
        Attempt.objects.filter(student_id=student, submitted_at__isnull=False)
        .values("quiz")
        .annotate(was_passed=BoolOr("passed"))
        .order_by()
        .values_list("quiz", "was_passed")
    )
)


class _Way:
    """One course while its path is made."""

    def __init__(
        self,
        lessons: Sequence[Lesson],
        graph: CourseGraph,
        knowledge: Mapping[int, Knowledge],
        *,
        done: set[int],
        taken: set[int],
        skipped: frozenset[int],
        chance: float,
    ) -> None:
        self.lessons = {lesson.pk: lesson for lesson in lessons}
        self.numbers = {lesson.pk: number for number, lesson in enumerate(lessons, start=1)}
        self.graph = graph
        self.known = {
            concept.pk: knowledge[concept.pk].known
            for concept in graph.concepts
            if concept.pk in knowledge
        }
        self.names = {concept.pk: concept.name for concept in graph.concepts}
        self.done, self.taken, self.skipped = done, taken, skipped
        self.chance = chance
        self.nodes = [self._node(lesson) for lesson in lessons]

    def steps(self) -> list[LessonStep]:
        return [self._step(node) for node in engine.in_order(self.nodes, self.known, self.chance)]

    def _node(self, lesson: Lesson) -> engine.Lesson:
        taught = self.graph.taught.get(lesson.pk, ())
        return engine.Lesson(
            id=lesson.pk,
            minutes=lesson.duration_minutes,
            concepts=taught,
            needs=self._beside(taught, self.graph.needs),
            children=len(self._beside(taught, self.graph.opens)),
        )

    @staticmethod
    def _beside(taught: Sequence[int], near: Mapping[int, Iterable[int]]) -> tuple[int, ...]:
        """The neighbours of a lesson's concepts that it doesn't teach itself."""
        found = dict.fromkeys(other for concept in taught for other in near.get(concept, ()))
        return tuple(concept for concept in found if concept not in taught)

    def _step(self, node: engine.Lesson) -> LessonStep:
        lesson = self.lessons[node.id]
        state = engine.state_of([self._believed(concept) for concept in node.concepts])
        gone = self._gone(node)
        is_done, is_back = lesson.pk in self.done, bool(gone)
        is_taken = state == State.SKIP and not is_done and lesson.pk in self.taken
        return LessonStep(
            lesson=lesson,
            state=State.LEARN if is_taken else state,
            why=self._why(node, state, is_done=is_done, is_taken=is_taken, gone=gone),
            minutes=lesson.duration_minutes,
            number=self.numbers[lesson.pk],
            is_done=is_done,
            is_taken=is_taken,
            is_back=is_back,
            gain=engine.lesson_gain(node, self.known, self.chance),
        )

    def _believed(self, concept: int) -> Known:
        """What the pre-test skipped stays skipped until its check brings it back: one slip of who
        knew it when tested is no proof of the contrary."""
        known = self.known.get(concept, Known())
        if concept in self.skipped and not engine.comes_back(known.m):
            return replace(known, m=max(known.m, SKIP_FROM), witnessed=True)
        return known

    def _gone(self, node: engine.Lesson) -> list[int]:
        return [
            concept
            for concept in node.concepts
            if concept in self.skipped
            and concept in self.known
            and engine.comes_back(self.known[concept].m)
        ]

    # ── Reasons ───────────────────────────────────────────────────────────────────────────────
    def _why(
        self,
        node: engine.Lesson,
        state: State,
        *,
        is_done: bool,
        is_taken: bool,
        gone: Sequence[int],
    ) -> str:
        if gone:
            return words.came_back([self.names[concept] for concept in gone])
        if not self.graph.taught:
            return words.done() if is_done else words.teachers_order()
        if state == State.REVIEW:
            return self._faded(node)
        if is_done:
            return words.done()
        if not node.concepts:
            return words.no_concepts()
        if state == State.SKIP:
            return self._known(node, is_taken)
        return " ".join(filter(None, [self._to_learn(node), words.opens(self._opened(node))]))

    def _faded(self, node: engine.Lesson) -> str:
        faded = [one for one in node.concepts if self.known[one].recall < engine.FADED]
        faded.sort(key=lambda concept: self.known[concept].shown)
        return words.faded([self.names[one] for one in faded], self.known[faded[0]].shown)

    def _known(self, node: engine.Lesson, is_taken: bool) -> str:
        count = len(node.concepts)
        if is_taken:
            return words.taken(count)
        tested = sum(concept in self.skipped for concept in node.concepts)
        return words.known_in_test(tested, count) if tested else words.known(count)

    def _to_learn(self, node: engine.Lesson) -> str:
        """What stands between the student and skipping it."""
        count = len(node.concepts)
        seen = [concept for concept in node.concepts if concept in self.known]
        held = [concept for concept in seen if self.known[concept].m >= SKIP_FROM]
        if not seen:
            return words.new()
        if held:
            return words.partly_known(len(held), count)
        best = max(seen, key=lambda concept: self.known[concept].shown)
        return words.begun(self.names[best], self.known[best].shown)

    def _opened(self, node: engine.Lesson) -> int:
        """How many open lessons need this one's concepts."""
        waiting = {
            lesson
            for concept in self._beside(node.concepts, self.graph.opens)
            for lesson in self.graph.lessons.get(concept, ())
        }
        return len(waiting - self.done - {node.id})
