"""What waits to be celebrated."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from apps.courses.models import Course

from ..engine.badges import BADGES, Badge
from ..engine.levels import begins_at
from ..engine.streak import FREEZES, MILESTONES
from ..models import Moment, MomentKind

FRESH = timedelta(days=7)  # what is older than that is let pass in silence
SHOWN = 3  # of those that wait together; the others are counted
ORDER = {
    MomentKind.STREAK: 0,
    MomentKind.COURSE: 2,
    MomentKind.LEVEL: 3,
    MomentKind.BADGE: 4,
}


@dataclass(frozen=True)
class Celebrated:
    """One thing to celebrate; of `badge`, `level`, `days` and `course` what its kind is about."""

    kind: str
    points: int
    badge: Badge | None = None
    level: int = 0
    to_next: int = 0
    days: int = 0
    freezes: int = 0
    next_days: int = 0
    course: str = ""

    @property
    def place(self) -> int:
        """Among others: the badge of a streak follows it at once."""
        if self.badge and self.badge.counter == "streak":
            return 1
        return ORDER[MomentKind(self.kind)]


@dataclass(frozen=True)
class Celebration:
    """All that waits, as one: the first stands for it, `others` beside it, `more` are only counted.

    `upto` is the last of the moments that it shows.
    """

    first: Celebrated
    others: list[Celebrated]
    more: int
    points: int
    upto: int


def fresh(moments: QuerySet[Moment], at: datetime) -> QuerySet[Moment]:
    return moments.filter(seen_at=None, created_at__gt=at - FRESH)


def waiting_for(user: Any, at: datetime) -> QuerySet[Moment]:
    return fresh(Moment.objects.filter(user=user), at).order_by("id")


def celebration_for(user: Any, at: datetime) -> Celebration | None:
    rows = list(waiting_for(user, at))
    found = _without_doubles([each for row in rows if (each := _celebrated(row)) is not None])
    if not found:
        return None
    found.sort(key=lambda each: (each.place, -each.points))
    return Celebration(
        first=found[0],
        others=found[1:SHOWN],
        more=len(found[SHOWN:]),
        points=sum(row.points for row in rows),
        upto=rows[-1].pk,
    )


def _celebrated(row: Moment) -> Celebrated | None:
    """None for what isn't there any more."""
    match row.kind:
        case MomentKind.BADGE:
            badge = BADGES.get(row.key)
            return Celebrated(row.kind, row.points, badge=badge) if badge else None
        case MomentKind.LEVEL:
            level = int(row.key)
            to_next = begins_at(level + 1) - begins_at(level)
            return Celebrated(row.kind, row.points, level=level, to_next=to_next)
        case MomentKind.STREAK:
            days = int(row.key)
            return Celebrated(
                row.kind,
                row.points,
                days=days,
                freezes=FREEZES.get(days, 0),
                next_days=min((each for each in MILESTONES if each > days), default=0),
            )
    title = Course.objects.filter(pk=row.key).values_list("title", flat=True).first()
    return Celebrated(row.kind, row.points, course=title) if title else None


def _without_doubles(found: list[Celebrated]) -> list[Celebrated]:
    """Of several levels and several lengths of the streak only the highest."""
    level = max((each.level for each in found), default=0)
    days = max((each.days for each in found), default=0)
    return [each for each in found if each.level in (0, level) and each.days in (0, days)]
