"""What new acts brought: badges, levels, a streak, places; kept, celebrated and told."""

from typing import TYPE_CHECKING

from apps.core import realtime
from apps.core.bus import publish

from ..engine import levels
from ..events import BadgeEarned, LevelReached, StreakUpdated
from ..models import Act, Award, Moment, MomentKind
from . import boards

if TYPE_CHECKING:
    from .acts import Book


def tell(*, book: "Book", rows: list[Act], quiet: bool) -> None:
    """Within the transaction of the acts. Who switched the habit off earns, and isn't told."""
    awards = _keep_awards(rows)
    boards.add_points(user_id=book.user.pk, rows=rows)
    if quiet or not book.habit.is_on:
        return
    _celebrate(book, rows)
    _publish(book, rows, awards)
    _show(book, rows, awards)


def _publish(book: "Book", rows: list[Act], awards: list[Award]) -> None:
    for award in awards:
        publish(BadgeEarned(user_id=book.user.pk, award_id=award.pk, badge=award.badge))
    level = _new_level(book)
    if level:
        publish(LevelReached(user_id=book.user.pk, level=level))
    run, before = book.state.run, book.streak_before
    if (run.run, run.last_day) != (before.run, before.last_day):
        publish(
            StreakUpdated(
                user_id=book.user.pk,
                current=run.run,
                longest=run.longest,
                day=(run.last_day or rows[-1].day).isoformat(),
            )
        )


def _new_level(book: "Book") -> int:
    """The level reached for the first time, or 0: points taken back and earned again aren't news."""
    level = levels.level_of(book.state.peak)
    return level if level > levels.level_of(book.peak_before) else 0


def _show(book: "Book", rows: list[Act], awards: list[Award]) -> None:
    """On the person's open pages, once it is committed."""
    channel = f"user:{book.user.pk}"
    for award in awards:
        realtime.push(channel, "badge:unlocked", award.pk)
    if any(row.points for row in rows) or book.state.run != book.streak_before:
        realtime.push(channel, "streak:updated", book.user.pk)


def _keep_awards(rows: list[Act]) -> list[Award]:
    awards = [
        Award(user_id=row.user_id, badge=row.source, earned_at=row.at)
        for row in rows
        if row.rule == "badge"
    ]
    return Award.objects.bulk_create(awards)


def _celebrate(book: "Book", rows: list[Act]) -> None:
    if not book.habit.celebrates:
        return
    kinds = {"badge": MomentKind.BADGE, "streak": MomentKind.STREAK}
    moments = [
        Moment(kind=kinds[row.rule], key=row.source, points=row.points, created_at=row.at)
        for row in rows
        if row.rule in kinds
    ]
    moments += [
        Moment(kind=MomentKind.COURSE, key=str(row.course_id), points=row.points, created_at=row.at)
        for row in rows
        if row.rule == "course"
    ]
    level = _new_level(book)
    if level:
        moments.append(Moment(kind=MomentKind.LEVEL, key=str(level), created_at=rows[-1].at))
    for moment in moments:
        moment.user_id = book.user.pk
    Moment.objects.bulk_create(moments, ignore_conflicts=True)
