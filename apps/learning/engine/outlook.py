"""What lies ahead of a card: when it returns if it is answered rightly from now on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import fsrs

from . import memory, trace
from .memory import Memory

SAME_DAY = timedelta(hours=12)  # a step within the study session, not a return


@dataclass(frozen=True)
class Return:
    """Days after the first answer; chances of recall, just before it is asked and had it never been
    asked since the first evening; `stability` after it was answered rightly."""

    at: datetime
    days: float
    recall: float
    unreviewed: float
    stability: float


@dataclass(frozen=True)
class Outlook:
    """`steps` are the pauses of the first evening; `stability` is what that evening leaves."""

    began: datetime
    steps: tuple[timedelta, ...]
    stability: float
    returns: tuple[Return, ...]


def outlook(first: int, at: datetime, by: fsrs.Scheduler, *, returns: int) -> Outlook:
    """A card whose first grade is `first`, and Good each time it is due, so many days ahead."""
    card = memory.graded(Memory(due=at), first, at, by)
    steps = []
    while card.due - _last(card) < SAME_DAY:
        steps.append(card.due - _last(card))
        card = memory.graded(card, memory.GOOD, card.due, by)
    evening = card
    found = []
    for _each in range(returns):
        due = card.due
        after = memory.graded(card, memory.GOOD, due, by)
        found.append(
            Return(
                at=due,
                days=(due - at) / memory.DAY,
                recall=_recall(card, due, by),
                unreviewed=_recall(evening, due, by),
                stability=after.stability or 0.0,
            )
        )
        card = after
    return Outlook(at, tuple(steps), evening.stability or 0.0, tuple(found))


def curve(
    outlook: Outlook, *, points: int
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """(days, chance of recall) from the first evening to the last return: with reviews, and without.

    A review lifts the first line straight up; between two the curves of FSRS fall.
    """
    kept: list[tuple[float, float]] = []
    begin, stability = 0.0, outlook.stability
    for each in outlook.returns:
        kept += _fall(begin, each.days, stability, points)
        kept.append((each.days, 1.0))
        begin, stability = each.days, each.stability
    return kept, _fall(0.0, begin, outlook.stability, points * 2)


def _fall(begin: float, end: float, stability: float, points: int) -> list[tuple[float, float]]:
    """Denser at its steep beginning."""
    span = end - begin
    passed = [span * (step / points) ** 2 for step in range(points + 1)]
    return [(begin + days, trace.retrievability(stability, days)) for days in passed]


def _last(card: Memory) -> datetime:
    assert card.last_review is not None
    return card.last_review


def _recall(card: Memory, at: datetime, by: fsrs.Scheduler) -> float:
    chance = memory.retrievability(card, at, by)
    assert chance is not None
    return chance
