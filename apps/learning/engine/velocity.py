"""How fast a student learns: active time, concepts mastered and kept per hour, and what is left.

Days are study days as ordinals or any other whole numbers; hours are of active time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from math import sqrt

MINUTE = timedelta(minutes=1)
# The longest pause after an act that still counts as being at it.
CAPS = {
    "card": 2 * MINUTE,
    "question": 5 * MINUTE,
    "tutor": 3 * MINUTE,
    "lesson": timedelta(seconds=90),
    "video": timedelta(seconds=90),
}
SESSION_GAP = 30 * MINUTE

PRIOR_CONCEPTS, PRIOR_HOURS = 1.5, 1.0  # without any figures: 1.5 concepts an hour
PRIOR_LESSONS, PRIOR_DAYS = 1.0, 2.0
OVERDISPERSION = 1.5  # what people do comes in heaps
HALF_LIFE = 14.0  # days after which a day counts half
Z80 = 1.2815515655446004  # standard normal quantile of .9
KEPT_FROM = 0.70
LEAST_HOURS = 2.0
LEAST_LESSONS = 3
PAUSED_AFTER = 21  # days without a lesson


# ── Active time ───────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Span:
    start: datetime
    end: datetime


def active(acts: Iterable[tuple[datetime, str]]) -> list[Span]:
    """When the student was at it: acts as (moment, kind of `CAPS`), from all tabs together.

    Each act lasts until the next one, at most for its cap; the union, so that tabs don't add up.
    """
    ordered = sorted(acts)
    following = [moment for moment, _kind in ordered[1:]]
    return united(
        lasting(moment, kind, until) for (moment, kind), until in zip_longest(ordered, following)
    )


def lasting(moment: datetime, kind: str, following: datetime | None) -> Span:
    """How long one act lasts, given when the next one of the student began."""
    end = moment + CAPS[kind]
    return Span(moment, end if following is None else min(end, following))


def united(spans: Iterable[Span]) -> list[Span]:
    """The spans without overlaps, in order."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def hours(spans: Iterable[Span]) -> float:
    """Hours of spans that don't overlap."""
    return sum((span.end - span.start).total_seconds() for span in spans) / 3600


def sessions(spans: Sequence[Span]) -> list[Span]:
    """From first to last act of each sitting: a pause of half an hour ends one."""
    sittings: list[Span] = []
    for span in spans:
        if sittings and span.start - sittings[-1].end < SESSION_GAP:
            sittings[-1] = Span(sittings[-1].start, span.end)
        else:
            sittings.append(span)
    return sittings


# ── Velocity ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Day:
    """A day of study: concepts mastered on it and kept until now, and hours at it."""

    number: int
    kept: int
    hours: float


@dataclass(frozen=True, slots=True)
class Rate:
    """An estimate with its 80 % interval."""

    value: float
    low: float
    high: float

    def per(self, amount: float) -> "Rate":
        """How long the amount takes at this rate; the interval turns round."""
        return Rate(amount / self.value, amount / self.high, amount / self.low)


@dataclass(frozen=True, slots=True)
class Velocity:
    rate: Rate  # kept concepts per hour
    hours: float  # discounted hours behind it

    @property
    def is_known(self) -> bool:
        """Enough is known to be shown."""
        return self.hours >= LEAST_HOURS


def is_kept(shown: float) -> bool:
    """Whether a concept that was mastered once is still there, by its mastery now."""
    return shown >= KEPT_FROM


def discount(age: float) -> float:
    return float(0.5 ** (max(age, 0.0) / HALF_LIFE))


def velocity(days: Iterable[Day], today: int) -> Velocity:
    """Kept concepts per hour: Gamma–Poisson with days fading by half in a fortnight."""
    kept = spent = 0.0
    for day in days:
        weight = discount(today - day.number)
        kept += weight * day.kept
        spent += weight * day.hours
    return Velocity(_rate(kept, spent, PRIOR_CONCEPTS, PRIOR_HOURS), spent)


def trend(now: Velocity, before: Velocity) -> int:
    """1 faster than a fortnight ago, −1 slower, 0 where the difference may be chance.

    Midpoints of the intervals must be more than half a width (of the wider) apart.
    """
    if not (now.is_known and before.is_known):
        return 0
    width = max(now.rate.high - now.rate.low, before.rate.high - before.rate.low)
    apart = (now.rate.low + now.rate.high - before.rate.low - before.rate.high) / 2
    return 0 if abs(apart) <= width / 2 else (1 if apart > 0 else -1)


def hours_to_go(remaining: int, at: Velocity) -> Rate:
    """Hours until so many more concepts are mastered and kept."""
    return at.rate.per(remaining)


def hours_a_day(days: Iterable[Day], first: int, today: int) -> float:
    """Hours per calendar day since `first`, days without study counting, discounted alike."""
    spent = sum(discount(today - day.number) * day.hours for day in days)
    return spent / _elapsed(first, today)


def days_to_go(remaining: int, at: Velocity, daily_hours: float) -> Rate | None:
    """Calendar days until then; None for one who doesn't study."""
    if daily_hours <= 0:
        return None
    need = hours_to_go(remaining, at)
    return Rate(need.value / daily_hours, need.low / daily_hours, need.high / daily_hours)


def days_to_completion(
    lessons: Iterable[tuple[int, int]], first: int, today: int, remaining: int
) -> Rate | None:
    """Days until the last lesson, from (day, lessons finished) since `first`.

    None with fewer than three lessons, and for one who paused for three weeks.
    """
    done = sorted(lessons)
    finished = [day for day, count in done if count]
    if sum(count for _day, count in done) < LEAST_LESSONS or today - finished[-1] >= PAUSED_AFTER:
        return None
    counted = sum(discount(today - day) * count for day, count in done)
    rate = _rate(counted, _elapsed(first, today), PRIOR_LESSONS, PRIOR_DAYS)
    return rate.per(remaining)


def _elapsed(first: int, today: int) -> float:
    """Calendar days from the first to today, both included, discounted."""
    return sum(discount(today - number) for number in range(min(first, today), today + 1))


def _rate(events: float, exposure: float, prior: float, prior_exposure: float) -> Rate:
    """Mean and 80 % interval of a Gamma posterior (Wilson & Hilferty's approximation)."""
    shape = prior + events / OVERDISPERSION
    scale = prior_exposure + exposure / OVERDISPERSION

    def quantile(z: float) -> float:
        root = max(1 - 1 / (9 * shape) + z / (3 * sqrt(shape)), 0.0)
        return float(shape * root**3 / scale)

    return Rate(shape / scale, quantile(-Z80), quantile(Z80))


# ── Engagement ────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Fortnight:
    """Fourteen study days of one student in a course."""

    days: int
    minutes: float
    lessons: int
    lessons_with_quiz: int
    quizzes: int  # of those lessons
    reviews: int
    overdue: int


def engagement(of: Fortnight) -> float | None:
    """0 … 100 by chosen weights; what has no denominator drops out, the rest is scaled up."""
    terms = [
        (0.30, of.days, 8.0),
        (0.20, of.minutes, 180.0),
        (0.25, of.lessons, 4.0),
        (0.15, of.quizzes, of.lessons_with_quiz),
        (0.10, of.reviews, of.reviews + of.overdue),
    ]
    counted = [(weight, min(1.0, had / wanted)) for weight, had, wanted in terms if wanted]
    whole = sum(weight for weight, _share in counted)
    return 100 * sum(weight * share for weight, share in counted) / whole
