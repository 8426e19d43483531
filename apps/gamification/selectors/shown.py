"""What of somebody's habit their profile shows.

Callers have made sure that the viewer may open the profile, and that it shows badges.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..models import Habit
from .habits import HabitSummary, habit_of, summary_of
from .shelf import Held, earned_by


@dataclass(frozen=True)
class HabitShown:
    """`badges` the latest first."""

    habit: Habit
    summary: HabitSummary
    badges: list[Held]


def habit_shown(person: Any, at: datetime) -> HabitShown | None:
    """None for who switched it off."""
    habit = habit_of(person)
    if not habit.is_on:
        return None
    return HabitShown(habit, summary_of(person, at, habit), earned_by(person))


def points_shown(person: Any) -> int | None:
    """XP in all; None for who switched it off."""
    habit = habit_of(person)
    return habit.xp if habit.is_on else None


def badges_shown(person: Any) -> list[Held]:
    return earned_by(person) if habit_of(person).is_on else []
