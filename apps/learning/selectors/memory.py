"""What a student's reviews tell: retention against prediction, work done and work to come."""

import statistics
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Floor, Greatest, Power

from apps.core.compiled import compiled

from ..engine import memory
from ..engine.workload import expected_work
from ..models import Card, CardState, MemoryParameters, Review
from .schedule import Schedule, schedule_of

# Days since the last review: around 1, 7, 14 and 30, and beyond.
BUCKETS = {1: (1, 3), 7: (4, 10), 14: (11, 20), 30: (21, 44), 60: (45, 100_000)}
ENOUGH = 20  # reviews for a share that is worth showing
RECENT = timedelta(days=180)
TYPICAL_SECONDS = 10.0  # per review, until the student's own median is known
SAMPLE = 300  # cards in the simulation of work
WORK_DAYS = 60


@dataclass(frozen=True)
class Retention:
    """Reviews `days` or so after the one before: the share remembered, and what FSRS expected.

    Both are None where `count` is too small to say.
    """

    days: int
    first_day: int
    last_day: int
    count: int
    measured: float | None
    predicted: float | None


@dataclass(frozen=True)
class StudyDay:
    day: date
    reviews: int
    minutes: float


@dataclass(frozen=True)
class DueDay:
    """Cards due on a study day; the first one holds what is overdue too."""

    day: date
    count: int


@dataclass(frozen=True)
class Totals:
    cards: int
    new: int
    learning: int
    review: int
    relearning: int
    suspended: int
    leeches: int


@dataclass(frozen=True)
class Forgetting:
    """An estimate by FSRS' curves: of `cards` seen, the share remembered now, and what it would be
    had each been seen once and never reviewed."""

    cards: int
    remembered: float | None
    without_reviews: float | None


@dataclass(frozen=True)
class MemoryStats:
    retention: list[Retention]
    days: list[StudyDay]
    forecast: list[DueDay]
    totals: Totals
    forgetting: Forgetting
    seconds_per_review: float
    fit: MemoryParameters | None

    def retention_at(self, days: int) -> Retention:
        return next(found for found in self.retention if found.days == days)


@dataclass(frozen=True)
class Work:
    """An estimate for the cards that there are, none added, over the next `days`."""

    retention: float
    reviews_per_day: float
    minutes_per_day: float
    seconds_per_review: float
    cards: int
    days: int


def memory_stats(student: Any, at: datetime, days: int = 30) -> MemoryStats:
    """Everything about the student's memory; `days` back and forward."""
    schedule = schedule_of(student)
    return MemoryStats(
        retention=retention_of(student, at),
        days=_study_days(schedule, at, days),
        forecast=_forecast(schedule, at, days),
        totals=_totals(student),
        forgetting=_forgetting(schedule, at),
        seconds_per_review=seconds_per_review(student),
        fit=last_fit_of(student),
    )


def forecast(student: Any, at: datetime, days: int = 30) -> list[DueDay]:
    """Cards due per study day from today on, if nothing were added or reviewed."""
    return _forecast(schedule_of(student), at, days)


def last_fit_of(student: Any) -> MemoryParameters | None:
    """The last attempt to fit the scheduler to the student, adopted or not."""
    return MemoryParameters.objects.filter(student=student).order_by("-pk").first()


def standing_reviews_of(student: Any) -> QuerySet[Review]:
    """The student's log without what was undone."""
    return Review.objects.filter(student=student, undone_at=None)


def retention_of(student: Any, at: datetime) -> list[Retention]:
    """Recall by the days since the review before, over the last half year."""
    bucket = Case(
        *[When(elapsed_days__range=ends, then=Value(days)) for days, ends in BUCKETS.items()],
        output_field=IntegerField(),
    )
    recent = standing_reviews_of(student).filter(elapsed_days__gte=1, reviewed_at__gt=at - RECENT)
    rows = (
        recent.annotate(bucket=bucket)
        .values("bucket")
        .annotate(
            count=Count("pk"),
            remembered=Count("pk", filter=Q(rating__gt=memory.AGAIN)),
            predicted=Avg("retrievability"),
        )
    )
    by_bucket = {row["bucket"]: row for row in rows}
    found = []
    for days, (first, last) in BUCKETS.items():
        row = by_bucket.get(days, {"count": 0})
        enough = row["count"] >= ENOUGH
        found.append(
            Retention(
                days=days,
                first_day=first,
                last_day=last,
                count=row["count"],
                measured=row["remembered"] / row["count"] if enough else None,
                predicted=row["predicted"] if enough else None,
            )
        )
    return found


