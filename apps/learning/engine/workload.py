"""What keeping cards at another retention would cost: a small simulation over the cards there are."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import fsrs

from .memory import AGAIN, GOOD, REVIEW, Memory, graded, retrievability


@dataclass(frozen=True)
class Expected:
    """Per day, over the days that were simulated."""

    reviews: float
    lapses: float


def expected_work(
    cards: Sequence[tuple[int, Memory]], at: datetime, by: fsrs.Scheduler, days: int
) -> Expected:
    """How often these cards, by id, would be asked.

    Each is asked when it is due and remembered as often as FSRS says; a card's luck depends on its
    id alone, so that two retentions are compared on the same throws.
    """
    ends = at + timedelta(days=days)
    reviews = lapses = 0
    for key, memory in cards:
        luck = random.Random(key)  # noqa: S311
        moment = max(at, memory.due)
        while moment < ends:
            chance = retrievability(memory, moment, by)
            remembered = chance is None or memory.state != REVIEW or luck.random() < chance
            memory = graded(memory, GOOD if remembered else AGAIN, moment, by)
            reviews += 1
            lapses += not remembered
            moment = memory.due
    return Expected(reviews=reviews / days, lapses=lapses / days)
