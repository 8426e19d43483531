"""What an open page is told of a new notification."""

from typing import Any

from apps.core import realtime

from . import selectors


@realtime.payload("notification:new")
def new_notification(user: Any, notification_id: int) -> dict[str, Any] | None:
    found = selectors.notifications_of(user).filter(pk=notification_id).first()
    if found is None:
        return None
    selectors.with_people([found], user)
    return {
        "id": found.pk,
        "kind": found.kind,
        "title": found.title,
        "body": found.body,
        "url": found.url,
        "created_at": found.created_at.isoformat(),
        "unread_count": selectors.unread_count(user),
    }
