"""What every page's header and footer show."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from apps.notifications.selectors import unread_count


def header(request: HttpRequest) -> dict[str, Any]:
    return {
        "unread_notifications": _unread(request),
        "shows_dev_pages": settings.DEBUG or settings.DEMO_MODE,
    }


def _unread(request: HttpRequest) -> Callable[[], int]:
    """Counted when a template first asks, and once in a request."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return lambda: 0
    if not hasattr(request, "unread_notifications"):
        request.unread_notifications = cache(lambda: unread_count(user))
    return request.unread_notifications
