"""A card's schedule as Anki's columns, and back.

Anki keeps the due day of a review card as a number of days since the collection began, seconds
since 1970 for a card in its steps, and FSRS' memory in the JSON column `data`. What its columns
round is kept there beside it under our own name, and believed as long as the columns agree.
"""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import fsrs

from ...engine.memory import LEARNING, RELEARNING, REVIEW, day_begins, study_day
from ..cards import FileCard, FileReview

NEW_TYPE, LEARNING_TYPE, REVIEW_TYPE, RELEARNING_TYPE = 0, 1, 2, 3
NEW_QUEUE, STEP_QUEUE, REVIEW_QUEUE, SUSPENDED_QUEUE = 0, 1, 2, -1
OWN = "edu"
USUAL_EASE = 2500  # permille
FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
DAY_SECONDS = 86_400
_STEPS_LEFT = {LEARNING: 2, RELEARNING: 1}


@dataclass(frozen=True)
class Calendar:
    """The student's study days, counted from the day on which the collection began."""

    begins: datetime
    zone: ZoneInfo
    day_start: int

    def number(self, moment: datetime) -> int:
        first = study_day(self.begins, self.zone, self.day_start)
        return (study_day(moment, self.zone, self.day_start) - first).days


@dataclass(frozen=True)
class Row:
    """The columns of Anki's table `cards` that hold the schedule."""

    type: int
    queue: int
    due: int
    ivl: int
    factor: int
    reps: int
    lapses: int
    left: int
    data: str


# ── To Anki ───────────────────────────────────────────────────────────────────────────────────
def row_of(card: FileCard, *, position: int, retention: float, calendar: Calendar) -> Row:
    """`position` orders the new cards."""
    if card.is_new or card.due is None or card.last_review is None:
        queue = SUSPENDED_QUEUE if card.suspended else NEW_QUEUE
        return Row(NEW_TYPE, queue, position, 0, 0, 0, 0, 0, "")
    days = max(1, round((card.due - card.last_review).total_seconds() / DAY_SECONDS))
    if card.state == REVIEW:
        kind, queue, due, left = REVIEW_TYPE, REVIEW_QUEUE, calendar.number(card.due), 0
    else:
        kind = LEARNING_TYPE if card.state == LEARNING else RELEARNING_TYPE
        queue, due = STEP_QUEUE, int(card.due.timestamp())
        steps = _STEPS_LEFT[card.state] - (card.step or 0)
        left = steps * 1000 + steps
    return Row(
        type=kind,
        queue=SUSPENDED_QUEUE if card.suspended else queue,
        due=due,
        ivl=0 if card.state == LEARNING else days,
        factor=USUAL_EASE,
        reps=card.reps,
        lapses=card.lapses,
        left=left,
        data=_data(card, due, retention),
    )


def _data(card: FileCard, due: int, retention: float) -> str:
    assert card.due
    assert card.last_review
    exact = {
        "row": due,
        "reps": card.reps,
        "step": card.step,
        "due": _micros(card.due),
        "plan": _micros(card.unplaced_due or card.due),
        "last": _micros(card.last_review),
    }
    memory = {"s": card.stability, "d": card.difficulty, "dr": retention}
    return json.dumps(memory | {"lrt": int(card.last_review.timestamp()), OWN: exact})


def log_row(review: FileReview) -> tuple[int, int, int, int, int, int]:
    """ease, ivl, lastIvl, factor, time and type of a row of `revlog`; days positive, seconds not."""
    kind = {None: 0, LEARNING: 0, REVIEW: 1, RELEARNING: 2}[review.state_before]
    # with FSRS Anki keeps the difficulty there, 1 … 10 as 100 … 1100
    factor = round(((review.difficulty - 1) / 9 + 0.1) * 1000)
    return (
        review.rating,
        _interval(review.interval),
        _interval(review.interval_before),
        factor,
        min(review.duration_ms, 60_000),
        kind,
    )


def _interval(seconds: int) -> int:
    return seconds // DAY_SECONDS if seconds >= DAY_SECONDS else -seconds


