"""Refresh before you need it: two minutes on what a lesson builds on and has faded, and on checks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from apps.courses.models import Lesson
from apps.enrollment import selectors as enrollment

from ...engine import graph
from ...engine import path as engine
from ...engine.trace import Trace, recall
from ...models import (
    Attempt,
    Card,
    LessonConcept,
    Mastery,
    PretestAnswer,
    Question,
    QuestionConcept,
    Quiz,
    RefreshItem,
)
from .. import tags
from ..memory import seconds_per_review
from . import words
from .courses import CoursePath, way_through
from .knowledge import Knowledge, knowledge_at

QUESTION_MINUTES = 0.5
MOST_QUESTIONS = 200  # read to choose from


@dataclass(frozen=True)
class Wanted:
    """A concept to be asked for: faded, or skipped by the pre-test and not yet checked."""

    concept_id: int
    name: str
    knowledge: Knowledge
    is_check: bool = False

    @property
    def level(self) -> int:
        return int(self.knowledge.level)


@dataclass(frozen=True)
class Ask:
    """One thing to ask: a card of the student's, or a question."""

    wanted: Wanted
    minutes: float
    card_id: int | None = None
    question: Question | None = None


@dataclass(frozen=True)
class RefreshSet:
    """At most two minutes, the most faded first."""

    lesson: Lesson
    asks: Sequence[Ask]

    @property
    def wanted(self) -> list[Wanted]:
        return list({ask.wanted.concept_id: ask.wanted for ask in self.asks}.values())

    @property
    def minutes(self) -> float:
        return sum(ask.minutes for ask in self.asks)

    @property
    def minutes_shown(self) -> int:
        return max(1, ceil(self.minutes))

    @property
    def names(self) -> str:
        return words.listed([one.name for one in self.wanted])

    @property
    def is_check(self) -> bool:
        return all(one.is_check for one in self.wanted)


def refresh_before(student: Any, lesson: Lesson, at: datetime) -> RefreshSet | None:
    """None when nothing has faded, when nothing could be asked, or without an open seat."""
    way = way_through(student, lesson.course, at)
    return refreshes(student, [(way, lesson)], at)[0] if way else None


def refreshes(
    student: Any,
    places: Sequence[tuple[CoursePath, Lesson]],
    at: datetime,
    seconds: float | None = None,
) -> list[RefreshSet | None]:
    """What to refresh before each of these lessons; as many queries for many as for one.

    `seconds` is what a review takes the student, for who knows that already.
    """
    if not places:
        return []
    minutes = (seconds or seconds_per_review(student)) / 60
    elsewhere = _practised_elsewhere(student, places, at)
    wanted = [_wanted(way, lesson, elsewhere, minutes) for way, lesson in places]
    every = [one for each in wanted for one in each]
    cards = _askable_cards(student, every) if every else set()
    unasked = {one.concept_id for one in every if one.is_check or not _behind(one, cards)}
    questions = _questions(student, unasked) if unasked else {}
    found = []
    for (_way, lesson), each in zip(places, wanted, strict=True):
        asks = _chosen(each, cards, questions, minutes, at)
        found.append(RefreshSet(lesson, asks) if asks else None)
    return found


# ── What has faded ────────────────────────────────────────────────────────────────────────────
Elsewhere = Mapping[str, tuple[int, Knowledge]]


def _wanted(way: CoursePath, lesson: Lesson, elsewhere: Elsewhere, minutes: float) -> list[Wanted]:
    """Faded prerequisites, then the checks that wait in the course."""
    names = {concept.pk: concept.name for concept in way.graph.concepts}
    found = {pk: one for pk, one in way.knowledge.items() if one.concept.trace is not None}
    sources = {pk: pk for pk in found}
    for pk, name in names.items():
        if pk not in found and name.casefold() in elsewhere:
            sources[pk], found[pk] = elsewhere[name.casefold()]
    faded = engine.to_refresh(
        way.graph.taught.get(lesson.pk, ()),
        _reach(way),
        {pk: one.known for pk, one in found.items()},
        minutes,
    )
    checks = [pk for pk, one in way.knowledge.items() if one.waits_for_check]
    checks.sort(key=lambda pk: (way.knowledge[pk].recall, pk))
    return [
        Wanted(sources[pk], names[pk], found[pk], is_check=found[pk].waits_for_check)
        for pk in dict.fromkeys([*faded, *checks])
    ]


def _reach(way: CoursePath) -> graph.Exercises:
    return graph.exercised(way.graph.edges, engine.REFRESH_HOPS)


