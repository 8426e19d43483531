"""A person's XP, level and streak as they stand at a moment."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apps.learning.selectors.schedule import memory_settings_of

from ..engine import levels, streak
from ..engine.clock import Clock, day_at
from ..models import Habit


@dataclass(frozen=True)
class StreakNow:
    """In days. `at_risk`: there is a streak, and only learning today (or a freeze) keeps it;
    `repairable` is the missed day that can still be repaired, of a run of `broken_run` days.
    """

    current: int
    longest: int
    total: int
    freezes: int
    active_today: bool
    at_risk: bool
    repairable: date | None
    broken_run: int


@dataclass(frozen=True)
class HabitSummary:
    """XP in all; `level_xp` is where the level begins, `next_level_xp` where the next one does."""

    today: date
    is_on: bool
    xp: int
    level: int
    level_xp: int
    next_level_xp: int
    streak: StreakNow
    badges_earned: int


def habit_of(user: Any) -> Habit:
    """The person's own, or that of a beginner in an unsaved row."""
    return Habit.objects.filter(pk=user.pk).first() or Habit(user=user)


def today_of(user: Any, habit: Habit, at: datetime) -> date:
    """The person's study day, by the clock that holds for their streak."""
    settings = habit.folded().settings
    if settings:
        return day_at(settings, at)
    return Clock(user.timezone, memory_settings_of(user).day_start).day_of(at)


def summary_of(user: Any, at: datetime, habit: Habit | None = None) -> HabitSummary:
    habit = habit or habit_of(user)
    state = habit.folded()
    today = today_of(user, habit, at)
    return HabitSummary(
        today=today,
        is_on=habit.is_on,
        xp=habit.xp,
        level=habit.level,
        level_xp=levels.begins_at(habit.level),
        next_level_xp=levels.begins_at(habit.level + 1),
        streak=streak_now(state, today),
        badges_earned=len(state.badges),
    )


def streak_now(state: Any, today: date) -> StreakNow:
    now = state.streak_on(today)
    active = now.last_day == today
    resting = streak.is_rest(today, state.rest_days)
    return StreakNow(
        current=now.run,
        longest=now.longest,
        total=now.total,
        freezes=now.freezes,
        active_today=active,
        at_risk=bool(now.run) and not active and not resting,
        repairable=streak.repairable(now, today, state.repairs),
        broken_run=now.broken_run,
    )
