"""Forgetting: the curves of FSRS-6, and the memory trace that each concept has.

A trace is one card of py-fsrs without learning steps and without fuzz, with its default parameters:
Good when the evidence was right, Again when it wasn't. Time counts in whole periods of 24 h, as
py-fsrs counts it. Stability is in days: after so many the chance of recall is .9.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import fsrs

RETENTION = 0.9
DECAY = fsrs.scheduler.DEFAULT_PARAMETERS[20]
# Stability after a first Good.
FIRST_STABILITY = fsrs.scheduler.DEFAULT_PARAMETERS[2]
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

_scheduler = fsrs.Scheduler(
    desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False
)


@dataclass(frozen=True, slots=True)
class Trace:
    stability: float  # days
    difficulty: float  # 1 … 10
    last: datetime
    decay: float = DECAY


def retrievability(stability: float, days: float, decay: float = DECAY) -> float:
    """The chance of recall after so many days: (1 + F·t/S)^−decay with F = .9^(−1/decay) − 1.

    Source: FSRS-6, as in py-fsrs. A clock that went backwards counts as no time.
    """
    factor = RETENTION ** (-1 / decay) - 1
    return float((1 + factor * max(0.0, days) / stability) ** -decay)


def interval(stability: float, retention: float, decay: float = DECAY) -> float:
    """Days until the chance of recall has fallen to `retention`: S/F·(r^(−1/decay) − 1)."""
    factor = RETENTION ** (-1 / decay) - 1
    return float(stability / factor * (retention ** (-1 / decay) - 1))


def recall(trace: Trace, at: datetime) -> float:
    """The chance that it is remembered now."""
    return retrievability(trace.stability, (at - trace.last).days, trace.decay)


def practised(trace: Trace | None, *, good: bool, at: datetime) -> Trace:
    """The trace after one more encounter; the first one makes it."""
    rating = fsrs.Rating.Good if good else fsrs.Rating.Again
    card, _log = _scheduler.review_card(_card(trace), rating, at.astimezone(UTC))
    assert card.stability is not None
    assert card.difficulty is not None
    last = at if trace is None else max(at, trace.last)
    return Trace(card.stability, card.difficulty, last)


def stability_after(trace: Trace, at: datetime) -> tuple[float, float]:
    """Stability in days after Good, and after Again, if it were asked now."""
    good, again = (practised(trace, good=good, at=at).stability for good in (True, False))
    return good, again


def _card(trace: Trace | None) -> fsrs.Card:
    if trace is None:
        return fsrs.Card(card_id=1, due=EPOCH)  # without an id py-fsrs sleeps to make one
    return fsrs.Card(
        card_id=1,
        state=fsrs.State.Review,
        step=None,
        stability=trace.stability,
        difficulty=trace.difficulty,
        due=trace.last,
        last_review=trace.last,
    )
