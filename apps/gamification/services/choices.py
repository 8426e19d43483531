"""What a person chooses about their habit, and the repair of a streak."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.errors import Conflict, Invalid, NotFound

from ..engine import streak
from ..engine.clock import day_at
from ..engine.fold import Act as Line
from ..models import Goal, Habit
from . import boards
from .acts import Book, close_book, open_book, set_clock


@transaction.atomic
def choose(*, user: User, changes: Mapping[str, Any]) -> Habit:
    """`is_on`, `celebrates`, `daily_goal`, any of them."""
    if changes.get("daily_goal", Goal.STEADY) not in Goal.values:
        raise Invalid(errors={"daily_goal": [_("One of the goals on offer.")]})
    habit = _opened(user).habit
    for name, value in changes.items():
        setattr(habit, name, value)
    habit.save(update_fields=list(changes))
    if "is_on" in changes:
        boards.review_places_after_commit(user.pk)
    return habit


@transaction.atomic
def change_habit(*, user: User, changes: Mapping[str, Any], at: datetime) -> None:
    """What `choose` takes, and `rest_days`; those that stay as they are may be among them."""
    changes = dict(changes)
    rest_days = changes.pop("rest_days", None)
    if changes:
        choose(user=user, changes=changes)
    if rest_days is not None:
        choose_rest_days(user=user, weekdays=rest_days, at=at)


@transaction.atomic
def choose_rest_days(*, user: User, weekdays: Collection[int], at: datetime) -> None:
    """Weekdays (0 is Monday) that ask for nothing, two at the most; they hold from next Monday."""
    chosen = sorted(set(weekdays))
    if len(chosen) > streak.MAX_REST_DAYS or not set(chosen) <= set(range(7)):
        raise Invalid(errors={"rest_days": [_("Two days of the week at the most.")]})
    book = _opened(user)
    set_clock(book, at)
    today = day_at(book.state.settings, at)
    since = streak.next_monday(today)
    facts = {"since": since.isoformat(), "weekdays": chosen}
    if chosen != _last(book):
        source = f"{since} {book.state.counters.get('rests', 0) + 1}"
        book.write(Line("rest", source, today, at, facts=facts))
    close_book(book)


@transaction.atomic
def repair_streak(*, user: User, at: datetime) -> None:
    """Make yesterday's miss undone; a Conflict when there is nothing to repair any more."""
    book = _opened(user)
    set_clock(book, at)
    today = day_at(book.state.settings, at)
    missed = streak.repairable(book.state.streak_on(today), today, book.state.repairs)
    if missed is None:
        raise Conflict(_("There is no streak to repair. A missed day can be repaired for a day."))
    book.write(Line("repair", missed.isoformat(), missed, at))
    close_book(book)


def _opened(user: User) -> Book:
    book = open_book(user.pk)
    if book is None:
        raise NotFound
    return book


def _last(book: Book) -> list[int]:
    rests = book.state.rest_days
    return list(rests[-1][1]) if rests else list(streak.WEEKEND)