def _study_days(schedule: Schedule, at: datetime, days: int) -> list[StudyDay]:
    today = schedule.day_of(at)
    first = today - timedelta(days=days - 1)
    rows = (
        standing_reviews_of(schedule.student_id)
        .filter(reviewed_at__gte=schedule.begin_of(first), reviewed_at__lte=at)
        .values(day=schedule.day_sql("reviewed_at"))
        .annotate(reviews=Count("pk"), spent=Sum("duration_ms"))
    )
    by_day = {row["day"]: row for row in rows}
    nothing = {"reviews": 0, "spent": 0}
    return [
        StudyDay(day=day, reviews=row["reviews"], minutes=row["spent"] / 60_000)
        for day in (first + timedelta(days=i) for i in range(days))
        for row in [by_day.get(day, nothing)]
    ]


def _forecast(schedule: Schedule, at: datetime, days: int) -> list[DueDay]:
    today = schedule.day_of(at)
    counted = (
        Card.objects.filter(
            student_id=schedule.student_id,
            suspended_at=None,
            due__lt=schedule.begin_of(today + timedelta(days=days)),
        )
        .values(day=schedule.day_sql(Greatest("due", "buried_until", Value(at))))
        .annotate(cards=Count("pk"))
        .values_list("day", "cards")
    )
    by_day = dict(counted)
    return [
        DueDay(day=day, count=by_day.get(day, 0))
        for day in (today + timedelta(days=i) for i in range(days))
    ]


def _totals(student: Any) -> Totals:
    seen = Q(last_review__isnull=False)
    return Totals(
        **Card.objects.visible_to(student).aggregate(
            cards=Count("pk"),
            new=Count("pk", filter=~seen),
            learning=Count("pk", filter=seen & Q(state=CardState.LEARNING)),
            review=Count("pk", filter=Q(state=CardState.REVIEW)),
            relearning=Count("pk", filter=Q(state=CardState.RELEARNING)),
            suspended=Count("pk", filter=Q(suspended_at__isnull=False)),
            leeches=Count("pk", filter=Q(leech_at__isnull=False)),
        )
    )


def _forgetting(schedule: Schedule, at: datetime) -> Forgetting:
    """Over cards whose first review stands in the log."""
    weights = schedule.scheduler.parameters
    first_stability = Case(
        *[When(rating=rating, then=Value(weights[rating - 1])) for rating in range(1, 5)],
        output_field=FloatField(),
    )
    found = (
        standing_reviews_of(schedule.student_id)
        .filter(retrievability=None, card__stability__isnull=False)
        .aggregate(
            cards=Count("pk"),
            remembered=Avg(_recall(F("card__stability"), F("card__last_review"), at, weights[20])),
            without_reviews=Avg(_recall(first_stability, F("reviewed_at"), at, weights[20])),
        )
    )
    return Forgetting(**found)


def _recall(stability: Combinable, since: Combinable, at: datetime, decay: float) -> Power:
    """FSRS' forgetting curve, whole days gone, in the database."""
    seconds = Func(
        Value(at) - since,
        template="EXTRACT(EPOCH FROM %(expressions)s)::float8",
        output_field=FloatField(),
    )
    days = Greatest(Floor(seconds / 86_400.0), 0.0, output_field=FloatField())
    factor = 0.9 ** (-1 / decay) - 1
    return Power(1.0 + factor * days / stability, Value(-decay), output_field=FloatField())


# ── Work at another retention ─────────────────────────────────────────────────────────────────
def seconds_per_review(student: Any) -> float:
    """The student's own median over the last reviews, or a typical one."""
    durations = _durations(student=student.pk)
    return statistics.median(durations) / 1000 if len(durations) >= ENOUGH else TYPICAL_SECONDS


_durations = compiled(
    lambda student: (
        standing_reviews_of(student)
        .filter(duration_ms__gt=0)
        .order_by("-reviewed_at", "-pk")
        .values_list("duration_ms", flat=True)[:500]
    )
)


def work_of(student: Any, retention: float, at: datetime) -> Work:
    """What the student's cards would ask for at that retention, from the next reviews on."""
    schedule = schedule_of(student)
    seconds = seconds_per_review(student)
    mine = Card.objects.visible_to(student).filter(suspended_at=None)
    total = mine.count()
    sample = _sample(mine, total)
    by = memory.scheduler(retention, schedule.weights)
    expected = expected_work(
        [(card.pk, replace(card.memory, due=card.due)) for card in sample], at, by, WORK_DAYS
    )
    reviews = expected.reviews * total / len(sample) if sample else 0.0
    return Work(
        retention=retention,
        reviews_per_day=reviews,
        minutes_per_day=reviews * seconds / 60,
        seconds_per_review=seconds,
        cards=total,
        days=WORK_DAYS,
    )


def _sample(cards: QuerySet[Card], total: int) -> list[Card]:
    """Every so-manyth card, so that all ages are in it and the answer is the same each time."""
    if total <= SAMPLE:
        return list(cards.order_by("pk"))
    ids = list(cards.order_by("pk").values_list("pk", flat=True))
    marks = [round(i * len(ids) / SAMPLE) for i in range(SAMPLE + 1)]
    return list(cards.filter(pk__in=[ids[mark] for mark, _next in pairwise(marks)]).order_by("pk"))
