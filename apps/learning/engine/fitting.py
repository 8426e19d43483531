"""Fitting FSRS to one student: by fsrs-rs, drawn towards the defaults, judged on reviews held out."""

import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import fsrs_rs_python as fsrs_rs
from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from . import memory

ENOUGH = 400  # reviews on a later day than the one before
TRAINED_ON = 0.8
DRAWN_BY = 1000  # so many reviews count as much as the defaults
LEAST_CHANCE = 1e-4  # no single surprise decides

Weights = tuple[float, ...]


@dataclass(frozen=True)
class Logged:
    """One review of a card whose whole history is in the log.

    What is `credited` was practised in between by other means: its interval looks like a better
    memory than it is, so nothing is learnt from it.
    """

    card: int
    rating: int
    at: datetime
    credited: bool = False


@dataclass(frozen=True)
class Fit:
    """The candidate and what it is worth: mean log loss per held-out review, before and after."""

    weights: Weights
    review_count: int
    loss_before: float
    loss_after: float
    standard_error: float
    adopted: bool


def later_day_reviews(log: Sequence[Logged]) -> int:
    """How many reviews there are to learn from."""
    return len(_items(log))


def fit(log: Sequence[Logged], current: Weights | None) -> Fit:
    """Fit to the first reviews; adopted when that predicts the last ones better, by more than one
    standard error, than the weights in use do, and then fitted again to all of them.

    The log is in the order of time; it must hold reviews to learn from.
    """
    items = _items(log)
    cut = int(len(items) * TRAINED_ON)
    candidate = drawn(_fitted(items[:cut]), cut)
    before, after = losses(log, current)[cut:], losses(log, candidate)[cut:]
    gains = [old - new for old, new in zip(before, after, strict=True)]
    error = statistics.stdev(gains) / math.sqrt(len(gains))
    adopted = statistics.fmean(gains) > error
    return Fit(
        weights=drawn(_fitted(items), len(items)) if adopted else candidate,
        review_count=len(items),
        loss_before=statistics.fmean(before),
        loss_after=statistics.fmean(after),
        standard_error=error,
        adopted=adopted,
    )


def drawn(fitted: Sequence[float], reviews: int) -> Weights:
    """Each weight between its default and the fitted one, the nearer to it the more reviews."""
    share = reviews / (reviews + DRAWN_BY)
    return tuple(
        min(max(default + share * (own - default), low), high)
        for own, default, low, high in zip(
            fitted,
            DEFAULT_PARAMETERS,
            LOWER_BOUNDS_PARAMETERS,
            UPPER_BOUNDS_PARAMETERS,
            strict=True,
        )
    )


def losses(log: Sequence[Logged], weights: Weights | None) -> list[float]:
    """The log loss of each later-day review, had the cards been kept with these weights."""
    by = memory.scheduler(0.9, weights)  # predictions don't depend on the retention
    known: dict[int, memory.Memory] = {}
    found = []
    for review in log:
        card = known.get(review.card) or memory.Memory(due=review.at)
        if memory.elapsed_days(card.last_review, review.at) and not review.credited:
            chance = memory.retrievability(card, review.at, by) or 0.0
            chance = min(max(chance, LEAST_CHANCE), 1 - LEAST_CHANCE)
            found.append(-math.log(chance if review.rating > memory.AGAIN else 1 - chance))
        known[review.card] = memory.graded(card, review.rating, review.at, by)
    return found


def _items(log: Sequence[Logged]) -> list[fsrs_rs.FSRSItem]:
    """For each later-day review the card's history up to it, in the order of time."""
    histories: dict[int, list[fsrs_rs.FSRSReview]] = defaultdict(list)
    last: dict[int, datetime] = {}
    items = []
    for review in log:
        days = memory.elapsed_days(last.get(review.card), review.at) or 0
        history = histories[review.card]
        history.append(fsrs_rs.FSRSReview(review.rating, days))
        last[review.card] = review.at
        if days and not review.credited:
            items.append(fsrs_rs.FSRSItem(history))
    return items


def _fitted(items: list[fsrs_rs.FSRSItem]) -> list[float]:
    steps = len(memory.RELEARNING_STEPS)
    model = fsrs_rs.FSRS(DEFAULT_PARAMETERS)
    return model.compute_parameters(items, num_relearning_steps=steps)
