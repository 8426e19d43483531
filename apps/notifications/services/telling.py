"""Telling people: one interface, whatever the channel."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.core import audit, realtime
from apps.core.errors import NotFound

from .. import selectors
from ..models import Channel, Dispatch, Notification


@transaction.atomic
def notify(
    *, user_id: int, kind: str, params: Mapping[str, Any], at: datetime, key: str, url: str = ""
) -> Notification | None:
    """Tell a person once for this key: on the site, and by mail where kind and person want it."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    wanted = selectors.channels_for(user, kind)
    notification, made = Notification.objects.get_or_create(
        user=user,
        key=key,
        defaults={
            "kind": kind,
            "params": dict(params),
            "url": url,
            "hidden": Channel.IN_APP not in wanted,
            "created_at": at,
        },
    )
    if not made:
        return notification
    # mail goes to addresses only that their owners have verified
    if Channel.EMAIL in wanted and user.email_verified:
        due = at + notification.shape.mail_after
        Dispatch.objects.create(notification=notification, channel=Channel.EMAIL, due_at=due)
    if not notification.hidden:
        realtime.push(f"user:{user.pk}", "notification:new", notification.pk)
    return notification


@transaction.atomic
def notify_group(
    *,
    user_ids: Iterable[int],
    kind: str,
    group: str,
    params: Mapping[str, Any],
    at: datetime,
    key: str,
    url: str,
) -> None:
    """Tell many of one more thing of a kind that counts them.

    Who hasn't read what they were told of the group before has that one counted up and brought to
    the top, and its link stays where it led; everybody else is told anew.
    """
    waiting = Notification.objects.unread().filter(
        user__in=list(user_ids), kind=kind, key__startswith=f"{group}:", hidden=False
    )
    counted = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    for notification in counted:
        count = notification.params.get("count", 1) + 1
        notification.params = {**notification.params, **params, "count": count}
        notification.created_at = at
    Notification.objects.bulk_update(counted, ["params", "created_at"], batch_size=500)
    told = {notification.user_id for notification in counted}
    for user_id in user_ids:
        if user_id not in told:
            notify(
                user_id=user_id,
                kind=kind,
                params={**params, "count": 1},
                at=at,
                key=f"{group}:{key}",
                url=url,
            )


@transaction.atomic
def notify_many(
    *,
    user_ids: Sequence[int],
    kind: str,
    params: Mapping[str, Any],
    at: datetime,
    key: str,
    url: str,
) -> int:
    """`notify` for many, who are told the same, in a few statements; returns how many are told."""
    told = set(
        Notification.objects.filter(user__in=user_ids, key=key).values_list("user", flat=True)
    )
    people = User.objects.filter(pk__in=set(user_ids) - told, is_active=True)
    wanted = selectors.channels_of_many(people, kind)
    rows = [
        Notification(
            user=user,
            key=key,
            kind=kind,
            params=dict(params),
            url=url,
            hidden=Channel.IN_APP not in wanted[user.pk],
            created_at=at,
        )
        for user in people
    ]
    Notification.objects.bulk_create(rows)
    mailed = [
        row for row in rows if Channel.EMAIL in wanted[row.user_id] and row.user.email_verified
    ]
    Dispatch.objects.bulk_create(
        [Dispatch(notification=row, channel=Channel.EMAIL, due_at=at) for row in mailed]
    )
    for row in rows:
        if not row.hidden:
            realtime.push(f"user:{row.user_id}", "notification:new", row.pk)
    return len(rows)


@transaction.atomic
def notify_gathered(
    *, user_id: int, kind: str, params: Mapping[str, Any], at: datetime, key: str, url: str = ""
) -> Notification | None:
    """As `notify`, for what happens often: who was told under this key isn't told again, but reads
    the new numbers."""
    told = Notification.objects.filter(user=user_id, key=key)
    if told.update(params=dict(params)):
        return told.get()
    return notify(user_id=user_id, kind=kind, params=params, at=at, key=key, url=url)


@transaction.atomic
def announce(*, by: User, user: User, title: str, body: str, at: datetime) -> Notification:
    """A member of staff tells one person something."""
    key = f"announcement:{uuid.uuid4()}"
    told = notify(
        user_id=user.pk, kind="announcement", params={"title": title, "body": body}, at=at, key=key
    )
    if told is None:
        raise NotFound
    audit.record(actor=by, action="notification.sent", target=told, at=at)
    return told


@transaction.atomic
def mark_read(*, user: User, notification_id: int, at: datetime) -> Notification:
    notification = Notification.objects.of(user).filter(pk=notification_id).first()
    if notification is None:
        raise NotFound
    if notification.read_at is None:
        notification.read_at = at
        notification.save(update_fields=["read_at"])
    return notification


@transaction.atomic
def settle(*, user_id: int, keys: str, at: datetime) -> int:
    """What these notifications tell was seen where it happened: read, and no letter about it.

    `keys` is how their keys begin. Returns how many became read.
    """
    about = Notification.objects.filter(user=user_id, key__startswith=keys, read_at=None)
    Dispatch.objects.filter(status=Dispatch.Status.QUEUED, notification__in=about).delete()
    return about.update(read_at=at)


@transaction.atomic
def mark_all_read(*, user: User, at: datetime, before: datetime | None = None) -> int:
    """All of them, or those told before a moment; how many that were."""
    unread = Notification.objects.of(user).unread()
    if before is not None:
        unread = unread.filter(created_at__lt=before)
    return unread.update(read_at=at)
