"""Pre-tests: who may see them, what they may ask, what they found."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db.models import F, Func, IntegerField, Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.errors import Conflict
from apps.courses.models import Course, Lesson
from apps.enrollment import selectors as enrollment
from apps.enrollment.models import Enrollment

from ..engine.mastery import DIFFICULTY, Level, guess_of, level_of
from ..engine.pretest import (
    PLAIN_LAMBDA,
    SKIP_FROM,
    UNKNOWN_GUESS,
    USUAL_SHARE,
    Reply,
    most_questions,
)
from ..engine.pretest import Question as Askable
from ..models import Concept, Pretest, PretestAnswer, PretestFactor, Question, TakenLesson
from .graph import CourseGraph, graph_of
from .path.words import unproved
from .tags import concepts_of_questions

ENOUGH = 0.5  # of the questions that a test may ask there have to be, before it is offered
MINUTES_A_QUESTION = 0.5
NAMED = 2  # prerequisites that a reason names
HALF = 0.5


# ── Tests ─────────────────────────────────────────────────────────────────────────────────────
def pretests_open_to(user: Any) -> QuerySet[Pretest]:
    """The person's own: finished ones for good, those under way while there is a seat."""
    seats = Enrollment.objects.of(user).open().values("course_id")
    mine = Pretest.objects.visible_to(user).select_related("course")
    return mine.filter(Q(finished_at__isnull=False) | Q(course_id__in=seats))


def open_pretest(student: Any, course: Course) -> Pretest | None:
    return (
        Pretest.objects.visible_to(student)
        .filter(course=course, finished_at=None, abandoned_at=None)
        .select_related("course")
        .first()
    )


def last_finished(student: Any, course: Course) -> Pretest | None:
    done = Pretest.objects.visible_to(student).filter(course=course, finished_at__isnull=False)
    return done.order_by("-finished_at").first()


def open_question(pretest: Pretest) -> PretestAnswer | None:
    """The question that waits for its answer; None when the test is over."""
    return pretest.answers.filter(answered_at=None).select_related("version").first()


def reply_of(row: PretestAnswer) -> Reply:
    """The stored answer as the engine takes it."""
    guess = UNKNOWN_GUESS if row.given is None else row.guess
    return Reply(
        row.question_id, row.concept_id, bool(row.is_right), guess, row.difficulty, row.hasty
    )


def factor_of(course_id: int) -> float:
    """λ for new tests of the course."""
    learnt = PretestFactor.objects.filter(course=course_id).values_list("factor", flat=True).first()
    return PLAIN_LAMBDA if learnt is None else learnt


# ── Questions ─────────────────────────────────────────────────────────────────────────────────
def askable_questions(course_id: int, concepts: Collection[int]) -> list[Askable]:
    """What a test may ask about the concepts: what the published quizzes of the course ask now.

    A question about several concepts stands for each of them; which one it is asked for is the
    test's choice. Those about one alone come first.
    """
    options = Func(
        F("current__body__options"), function="jsonb_array_length", output_field=IntegerField()
    )
    rows = (
        Question.objects.approved()
        .filter(course=course_id, quiz__published_at__isnull=False, quiz__lesson__isnull=False)
        .annotate(options=options)
        .order_by("pk")
        .values_list("pk", "current__kind", "options", "difficulty", "measured_difficulty")
    )
    found = {row[0]: row for row in rows}
    tags = concepts_of_questions(found.keys())
    askable = [
        (len(about), Askable(pk, concept, guess_of(kind, count or 0), _hardness(label, measured)))
        for pk, kind, count, label, measured in found.values()
        for about in [tags.get(pk, ())]
        for concept in about
        if concept in concepts
    ]
    return [question for _count, question in sorted(askable, key=lambda each: each[0])]


def _hardness(label: str, measured: float | None) -> float:
    return DIFFICULTY[label] if measured is None else measured


@dataclass(frozen=True)
class Length:
    """What a test usually takes."""

    questions: int

    @property
    def minutes(self) -> int:
        return max(1, round(self.questions * MINUTES_A_QUESTION))


@dataclass(frozen=True)
class Offer:
    """A test that is worth offering; `is_open`: it is under way."""

    length: Length
    is_open: bool


def offer_of(student: Any, course: Course) -> Offer | None:
    """For a seat with lessons left and no test taken or declined, where there is enough to ask."""
    seat = enrollment.seat_of(student, course.pk)
    if seat is None or seat.is_completed:
        return None
    past = list(Pretest.objects.visible_to(student).filter(course=course))
    if any(each.finished_at or each.abandoned_at for each in past):
        return None
    length = length_of(course)
    return Offer(length, is_open=bool(past)) if length else None


def length_of(course: Course) -> Length | None:
    """None when there is too little to ask to tell something."""
    concepts = set(Concept.objects.filter(course=course).values_list("pk", flat=True))
    if not concepts:
        return None
    most = most_questions(len(concepts), factor_of(course.pk))
    there = len({question.id for question in askable_questions(course.pk, concepts)})
    return Length(min(there, ceil(USUAL_SHARE * most))) if there >= ENOUGH * most else None


