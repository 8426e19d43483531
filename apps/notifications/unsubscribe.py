"""The link in a letter that stops its kind, without signing in."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse

if TYPE_CHECKING:
    from .models import Notification

SALT = "notifications.unsubscribe"


def unsubscribe_url(notification: "Notification") -> str:
    token = signing.dumps([notification.user_id, notification.kind], salt=SALT)
    return settings.SITE_URL + reverse("notifications:unsubscribe", args=[token])


def read_token(token: str) -> tuple[int, str] | None:
    """(user id, kind) of a link that we made, or None."""
    try:
        user_id, kind = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return user_id, kind
