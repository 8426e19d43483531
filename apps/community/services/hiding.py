"""Hiding what breaks the rules, and showing it again.

What follows for counts is each kind's own business: its module registers what hiding a row of it
does beyond the row itself.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User

from ..selectors.things import kind_of

Follow = Callable[[Any, datetime], None]
_follows: dict[str, tuple[Follow, Follow]] = {}


def register(kind: str, *, hidden: Follow, shown: Follow) -> None:
    """`hidden(thing, at)` and `shown(thing, at)` run after the row has changed, behind its lock."""
    _follows[kind] = (hidden, shown)


@transaction.atomic
def hide(*, thing: Any, by: User | None, at: datetime) -> None:
    """Take a thing out of sight; without `by` reports did it, and a moderator has yet to look.

    The caller holds the lock of its row.
    """
    was_hidden = thing.hidden_at is not None
    thing.hidden_at, thing.hidden_by = thing.hidden_at or at, by
    thing.save(update_fields=["hidden_at", "hidden_by"])
    if not was_hidden and (follow := _follows.get(kind_of(thing))):
        follow[0](thing, at)


@transaction.atomic
def show(*, thing: Any, at: datetime) -> None:
    """Put a hidden thing back; the caller holds the lock of its row."""
    if thing.hidden_at is None:
        return
    thing.hidden_at = thing.hidden_by = None
    thing.save(update_fields=["hidden_at", "hidden_by"])
    if follow := _follows.get(kind_of(thing)):
        follow[1](thing, at)
