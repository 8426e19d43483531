"""The path through a course: what each lesson asks for, in which order, and the one next step.

Every candidate is worth what it adds to knowledge that is still there in 30 days, per minute. All
gains are in concepts (1 = one concept surely known and surely recalled then), all times in minutes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from . import graph
from .credit import FADED
from .graph import Exercises
from .mastery import P0
from .pretest import SKIP_FROM
from .trace import FIRST_STABILITY, Trace, recall, retrievability, stability_after

HORIZON = 30  # days
LEAST_STABILITY = 0.5  # after a failure, with the relearning that follows
OVERHEAD = 1.5  # minutes that a lesson takes beside reading
REVIEW_MINUTES = 0.25
OPENS = 0.1  # what each concept that waits for it adds to a lesson's worth
LEARNT, TRIED = 6, 10  # lessons learnt of lessons tried, before any were seen
UNREADY = 0.5  # what a wholly missing prerequisite takes from a lesson
COMES_BACK = 0.35  # a skipped concept that falls below is learnt after all
REFRESH_HOPS, REFRESH_MINUTES = 2, 2.0


class State(StrEnum):
    """What a lesson asks for."""

    LEARN = "learn"
    REVIEW = "review"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Known:
    """A concept as the path sees it: m, recall now, and whether a right answer stands behind it."""

    m: float = P0
    recall: float = 1.0
    witnessed: bool = False

    @property
    def shown(self) -> float:
        return self.m * self.recall


@dataclass(frozen=True, slots=True)
class Lesson:
    """`concepts` are taught here; `needs` are the concepts these need; `children` need these."""

    id: int
    minutes: float
    concepts: tuple[int, ...] = ()
    needs: tuple[int, ...] = ()
    children: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to do next; `reason` is the numbers from which the page makes its sentence."""

    what: str  # "review", "refresh", "lesson"
    gain: float
    minutes: float
    ids: tuple[int, ...] = ()
    reason: Mapping[str, float] = field(default_factory=dict)

    @property
    def worth(self) -> float:
        """Gain per minute."""
        return self.gain / max(self.minutes, 0.05)


# ── Gains ─────────────────────────────────────────────────────────────────────────────────────
def review_gain(m: float, trace: Trace, at: datetime, horizon: float = HORIZON) -> float:
    """What asking a card now adds: it is recalled and lasts longer, or is relearnt, or is left."""
    now = recall(trace, at)
    good, again = stability_after(trace, at)
    left = recall(trace, at + timedelta(days=horizon))
    asked = now * retrievability(good, horizon) + (1 - now) * retrievability(
        max(again, LEAST_STABILITY), horizon
    )
    return m * (asked - left)


def readiness(needs: Iterable[Known]) -> float:
    """How far the prerequisites allow a lesson to be learnt, in (0, 1]."""
    ready = 1.0
    for known in needs:
        ready *= 1 - UNREADY * (1 - known.shown)
    return ready


def learning_chance(passed: int, tried: int) -> float:
    """The chance that this student learns from a lesson, by those tried so far."""
    return (LEARNT + passed) / (TRIED + tried)


def concept_gain(m: float, chance: float, ready: float, children: int) -> float:
    """What a lesson adds to one concept that it teaches."""
    kept = retrievability(FIRST_STABILITY, HORIZON)
    return (1 - m) * chance * ready * kept * (1 + OPENS * children)


def lesson_gain(lesson: Lesson, known: Mapping[int, Known], chance: float) -> float:
    """The sum over its concepts; a lesson without any counts as one that nothing is known of."""
    ready = readiness(known.get(concept, Known()) for concept in lesson.needs)
    taught = [known.get(concept, Known()).m for concept in lesson.concepts] or [P0]
    return sum(concept_gain(m, chance, ready, lesson.children) for m in taught)


def lesson_minutes(lesson: Lesson) -> float:
    return lesson.minutes + OVERHEAD


# ── Lessons ───────────────────────────────────────────────────────────────────────────────────
def state_of(concepts: Sequence[Known]) -> State:
    """What a lesson of these concepts asks for."""
    if not concepts or any(known.m < SKIP_FROM for known in concepts):
        return State.LEARN
    if any(known.recall < FADED for known in concepts):
        return State.REVIEW
    return State.SKIP if all(known.witnessed for known in concepts) else State.LEARN


def comes_back(m: float) -> bool:
    """Whether a skipped concept turned out unknown at its check."""
    return m < COMES_BACK


def in_order(lessons: Sequence[Lesson], known: Mapping[int, Known], chance: float) -> list[Lesson]:
    """The lessons, each after those that teach what it needs, else by gain per minute.

    A concept is taught by the first lesson that names it. A course without concepts keeps the
    teacher's order.
    """
    if not any(lesson.concepts for lesson in lessons):
        return list(lessons)
    teacher: dict[int, int] = {}
    for lesson in lessons:
        for concept in lesson.concepts:
            teacher.setdefault(concept, lesson.id)
    needs = {
        lesson.id: [teacher[concept] for concept in lesson.needs if concept in teacher]
        for lesson in lessons
    }
    rank = {
        lesson.id: (-lesson_gain(lesson, known, chance) / lesson_minutes(lesson), place)
        for place, lesson in enumerate(lessons)
    }
    by_id = {lesson.id: lesson for lesson in lessons}
    return [by_id[number] for number in graph.ordered(by_id, needs, rank.__getitem__)]


# ── The next step ─────────────────────────────────────────────────────────────────────────────
def next_step(candidates: Iterable[Candidate]) -> Candidate | None:
    """The one that gains most per minute; of equals the first given."""
    return max(candidates, key=lambda one: one.worth, default=None)


def to_refresh(
    concepts: Iterable[int],
    exercises: Exercises,
    known: Mapping[int, Known],
    minutes: float = REVIEW_MINUTES,
) -> list[int]:
    """Faded prerequisites of a lesson's concepts, the worst first, as many as two minutes allow.

    `exercises` as `graph.exercised(edges, REFRESH_HOPS)` gives it. A concept without a memory trace
    was never practised: it is for learning, not for refreshing.
    """
    needed = {needed for concept in concepts for needed in exercises.get(concept, ())}
    weak = [concept for concept in needed if concept in known and known[concept].recall < FADED]
    weak.sort(key=lambda concept: (known[concept].recall, concept))
    return weak[: int(REFRESH_MINUTES / minutes)]
