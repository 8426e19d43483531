"""Accounts of the demo, and one that asks to become a teacher."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.accounts.services import ensure_demo_account, submit_application
from apps.core import bus

from ..texts import Person


@dataclass(frozen=True)
class Player:
    """A person of the demo with their account."""

    person: Person
    user: User
    is_new: bool
    joined_at: datetime


def make_people(people: Iterable[Person], *, at: datetime) -> dict[str, Player]:
    """Everybody by key."""
    return {person.key: _make(person, at) for person in people}


def _make(person: Person, at: datetime) -> Player:
    joined_at = at - timedelta(days=person.joined)
    known = User.objects.filter(email=person.address).first()
    if known:
        return Player(person, known, is_new=False, joined_at=known.created_at)
    user = ensure_demo_account(
        email=person.address,
        name=person.name,
        role=person.role,
        at=joined_at,
        username=person.key,
        locale=person.locale,
        timezone=person.timezone,
        bio=person.bio,
    )
    if person.application:
        sent_at = at - timedelta(days=person.application["sent"])
        with bus.happening(sent_at):
            submit_application(
                user=user,
                qualification=person.application["qualification"],
                links=person.application["links"],
                documents=[],
                at=sent_at,
            )
    return Player(person, user, is_new=True, joined_at=joined_at)