# ── Result ────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class FoundConcept:
    """A concept as the test found it; `known` is its probability."""

    id: int
    name: str
    known: float
    level: Level
    skip: bool


@dataclass(frozen=True)
class FoundLesson:
    """A lesson not yet done: whether it can be skipped, why, and whether it is taken all the same."""

    lesson: Lesson
    skip: bool
    is_taken: bool
    why: str

    @property
    def is_skipped(self) -> bool:
        return self.skip and not self.is_taken


@dataclass(frozen=True)
class PretestResult:
    pretest: Pretest
    concepts: list[FoundConcept]
    lessons: list[FoundLesson]
    total: int
    asked: int
    unknown: int  # answers "I don't know"

    @property
    def looks_random(self) -> bool:
        return self.pretest.looks_random

    @property
    def skipped(self) -> list[FoundLesson]:
        return [each for each in self.lessons if each.is_skipped]

    @property
    def left(self) -> list[FoundLesson]:
        return [each for each in self.lessons if not each.is_skipped]

    @property
    def known(self) -> list[str]:
        return [each.name for each in self.concepts if each.skip]

    @property
    def new(self) -> list[str]:
        return [each.name for each in self.concepts if each.level <= Level.LEARNING]

    @property
    def minutes_saved(self) -> int:
        return sum(each.lesson.duration_minutes for each in self.skipped)

    @property
    def minutes_left(self) -> int:
        return sum(each.lesson.duration_minutes for each in self.left)


@dataclass
class _Tally:
    """The answers that fell on the concepts of a lesson."""

    asked: int = 0
    right: int = 0
    unknown: int = 0


def result_of(pretest: Pretest) -> PretestResult:
    """What a finished test found, of the concepts and lessons that the course still has.

    Lessons that are done are counted and not listed. Raises Conflict while it is under way.
    """
    if pretest.finished_at is None:
        raise Conflict(_("This pre-test isn’t finished yet."))
    graph = graph_of(pretest.course_id)
    findings = {int(concept): (after, skip) for concept, _was, after, skip in pretest.findings}
    answers = list(pretest.answers.all())
    lessons = list(Lesson.objects.filter(course=pretest.course_id).in_order().defer("content"))
    seat = enrollment.seat_of(pretest.student, pretest.course_id)
    done = enrollment.completed_lesson_ids(seat) if seat else set()
    taken = set(
        TakenLesson.objects.filter(
            student=pretest.student_id, lesson__course=pretest.course_id
        ).values_list("lesson_id", flat=True)
    )
    skippable = {
        lesson
        for lesson, about in graph.taught.items()
        if all(findings.get(concept, (0.0, False))[1] for concept in about)
    }
    return PretestResult(
        pretest=pretest,
        concepts=[
            FoundConcept(concept.pk, concept.name, after, level, skip)
            for concept in graph.concepts
            if concept.pk in findings
            for after, skip in [findings[concept.pk]]
            for level in [level_of(after, mixed=False, held=False)]
        ],
        lessons=[
            FoundLesson(
                lesson,
                lesson.pk in skippable,
                lesson.pk in taken,
                _why(graph, lesson.pk, lesson.pk in skippable, answers, findings),
            )
            for lesson in lessons
            if lesson.pk not in done
        ],
        total=len(lessons),
        asked=len(answers),
        unknown=sum(row.given is None for row in answers),
    )


def _why(
    graph: CourseGraph,
    lesson: int,
    skip: bool,
    answers: Collection[PretestAnswer],
    findings: Mapping[int, tuple[float, bool]],
) -> str:
    about = graph.taught.get(lesson, ())
    if not about:
        return _("The test doesn’t speak of it.")
    tally = _tallied(about, answers)
    if tally.asked and tally.unknown == tally.asked:
        return _("You answered “I don’t know”.")
    if tally.asked:
        return _("%(right)s of %(asked)s right.") % {"right": tally.right, "asked": tally.asked}
    if skip:
        return _("You know what builds on it.")
    missing = _missing(graph, about, findings)
    if missing:
        return _("Needed first: %(names)s.") % {"names": ", ".join(missing[:NAMED])}
    if all(findings.get(concept, (0.0, False))[0] >= SKIP_FROM for concept in about):
        return unproved()
    return _("New to you, by what you answered elsewhere.")


def _missing(
    graph: CourseGraph, about: Collection[int], findings: Mapping[int, tuple[float, bool]]
) -> list[str]:
    """Names of what the concepts need and the test didn't find known."""
    needed = {other for concept in about for other in graph.needs.get(concept, ())} - set(about)
    return [
        concept.name
        for concept in graph.concepts
        if concept.pk in needed and findings.get(concept.pk, (0.0, False))[0] < HALF
    ]


def _tallied(about: Collection[int], answers: Collection[PretestAnswer]) -> _Tally:
    tally = _Tally()
    for row in answers:
        if row.concept_id in about:
            tally.asked += 1
            tally.right += bool(row.is_right)
            tally.unknown += row.given is None
    return tally
