"""Where somebody stands on the way in, and whether Today leads or invites them to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.accounts.models import Role, User

from ..models import Start

FRESH = timedelta(days=7)  # so long first steps that were begun are shown


@dataclass(frozen=True)
class Welcome:
    """`leads`: Today gives way to the welcome; `invites`: it has a quiet line about it;
    `is_under_way`: it shows the first steps.
    """

    leads: bool = False
    invites: bool = False
    is_under_way: bool = False


def start_of(user: User) -> Start:
    """The person's own, or that of a newcomer in an unsaved row."""
    return Start.objects.filter(pk=user.pk).select_related("course").first() or Start(user=user)


def is_for(user: User) -> bool:
    """Students only; who teaches or keeps order has a way of their own."""
    return user.role == Role.STUDENT


def welcome_of(
    user: User, at: datetime, *, has_seat: bool, has_learnt: bool, wants_elsewhere: bool
) -> Welcome:
    """`wants_elsewhere`: they signed in on the way to a page of their own choosing."""
    if not is_for(user):
        return Welcome()
    start = start_of(user)
    if start.is_closed:
        return Welcome()
    if start.is_under_way:
        return Welcome(is_under_way=is_fresh(start, at))
    if has_seat or wants_elsewhere:
        return Welcome(invites=not has_learnt)
    return Welcome(leads=True)


def is_fresh(start: Start, at: datetime) -> bool:
    return start.opened_at is not None and start.opened_at > at - FRESH


def step_of(start: Start) -> str:
    """questions, course or lesson."""
    if start.is_under_way:
        return "lesson"
    return "course" if start.chosen_at else "questions"
