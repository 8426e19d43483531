"""How people keep at it, for those who run the house."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from ..models import DayTotal, Habit

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Keeping:
    """People who learnt today, within seven and within thirty days, by their own days; of those of
    the week how many have a run of at least `days` days."""

    today: int
    week: int
    month: int
    days: int
    with_run: int

    @property
    def stickiness(self) -> float | None:
        """DAU/MAU."""
        return self.today / self.month if self.month else None

    @property
    def share_with_run(self) -> float | None:
        return self.with_run / self.week if self.week else None


def streaks_over(*, at: datetime, days: int = 7) -> Keeping:
    """As the log says at the moment; the days are those of UTC, in which nobody's day is far off."""
    today = at.date()
    since = today - WEEK
    last = (
        DayTotal.objects.filter(acts__gt=0, day__gt=today - MONTH, day__lte=today)
        .values("user")
        .annotate(last=Max("day"))
    )
    counts = last.aggregate(
        today=Count("user", filter=Q(last=today)),
        week=Count("user", filter=Q(last__gt=since)),
        month=Count("user"),
    )
    with_run = Habit.objects.filter(run__gte=days, last_day__gt=since, last_day__lte=today)
    return Keeping(**counts, days=days, with_run=with_run.count())
