"""What a student still remembers and when to ask again: FSRS by py-fsrs, study days, placing.

Pure functions of their arguments, so that a log replays to the same state, bit for bit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import fsrs

LEARNING_STEPS = (timedelta(minutes=1), timedelta(minutes=10))
RELEARNING_STEPS = (timedelta(minutes=10),)
MAX_INTERVAL = 36_500  # days
DAY = timedelta(days=1)
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
RATINGS = {"again": AGAIN, "hard": HARD, "good": GOOD, "easy": EASY}
LEARNING, REVIEW, RELEARNING = 1, 2, 3
_RATINGS = {name: fsrs.Rating(rating) for name, rating in RATINGS.items()}


@dataclass(frozen=True)
class Memory:
    """A card as py-fsrs knows it; `due` is what it computed, before placing."""

    due: datetime
    state: int = LEARNING
    step: int | None = 0
    stability: float | None = None
    difficulty: float | None = None
    last_review: datetime | None = None


@lru_cache(maxsize=256)
def scheduler(retention: float, weights: tuple[float, ...] | None = None) -> fsrs.Scheduler:
    """py-fsrs as the platform uses it; without weights its own defaults hold."""
    return fsrs.Scheduler(
        parameters=weights or fsrs.scheduler.DEFAULT_PARAMETERS,
        desired_retention=retention,
        learning_steps=LEARNING_STEPS,
        relearning_steps=RELEARNING_STEPS,
        maximum_interval=MAX_INTERVAL,
        enable_fuzzing=False,
    )


def graded(memory: Memory, rating: int, at: datetime, by: fsrs.Scheduler) -> Memory:
    """The memory after a grade of 1 (again) to 4 (easy)."""
    card, _log = by.review_card(_card(memory), fsrs.Rating(rating), at.astimezone(UTC))
    return Memory(
        due=card.due,
        state=int(card.state),
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        last_review=card.last_review,
    )


def retrievability(memory: Memory, at: datetime, by: fsrs.Scheduler) -> float | None:
    """The chance that the card is remembered now; None for one never graded."""
    if memory.last_review is None:
        return None
    return by.get_card_retrievability(_card(memory), at.astimezone(UTC))


def intervals(memory: Memory, at: datetime, by: fsrs.Scheduler) -> dict[str, int]:
    """Seconds until each grade would bring the card back, before placing."""
    card, moment = _card(memory), at.astimezone(UTC)
    return {
        name: round((by.review_card(card, rating, moment)[0].due - moment).total_seconds())
        for name, rating in _RATINGS.items()
    }


def elapsed_days(since: datetime | None, at: datetime) -> int | None:
    """Whole periods of 24 h, as the scheduler counts them."""
    return None if since is None else max(0, (at - since).days)


def _card(memory: Memory) -> fsrs.Card:
    return fsrs.Card(
        card_id=1,  # without one py-fsrs sleeps to make one
        state=fsrs.State(memory.state),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due,
        last_review=memory.last_review,
    )


# ── Study days ────────────────────────────────────────────────────────────────────────────────
def study_day(moment: datetime, zone: ZoneInfo, day_start: int) -> date:
    """The day of the wall clock in the zone, begun at the hour `day_start`."""
    wall = moment.astimezone(zone).replace(tzinfo=None)
    return (wall - timedelta(hours=day_start)).date()


def day_begins(day: date, zone: ZoneInfo, day_start: int) -> datetime:
    """The first moment of a study day."""
    return datetime.combine(day, time(day_start), tzinfo=zone).astimezone(UTC)


# ── Placing ───────────────────────────────────────────────────────────────────────────────────
def fuzz_range(days: int) -> tuple[int, int]:
    """The days, first and last, on which a review after so many days does as well."""
    if days < 2.5:
        return days, days
    delta = (
        1
        + 0.15 * max(min(days, 7) - 2.5, 0)
        + 0.1 * max(min(days, 20) - 7, 0)
        + 0.05 * max(days - 20, 0)
    )
    last = min(round(days + delta), MAX_INTERVAL)
    return min(max(2, round(days - delta)), last), last


def place(days: int, load: Callable[[int], float]) -> int:
    """The day of the range with the least load; of equals the nearest, then the earlier."""
    first, last = fuzz_range(days)
    return min(range(first, last + 1), key=lambda day: (load(day), abs(day - days), day))


def place_due(memory: Memory, load: Callable[[int], float]) -> datetime:
    """When a graded card is shown: `load` tells what is due so many days after its last review.

    Steps within the day stand as they are.
    """
    if memory.state != REVIEW or memory.last_review is None:
        return memory.due
    days = (memory.due - memory.last_review).days
    return memory.last_review + place(days, load) * DAY
