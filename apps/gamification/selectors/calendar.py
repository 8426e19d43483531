"""Days of a person: what each brought, and what the ones without learning were."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from apps.learning.selectors.activity import studied as time_studied

from ..engine import streak
from ..models import DayTotal, Habit

DAY = timedelta(days=1)
FIGURES = ("lessons", "quizzes", "reviews", "comments", "points", "studied")
STUDIED = "studied"


@dataclass(frozen=True)
class CalendarDay:
    """A study day in figures. `points` is XP in all, `studied` those of study; `kind` is "studied",
    what `engine.streak.Kept` says, or empty before the first study day, and for today until
    something was learnt.
    """

    day: date
    kind: str = ""
    lessons: int = 0
    quizzes: int = 0
    reviews: int = 0
    comments: int = 0
    points: int = 0
    studied: int = 0
    minutes: int = 0


def calendar_of(
    user: Any, habit: Habit, *, since: date, until: date, today: date, at: datetime
) -> list[CalendarDay]:
    """Every day of the span, at most up to today; three queries, whatever its length."""
    until = min(until, today)
    rows = DayTotal.objects.filter(user=user, day__range=(since, until))
    figures = {row.pop("day"): row for row in rows.values("day", *FIGURES)}
    kinds = kinds_of(user, habit, today)
    minutes = _minutes(user.pk, since, at)
    return [
        CalendarDay(
            day=day,
            kind=kinds.get(day, ""),
            minutes=minutes.get(day, 0),
            **figures.get(day, {}),
        )
        for day in days_between(since, until)
    ]


def kinds_of(user: Any, habit: Habit, today: date) -> dict[date, str]:
    """What each day from the first study day on was, today only once something was learnt."""
    days = set(DayTotal.objects.filter(user=user, acts__gt=0).values_list("day", flat=True))
    state = habit.folded()
    gaps = streak.year(days, state.rest_days, state.repairs, today - DAY)
    return {day: kind.value for day, kind, _run in gaps} | dict.fromkeys(days, STUDIED)


def days_between(since: date, until: date) -> Iterable[date]:
    return (since + n * DAY for n in range((until - since).days + 1))


def _minutes(user_id: int, since: date, at: datetime) -> dict[date, int]:
    seconds: dict[date, float] = defaultdict(float)
    for row in time_studied(user_id, since, at):
        seconds[row.day] += row.seconds
    return {day: max(1, round(spent / 60)) for day, spent in seconds.items() if spent}
