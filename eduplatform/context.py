"""What every page's header and footer show."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from apps.gamification.selectors.habits import Counter, counter_of
from apps.learning.selectors.cards import due_count
from apps.messaging.selectors import unread_total
from apps.notifications.selectors import unread_count


def header(request: HttpRequest) -> dict[str, Any]:
    return {
        "unread_notifications": _counted(request, "unread_notifications", unread_count),
        "unread_messages": _counted(request, "unread_messages", unread_total),
        "cards_due": _counted(request, "cards_due", _cards_due),
        "habit_now": _counted(request, "habit_now", _habit),
        "shows_dev_pages": settings.DEBUG or settings.DEMO_MODE,
    }


def count_cards_due(request: HttpRequest, count: int) -> None:
    """The header needn't ask: the view has counted them."""
    request.cards_due = lambda: count


def _cards_due(user: Any) -> int:
    return due_count(user, timezone.now())


def _habit(user: Any) -> Counter:
    return counter_of(user, timezone.now())


def _counted(request: HttpRequest, name: str, count: Callable[[Any], Any]) -> Callable[[], Any]:
    """Counted when a template first asks, and once in a request; nothing for a visitor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return lambda: 0
    if not hasattr(request, name):
        setattr(request, name, cache(lambda: count(user)))
    found: Callable[[], Any] = getattr(request, name)
    return found
