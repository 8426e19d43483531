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
from apps.onboarding.way import is_on_way

# Pages between two things, where a celebration may open; nowhere else, never in the middle of learning,
# writing or paying.
CELEBRATING = frozenset(
    {
        "home",
        "course",
        "profile",
        "followers",
        "following",
        "search:catalogue",
        "enrollment:my_courses",
        "learning:cards",
        "learning:card_stats",
        "learning:maps",
        "learning:progress",
        "learning:review_done",
        "activity:feed",
        "notifications:list",
        "referrals:page",
        "community:forum",
        "gamification:awards",
        "gamification:leaderboard",
        "courses:studio",
    }
)

# Pages that show a newcomer's first steps; a celebration waits until they are off the screen.
FIRST_STEPS = frozenset({"home", "learning:lesson", "learning:quiz_result"})


def header(request: HttpRequest) -> dict[str, Any]:
    return {
        "unread_notifications": _counted(request, "unread_notifications", unread_count),
        "unread_messages": _counted(request, "unread_messages", unread_total),
        "cards_due": _counted(request, "cards_due", _cards_due),
        "habit_now": _counted(request, "habit_now", _habit),
        "may_celebrate": _may_celebrate(request) and not _shows_first_steps(request),
        "shows_first_steps": _shows_first_steps(request),
        "shows_dev_pages": settings.DEBUG or settings.DEMO_MODE,
    }


def count_cards_due(request: HttpRequest, count: int) -> None:
    """The header needn't ask: the view has counted them."""
    request.cards_due = lambda: count


def _cards_due(user: Any) -> int:
    return due_count(user, timezone.now())


def _may_celebrate(request: HttpRequest) -> bool:
    match = getattr(request, "resolver_match", None)
    user = getattr(request, "user", None)
    return bool(match and match.view_name in CELEBRATING and user and user.is_authenticated)


def _shows_first_steps(request: HttpRequest) -> bool:
    match = getattr(request, "resolver_match", None)
    user = getattr(request, "user", None)
    if not (match and match.view_name in FIRST_STEPS and user and user.is_authenticated):
        return False
    return is_on_way(request)


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
