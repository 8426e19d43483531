"""Implicit practice: a success on an advanced concept postpones the cards that it exercises.

Only the due day moves. Stability, difficulty and the last review stay what FSRS made of the explicit
reviews, so that a card's history replays to the same state; and no card is put off beyond the day on
which its own chance of recall has fallen to the floor. Credit comes from explicit successes alone,
never from credit.

Source: the idea of fractional implicit repetition (Math Academy, "FIRe"); the linear rule with a
floor is our own, chosen in simulation (`docs/learning-model.md`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .graph import LEAST_WEIGHT
from .mastery import Answer, Kind
from .trace import RETENTION, Trace, interval, recall

DEPTH = 0.05  # how far below the desired retention credit may let recall fall
LEAST_FLOOR = 0.70
FRESH = 0.98  # above this recall practice is too early to count
SUCCESS = 0.8
TRUSTED = 0.5
FADED = 0.85  # below this recall a prerequisite is worth refreshing


@dataclass(frozen=True, slots=True)
class Held:
    """A card (or a concept's trace) waiting for its day.

    `own_due` is the day it was given by its last explicit review, placing included; `due` that day
    or a later one, by credit; `credit` in [0, 1] is what was earned since that review.
    """

    trace: Trace
    own_due: datetime
    due: datetime
    retention: float = RETENTION
    credit: float = 0.0


def floor_of(retention: float) -> float:
    """The chance of recall below which credit never lets a card fall."""
    return min(retention, max(retention - DEPTH, LEAST_FLOOR))


def earned(credit: float, weight: float, recalled: float, retention: float = RETENTION) -> float:
    """Credit after practice that exercises the card with that weight: early practice counts less."""
    if weight < LEAST_WEIGHT or recalled > FRESH:
        return credit
    ripeness = min(1.0, (1 - recalled) / (1 - retention))
    return min(1.0, credit + weight * ripeness)


def due_days(trace: Trace, credit: float, retention: float = RETENTION) -> int:
    """Whole days from the last review to the due day with that credit, at least 1."""
    target = retention - credit * (retention - floor_of(retention))
    return max(1, round(interval(trace.stability, target, trace.decay)))


def credited(held: Held, weight: float, at: datetime) -> Held:
    """The card after a success that exercises it; its due day never moves earlier."""
    credit = earned(held.credit, weight, recall(held.trace, at), held.retention)
    if credit == held.credit:
        return held
    due = held.trace.last + timedelta(days=due_days(held.trace, credit, held.retention))
    return replace(held, credit=credit, due=max(held.due, due))


def gives_credit(kind: Kind, answer: Answer, *, hints: int = 0) -> bool:
    """Whether an answer is success enough to count for what it exercises."""
    explicit = kind in (Kind.QUIZ, Kind.CARD, Kind.TUTOR)
    return explicit and answer.score >= SUCCESS and answer.weight >= TRUSTED and not hints


def is_saved(before: Held, after: Held) -> bool:
    """Whether this very credit hid the card beyond its own due day: counted once for each such day."""
    return before.due <= before.own_due < after.due


def faded(held: Iterable[Held], at: datetime) -> list[Held]:
    """Those that a failure on what needs them sends to be refreshed, the most faded first."""
    recalled = [(recall(one.trace, at), number, one) for number, one in enumerate(held)]
    return [one for chance, _number, one in sorted(recalled, key=lambda r: r[:2]) if chance < FADED]
