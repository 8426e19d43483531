"""Forgetting: the curves of FSRS-6, and the memory trace that each concept has.

A trace is one card of py-fsrs without learning steps and without fuzz, with its default parameters:
Good when the evidence was right, Again when it wasn't. It grows by study days, on which FSRS was
fitted: an answer next morning isn't "the same day", as the 24-hour periods of py-fsrs have it. It
fades by the hour. Stability is in days: after so many the chance of recall is .9.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import fsrs

RETENTION = 0.9
DECAY = fsrs.scheduler.DEFAULT_PARAMETERS[20]
# Stability after a first Good.
FIRST_STABILITY = fsrs.scheduler.DEFAULT_PARAMETERS[2]
DAY = timedelta(days=1)
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
    return retrievability(trace.stability, (at - trace.last) / DAY, trace.decay)


def practised(
    trace: Trace | None, *, good: bool, at: datetime, study_days: int | None = None
) -> Trace:
    """The trace after one more encounter, so many study days after the last; the first makes it.

    Without `study_days` whole periods of 24 h count.
    """
    if trace is None:
        card, last, moment = fsrs.Card(card_id=1, due=EPOCH), at, EPOCH
    else:
        passed = (at - trace.last).days if study_days is None else study_days
        card, last = _card(trace), max(at, trace.last)
        moment = EPOCH + max(0, passed) * DAY
    rating = fsrs.Rating.Good if good else fsrs.Rating.Again
    after, _log = _scheduler.review_card(card, rating, moment)
    assert after.stability is not None
    assert after.difficulty is not None
    return Trace(after.stability, after.difficulty, last)


def stability_after(trace: Trace, at: datetime) -> tuple[float, float]:
    """Stability in days after Good, and after Again, if it were asked now."""
    good, again = (practised(trace, good=good, at=at).stability for good in (True, False))
    return good, again


def _card(trace: Trace) -> fsrs.Card:
    return fsrs.Card(
        card_id=1,  # without an id py-fsrs sleeps to make one
        state=fsrs.State.Review,
        step=None,
        stability=trace.stability,
        difficulty=trace.difficulty,
        due=EPOCH,
        last_review=EPOCH,
    )
