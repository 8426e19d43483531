"""The one next step: of reviews, refreshing and lessons the one that gains most per minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import fmean
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.courses.models import Course, Lesson

from ...engine import path as engine
from ...engine.path import Candidate, State
from ...engine.trace import DECAY, FIRST_STABILITY, RETENTION, Trace, recall
from .. import tags
from ..cards import Due, DueCard, due_now
from ..memory import seconds_per_review
from ..schedule import Schedule
from . import words
from .courses import CoursePath, LessonStep, paths_of
from .knowledge import Knowledge, knowledge_of_concepts
from .refreshing import RefreshSet, refreshes

FIRST_DIFFICULTY = 5.0


@dataclass(frozen=True)
class NextStep:
    """`kind` is "review", "refresh", "lesson" or "finish"; `reason` as the state of a lesson."""

    kind: str
    title: str
    why: str
    url: str
    minutes: int
    reason: str
    course: Course | None = None
    lesson: Lesson | None = None


def next_step(student: Any, at: datetime) -> NextStep | None:
    """Over all courses with an open seat; None when there is nothing to do now."""
    return next_step_on(student, paths_of(student, at), due_now(student, at), at)


def next_step_on(
    student: Any, paths: Sequence[CoursePath], due: Due, at: datetime
) -> NextStep | None:
    """`next_step` for who has the paths and the due cards already."""
    seconds = seconds_per_review(student)
    offered = [
        *_reviews(student, paths, due, at, seconds),
        *_refreshes(student, paths, at, seconds),
        *(_lesson(way, way.ahead[0]) for way in paths if way.ahead),
        *(_finish(way) for way in paths if way.skipped and not way.ahead),
    ]
    best = engine.next_step(candidate for candidate, _step in offered)
    return next((step for candidate, step in offered if candidate is best), None)


Offer = tuple[Candidate, NextStep]


# ── Cards that are due ────────────────────────────────────────────────────────────────────────
def _reviews(
    student: Any, paths: Sequence[CoursePath], due: Due, at: datetime, seconds: float
) -> list[Offer]:
    cards, count = due.cards, due.count
    if not cards:
        return []
    traces = {card.pk: _trace(card, due.schedule) for card in cards}
    known = _known_of_cards(student, paths, cards, at)
    gains = [engine.review_gain(known[card.pk], traces[card.pk], at) for card in cards]
    minutes = count * seconds / 60
    faded = sum(recall(trace, at) < RETENTION for trace in traces.values())
    shown = max(1, ceil(minutes))
    step = NextStep(
        kind="review",
        title=ngettext("%(n)d card to review", "%(n)d cards to review", count) % {"n": count},
        why=words.due(faded, len(cards), is_all=count == len(cards)),
        url=reverse("learning:review"),
        minutes=shown,
        reason=State.REVIEW,
    )
    return [(Candidate("review", fmean(gains) * count, minutes), step)]


def _trace(card: DueCard, schedule: Schedule) -> Trace:
    """A card that was never graded was met when it was made."""
    decay = schedule.weights[20] if schedule.weights else DECAY
    if card.stability is None or card.difficulty is None or card.last_review is None:
        return Trace(FIRST_STABILITY, FIRST_DIFFICULTY, card.created_at, decay)
    return Trace(card.stability, card.difficulty, card.last_review, decay)


def _known_of_cards(
    student: Any, paths: Sequence[CoursePath], cards: Sequence[DueCard], at: datetime
) -> dict[int, float]:
    """How surely what each card is about is known; what no concept names is known by its card."""
    about = tags.concepts_of_notes({card.note_id for card in cards})
    found = {pk: known for way in paths for pk, known in way.knowledge.items()}
    on_paths = {concept.pk for way in paths for concept in way.graph.concepts}
    others = {concept for each in about.values() for concept in each} - on_paths
    if others:
        found |= knowledge_of_concepts(student, others, at)
    return {card.pk: _mean(found, about.get(card.note_id, ())) for card in cards}


def _mean(found: dict[int, Knowledge], concepts: Sequence[int]) -> float:
    known = [found[concept].concept.m for concept in concepts if concept in found]
    return fmean(known) if known else 1.0


# ── Refreshing ────────────────────────────────────────────────────────────────────────────────
def _refreshes(
    student: Any, paths: Sequence[CoursePath], at: datetime, seconds: float
) -> list[Offer]:
    """Before the next lesson of each course; where none is ahead, only what waits for its check."""
    places = [(way, lesson) for way in paths if (lesson := _refreshed_for(way))]
    sets = refreshes(student, places, at, seconds)
    return [
        _refresh(way, found, at)
        for (way, _lesson), found in zip(places, sets, strict=True)
        if found is not None
    ]


def _refreshed_for(way: CoursePath) -> Lesson | None:
    if way.ahead:
        return way.ahead[0].lesson
    waits = {pk for pk, one in way.knowledge.items() if one.waits_for_check}
    for step in way.steps:
        if waits.intersection(way.graph.taught.get(step.lesson.pk, ())):
            return step.lesson
    return None


def _refresh(way: CoursePath, found: RefreshSet, at: datetime) -> Offer:
    gain = 0.0
    for one in found.wanted:
        concept = one.knowledge.concept
        if concept.trace is not None:
            gain += engine.review_gain(concept.m, concept.trace, at)
    step = NextStep(
        kind="refresh",
        title=_("Refresh %(names)s") % {"names": found.names},
        why=words.check() if found.is_check else words.fades_before(found.lesson.title),
        url=reverse("learning:refresh", args=[way.course.slug, found.lesson.pk]),
        minutes=found.minutes_shown,
        reason=State.REVIEW,
        course=way.course,
        lesson=found.lesson,
    )
    return Candidate("refresh", gain, found.minutes), step


# ── Lessons ───────────────────────────────────────────────────────────────────────────────────
def _lesson(way: CoursePath, ahead: LessonStep) -> Offer:
    lesson = ahead.lesson
    step = NextStep(
        kind="lesson",
        title=lesson.title,
        why=ahead.why,
        url=reverse("learning:lesson", args=[way.course.slug, lesson.pk]),
        minutes=ahead.minutes,
        reason=ahead.state,
        course=way.course,
        lesson=lesson,
    )
    return Candidate("lesson", ahead.gain, ahead.minutes + engine.OVERHEAD), step


def _finish(way: CoursePath) -> Offer:
    """All that is left is known: one word ends the course."""
    count = len(way.skipped)
    step = NextStep(
        kind="finish",
        title=way.course.title,
        why=ngettext(
            "%(n)d lesson is left, and you know it: count it as done.",
            "%(n)d lessons are left, and you know them: count them as done.",
            count,
        )
        % {"n": count},
        url=reverse("learning:path", args=[way.course.slug]),
        minutes=1,
        reason=State.SKIP,
        course=way.course,
    )
    return Candidate("finish", 0.0, 1.0), step