# ── From Anki ─────────────────────────────────────────────────────────────────────────────────
def card_of(
    row: Row, *, ordinal: int, reviewed_at: datetime | None, changed_at: int, calendar: Calendar
) -> FileCard:
    """The schedule; `reviewed_at` is the last row of the log, `changed_at` the card's own time."""
    suspended = row.queue == SUSPENDED_QUEUE
    data = _json(row.data)
    memory = _memory(row, data)
    if memory is None:
        return FileCard(ordinal=ordinal, suspended=suspended)
    stability, difficulty = memory
    reps, lapses = min(max(row.reps, 1), 10**6), min(max(row.lapses, 0), 10**6)
    state = {LEARNING_TYPE: LEARNING, REVIEW_TYPE: REVIEW}.get(row.type, RELEARNING)
    exact = _exact(row, data)
    if exact is not None:
        due, planned, last, step = exact
    else:
        due = planned = _due(row, calendar)
        last = min(due, _last_review(row, data, reviewed_at, changed_at, due))
        step = None if state == REVIEW else _step(state, row.left)
    return FileCard(
        ordinal=ordinal,
        state=state,
        step=None if state == REVIEW else step,
        stability=stability,
        difficulty=difficulty,
        due=due,
        unplaced_due=planned,
        last_review=last,
        reps=reps,
        lapses=lapses,
        suspended=suspended,
    )


def beginning(created: int, rollover: int, zone: ZoneInfo, day_start: int) -> Calendar:
    """The calendar of a collection made at `created` (seconds), at the start of its own day.

    The nearest midnight after taking its hour off is the day, whatever zone it was made in.
    """
    moment = _moment(created * 10**6) or FIRST
    wall = moment.astimezone(zone).replace(tzinfo=None) - timedelta(hours=rollover)
    day = (wall + timedelta(hours=12)).date()
    return Calendar(day_begins(day, zone, day_start), zone, day_start)


def approximate(days: int, ease: int) -> tuple[float, float]:
    """Stability and difficulty of a card that only has Anki's older interval and ease (permille).

    That scheduler aims at 90 % on the due day, so that the interval is the stability. Its ease is
    the growth of a passed interval; FSRS' growth at 90 %, 1 + e^w8 (11 − D) S^−w9 (e^(0.1 w10) − 1),
    is solved for the difficulty D.
    """
    weights = fsrs.scheduler.DEFAULT_PARAMETERS
    stability = float(min(max(days, 1), 36_500))
    growth = (ease or USUAL_EASE) / 1000 - 1
    slope = math.exp(weights[8]) * stability ** -weights[9] * (math.exp(0.1 * weights[10]) - 1)
    return stability, min(max(11 - growth / slope, 1.0), 10.0)


def _memory(row: Row, data: dict[str, Any]) -> tuple[float, float] | None:
    """Stability and difficulty; None for a card that was never graded or is in its first steps."""
    if row.type not in {LEARNING_TYPE, REVIEW_TYPE, RELEARNING_TYPE}:
        return None
    stability, difficulty = _positive(data.get("s")), _positive(data.get("d"))
    if stability and difficulty:
        return min(max(stability, 0.001), 36_500.0), min(max(difficulty, 1.0), 10.0)
    return None if row.type == LEARNING_TYPE else approximate(row.ivl, row.factor)


def _exact(
    row: Row, data: dict[str, Any]
) -> tuple[datetime, datetime, datetime, int | None] | None:
    """Our own moments, as long as nobody has moved the card since."""
    own = data.get(OWN)
    if not isinstance(own, dict) or own.get("row") != row.due or own.get("reps") != row.reps:
        return None
    due, planned, last = (_moment(_whole(own.get(name))) for name in ("due", "plan", "last"))
    if not due or not planned or not last:
        return None
    step = own.get("step")
    return due, planned, last, step if step in {0, 1} else None


def _last_review(
    row: Row, data: dict[str, Any], reviewed_at: datetime | None, changed_at: int, due: datetime
) -> datetime:
    """The log knows best; then what FSRS noted, the interval, and when the card was changed."""
    if reviewed_at is not None:
        return reviewed_at
    if noted := _moment(_whole(data.get("lrt")) * 10**6):
        return noted
    if row.ivl > 0:
        return due - timedelta(days=min(row.ivl, 36_500))
    return _moment(changed_at * 10**6) or due


def _due(row: Row, calendar: Calendar) -> datetime:
    """Seconds since 1970 in the steps, else a day counted from the beginning."""
    if row.due > 10**9:
        return _moment(row.due * 10**6) or LAST
    days = min(max(row.due, -36_500), 36_500)
    day = study_day(calendar.begins, calendar.zone, calendar.day_start) + timedelta(days=days)
    return day_begins(day, calendar.zone, calendar.day_start)


def _step(state: int, left: int) -> int:
    return min(max(_STEPS_LEFT[state] - left % 1000, 0), _STEPS_LEFT[state] - 1)


def _json(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text) if text and len(text) < 10_000 else {}
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _positive(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < 10**9 else None


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime | None:
    if not _micros(FIRST) <= micros <= _micros(LAST):
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
