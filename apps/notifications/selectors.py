"""Everything that is read about notifications."""

from collections.abc import Iterable
from typing import Any

from apps.accounts.models import User
from apps.accounts.selectors import person_shown
from apps.core.compiled import compiled, number_of

from .kinds import KINDS, Kind
from .models import Channel, Notification, NotificationQuerySet, Preference

ORDERING = ("-created_at", "-id")


def notifications_of(user: User) -> NotificationQuerySet:
    return Notification.objects.of(user).order_by(*ORDERING)


def unread_count(user: User) -> int:
    return int(_unread.first(user=user.pk))


_unread = compiled(
    lambda user: number_of(Notification.objects.filter(user_id=user, hidden=False).unread())
)


def last_notifications_of(user: User) -> list[Notification]:
    """The newest four."""
    return with_people(_last(user=user.pk), user)


_last = compiled(
    lambda user: Notification.objects.filter(user_id=user, hidden=False).order_by(*ORDERING)[:4]
)


def with_people(found: Iterable[Notification], reader: User) -> list[Notification]:
    """The same, naming whom they are about as the reader may know them now.

    Params name them by `people`: {name of the param: id of the user}. Who has become private
    meanwhile is named no more.
    """
    told = list(found)
    ids = {pk for each in told for pk in each.params.get("people", {}).values()}
    people = User.objects.in_bulk(ids) if ids else {}
    for each in told:
        names = {
            param: person_shown(people[pk], reader).name
            for param, pk in each.params.get("people", {}).items()
            if pk in people
        }
        each.params = {**each.params, **names}
    return told


def channels_for(user: User, kind: str) -> set[str]:
    """Where the kind reaches the person: defaults, changed by their choices."""
    return channels_of_many([user], kind)[user.pk]


def channels_of_many(users: Iterable[User], kind: str) -> dict[int, set[str]]:
    """`channels_for` of each, by id, in one query."""
    shape = KINDS[kind]
    usual = {Channel.IN_APP.value: True, Channel.EMAIL.value: shape.email}
    wanted = {user.pk: dict(usual) for user in users}
    chosen = Preference.objects.filter(user__in=wanted, kind=kind)
    for user_id, channel, enabled in chosen.values_list("user", "channel", "enabled"):
        wanted[user_id][channel] = enabled
    if shape.email_always:
        for each in wanted.values():
            each[Channel.EMAIL.value] = True
    return {
        pk: {channel for channel, enabled in each.items() if enabled} for pk, each in wanted.items()
    }


def preferences_of(user: User) -> dict[str, dict[str, bool]]:
    """{kind: {channel: wanted}} for every kind, defaults included."""
    found = {kind: {"in_app": True, "email": shape.email} for kind, shape in KINDS.items()}
    for row in Preference.objects.filter(user=user, kind__in=KINDS):
        found[row.kind][row.channel] = row.enabled
    for kind, shape in KINDS.items():
        if shape.email_always:
            found[kind]["email"] = True
    return found


def preference_rows(user: User) -> list[dict[str, Any]]:
    """Rows of the settings table: what can reach the person, kinds of one label in one row."""
    chosen = preferences_of(user)
    rows: dict[str, dict[str, Any]] = {}
    for kind, shape in KINDS.items():
        if shape.roles is not None and user.role not in shape.roles:
            continue
        row = rows.setdefault(str(shape.label), _row(shape))
        row["kinds"].append(kind)
        for channel in Channel.values:
            row[channel] = chosen[kind][channel]
    return list(rows.values())


def _row(shape: Kind) -> dict[str, Any]:
    return {"label": shape.label, "kinds": [], "email_always": shape.email_always}
