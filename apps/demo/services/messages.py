"""What people of the demo write to each other."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.core import bus
from apps.messaging import selectors, services
from apps.messaging.models import Conversation

from .courses import Place
from .people import Player


def make_conversations(
    plans: list[dict[str, Any]],
    *,
    people: Mapping[str, Player],
    places: Mapping[str, Place],
    at: datetime,
) -> int:
    """Once for each that begins one; returns how many messages were written."""
    known = {plan["people"][0] for plan in plans}
    fresh = {key for key in known if not selectors.begun_by(people[key].user).exists()}
    return sum(_talk(plan, people, places, at=at) for plan in plans if plan["people"][0] in fresh)


def _talk(
    plan: dict[str, Any],
    people: Mapping[str, Player],
    places: Mapping[str, Place],
    *,
    at: datetime,
) -> int:
    users = {key: people[key].user for key in plan["people"]}
    first, *others = users.values()
    moment = at - timedelta(hours=plan["ago"])
    place = places.get(plan.get("course", ""))
    with bus.happening(moment):
        conversation, _made = services.start_conversation(
            by=first,
            participants=others,
            title=plan.get("title", ""),
            course=place.course if place else None,
            at=moment,
        )
    for line in plan["lines"]:
        moment += timedelta(minutes=line["after"])
        with bus.happening(moment):
            _say(conversation, users[line["by"]], line["text"], at=moment)
    with bus.happening(moment):
        for key in plan["read"]:
            services.mark_read(
                conversation=conversation,
                user=users[key],
                sequence=len(plan["lines"]),
                at=moment,
            )
    return len(plan["lines"])


def _say(conversation: Conversation, author: User, text: str, *, at: datetime) -> None:
    services.send_message(conversation=conversation, author=author, content=text, at=at)
