"""What of somebody's habit their profile shows.

Callers have made sure that the viewer may open the profile, and that it shows badges.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..models import Award, Habit
from .habits import HabitSummary, habit_of, summary_of
from .shelf import Held, earned_by


@dataclass(frozen=True)
class HabitShown:
    """`badges` the latest first."""

    habit: Habit
    summary: HabitSummary
    badges: list[Held]


def habit_shown(person: Any, viewer: Any, at: datetime) -> HabitShown | None:
    """None for who switched it off."""
    habit = habit_of(person)
    if not habit.is_on:
        return None
    return HabitShown(habit, summary_of(person, at, habit), _badges(person, viewer))


def points_shown(person: Any) -> int | None:
    """XP in all; None for who switched it off."""
    habit = habit_of(person)
    return habit.xp if habit.is_on else None


def badges_shown(person: Any, viewer: Any) -> list[Held]:
    return _badges(person, viewer) if habit_of(person).is_on else []


def _badges(person: Any, viewer: Any) -> list[Held]:
    """Those that are hidden are named to the person and to who has them, too."""
    earned = earned_by(person)
    hidden = {held.slug for held in earned if held.badge.hidden}
    if viewer.pk == person.pk or not hidden:
        return earned
    known = Award.objects.filter(user=viewer.pk, badge__in=hidden)
    secret = hidden - set(known.values_list("badge", flat=True))
    return [held for held in earned if held.slug not in secret]
