"""What the first day brought, and what comes tomorrow."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from apps.accounts.models import User
from apps.courses.models import Lesson
from apps.enrollment.selectors import seat_of
from apps.gamification.selectors.habits import habit_of, summary_of
from apps.learning.models import Card
from apps.learning.selectors.activity import studied
from apps.learning.selectors.cards import front_of, preview
from apps.learning.selectors.lessons import lesson_to_continue
from apps.learning.selectors.path import lesson_ahead
from apps.learning.selectors.schedule import Schedule, schedule_of

from ..models import Start

DAY = timedelta(days=1)


@dataclass(frozen=True)
class FirstDay:
    """`minutes` None when nothing was measured; `card`: what the first one asks, without what there
    is to choose from; `returns_at`: when the first card comes back,
    if it was asked, else when it would after a good answer now; `streak` None where it is off.
    """

    minutes: int | None
    card: str
    was_asked: bool
    returns_at: datetime | None
    cards: int
    due_tomorrow: int
    streak: int | None
    next_lesson: Lesson | None


def first_day_of(user: User, start: Start, at: datetime) -> FirstDay:
    habit = habit_of(user)
    summary = summary_of(user, at, habit)
    seconds = sum(row.seconds for row in studied(user.pk, summary.today, at))
    schedule = schedule_of(user)
    cards = Card.objects.visible_to(user).filter(suspended_at=None)
    card = (
        cards.select_related("note")
        .order_by(F("note__question").asc(nulls_last=True), "pk")
        .first()
    )
    _begins, ends = schedule.today(at)
    return FirstDay(
        minutes=max(1, round(seconds / 60)) if seconds else None,
        card=front_of(card).partition("\n\n")[0] if card else "",
        was_asked=bool(card and card.last_review),
        returns_at=_returns(card, at, schedule) if card else None,
        cards=cards.count(),
        due_tomorrow=cards.filter(due__lt=ends + DAY).count(),
        streak=summary.streak.current if habit.is_on else None,
        next_lesson=_next_lesson(user, start, at),
    )


def _returns(card: Card, at: datetime, schedule: Schedule) -> datetime:
    if card.last_review:
        return card.due
    return at + timedelta(seconds=preview(card, at, schedule)["good"])


def _next_lesson(user: User, start: Start, at: datetime) -> Lesson | None:
    """The one that Today offers; None without a seat, or at the end."""
    course = start.course
    if course is None or seat_of(user, course.pk) is None:
        return None
    lesson_id = lesson_ahead(user, course, at) or lesson_to_continue(user, course)
    return Lesson.objects.without_content().filter(pk=lesson_id).first() if lesson_id else None
