"""What open pages are told of a habit: a badge just earned, and how streak and XP stand now."""

from typing import Any

from django.utils import timezone

from apps.core import realtime

from .models import Award
from .selectors.habits import summary_of


@realtime.payload("badge:unlocked")
def unlocked_badge(user: Any, award_id: int) -> dict[str, Any] | None:
    """To whom it belongs, in their language, while they want to know of their habit."""
    award = Award.objects.filter(pk=award_id, user=user).first()
    if award is None or not summary_of(user, timezone.now()).is_on:
        return None
    badge = award.shape
    return {
        "id": award.pk,
        "slug": badge.slug,
        "name": badge.name,
        "description": badge.description,
        "group": badge.group,
        "rarity": badge.rarity,
        "points": badge.points,
    }


@realtime.payload("streak:updated")
def moved_habit(user: Any, user_id: int) -> dict[str, Any] | None:
    """After whatever brought XP or moved the streak."""
    habit = summary_of(user, timezone.now())
    if user.pk != user_id or not habit.is_on:
        return None
    return {
        "current": habit.streak.current,
        "longest": habit.streak.longest,
        "active_today": habit.streak.active_today,
        "xp": habit.xp,
        "level": habit.level,
    }