def _practised_elsewhere(
    student: Any, places: Iterable[tuple[CoursePath, Lesson]], at: datetime
) -> Elsewhere:
    """What lessons build on and the student practised in another course only, by its name there."""
    missing = {
        way.names[pk].casefold()
        for way, lesson in places
        for concept in way.graph.taught.get(lesson.pk, ())
        for pk in _reach(way).get(concept, ())
        if pk in way.names and pk not in way.knowledge
    }
    if not missing:
        return {}
    rows = (
        Mastery.objects.visible_to(student)
        .filter(stability__isnull=False)
        .annotate(name=Lower("concept__name"))
        .filter(name__in=missing)
        .order_by("last", "pk")
    )
    return {row.name: (row.concept_id, knowledge_at(row.known, at)) for row in rows}


# ── What to ask ───────────────────────────────────────────────────────────────────────────────
def _chosen(
    wanted: Sequence[Wanted],
    cards: Collection[int],
    questions: Mapping[int, Sequence[Question]],
    minutes: float,
    at: datetime,
) -> list[Ask]:
    """One for each concept, the worst first, then its further cards, while two minutes last."""
    queues = [_queue(one, cards, questions.get(one.concept_id, ()), minutes, at) for one in wanted]
    chosen: list[Ask] = []
    asked: set[int] = set()
    spent = 0.0
    for turn in range(max(map(len, queues), default=0)):
        for queue in queues:
            ask = queue[turn] if turn < len(queue) else None
            if ask is None or (ask.question is not None and ask.question.pk in asked):
                continue
            if chosen and spent + ask.minutes > engine.REFRESH_MINUTES:
                return chosen
            chosen.append(ask)
            spent += ask.minutes
            asked |= {ask.question.pk} if ask.question is not None else set()
    return chosen


def _queue(
    wanted: Wanted,
    cards: Collection[int],
    questions: Sequence[Question],
    minutes: float,
    at: datetime,
) -> list[Ask]:
    """Its cards, the most faded first; without any, or for a check, a question."""
    recalls = {pk: recall(trace, at) for pk, trace in _behind(wanted, cards).items()}
    order = sorted(recalls, key=lambda pk: (recalls[pk], pk))
    by_card = [Ask(wanted, minutes, card_id=pk) for pk in order]
    by_question = [Ask(wanted, QUESTION_MINUTES, question=one) for one in questions[:1]]
    return by_question or by_card if wanted.is_check else by_card or by_question


def _behind(wanted: Wanted, cards: Collection[int]) -> dict[int, Trace]:
    """What its cards that may be asked left in memory."""
    return {pk: trace for pk, trace in wanted.knowledge.concept.cards.items() if pk in cards}


def _askable_cards(student: Any, wanted: Iterable[Wanted]) -> set[int]:
    """The cards that stand behind what is known of the concepts, and may be asked."""
    ids = {pk for one in wanted for pk in one.knowledge.concept.cards}
    found = Card.objects.visible_to(student).filter(pk__in=ids, suspended_at=None)
    return set(found.values_list("pk", flat=True)) if ids else set()


def _questions(student: Any, concepts: Collection[int]) -> dict[int, list[Question]]:
    """Questions about each concept, those longest not asked first."""
    own = QuestionConcept.objects.filter(concept__in=concepts).values("question")
    lessons = LessonConcept.objects.filter(concept__in=concepts).values("lesson")
    last = RefreshItem.objects.filter(refresh__student=student, question=OuterRef("pk"))
    tested = PretestAnswer.objects.filter(pretest__student=student, question=OuterRef("pk"))
    rows = (
        Question.objects.approved()
        .filter(quiz__in=_quizzes_to_ask_from(student).values("pk"))
        .filter(Q(pk__in=own) | Q(lesson__in=lessons) | Q(quiz__lesson__in=lessons))
        .annotate(
            asked=last.order_by().values("question").annotate(at=Max("refresh_id")).values("at"),
            tested=Exists(tested),
        )
        .select_related("current")
        .in_order()
    )
    found = list(rows[:MOST_QUESTIONS])
    found.sort(key=lambda question: (question.asked or 0, question.tested))  # type: ignore[attr-defined]
    about = tags.concepts_of_questions([question.pk for question in found])
    by_concept: dict[int, list[Question]] = {}
    for question in found:
        for concept in about.get(question.pk, ()):
            by_concept.setdefault(concept, []).append(question)
    return by_concept


def may_be_asked(student: Any, question: Question) -> bool:
    """Whether what is right in it may be told to the student now."""
    return _quizzes_to_ask_from(student).filter(questions=question).exists()


def _quizzes_to_ask_from(student: Any) -> QuerySet[Quiz]:
    """Published ones open to the student. What is right is told at once, so none whose tries are
    counted, and none that is being taken."""
    readable = enrollment.lessons_open_to(student)
    under_way = Attempt.objects.filter(student=student, submitted_at=None, quiz=OuterRef("pk"))
    return Quiz.objects.published().filter(
        ~Exists(under_way), attempts_limit=None, lesson__in=readable.values("pk")
    )
