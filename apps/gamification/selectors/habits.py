"""A person's XP, level and streak as they stand at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from apps.learning.selectors.schedule import memory_settings_of

from ..engine import levels, streak
from ..engine.clock import Clock, day_at
from ..engine.fold import State
from ..models import DayTotal, Habit, Moment
from .moments import fresh


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

    @property
    def into_level(self) -> int:
        return self.xp - self.level_xp

    @property
    def level_size(self) -> int:
        return self.next_level_xp - self.level_xp


@dataclass(frozen=True)
class Goal:
    """XP by studying in a day: what the person wants, and what today brought so far."""

    target: int
    current: int

    @property
    def is_reached(self) -> bool:
        return self.current >= self.target

    @property
    def left(self) -> int:
        return max(0, self.target - self.current)

    @property
    def shown(self) -> int:
        """As far as a bar goes."""
        return min(self.current, self.target)


@dataclass(frozen=True)
class RestDays:
    """Weekdays (0 is Monday) that ask for nothing: those of today, and others that hold from a
    Monday to come, if there are any.
    """

    now: tuple[int, ...]
    coming: tuple[int, ...] | None
    coming_from: date | None

    @property
    def chosen(self) -> tuple[int, ...]:
        """As the person said last."""
        return self.now if self.coming is None else self.coming


@dataclass(frozen=True)
class Counter:
    """What the header shows. `waits`: there is something to celebrate."""

    is_on: bool = True
    xp: int = 0
    level: int = 1
    current: int = 0
    active_today: bool = False
    waits: bool = False


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


def goal_of(habit: Habit, today: date) -> Goal:
    row = DayTotal.objects.filter(user=habit.user_id, day=today).values_list("studied", flat=True)
    return Goal(target=habit.daily_goal, current=max(0, row.first() or 0))


def rest_days_of(state: State, today: date) -> RestDays:
    rests: Sequence[tuple[date, tuple[int, ...]]] = state.rest_days
    held = [weekdays for since, weekdays in rests if since <= today]
    coming = next(((since, weekdays) for since, weekdays in rests if since > today), None)
    return RestDays(
        now=held[-1] if held else streak.WEEKEND,
        coming=coming and coming[1],
        coming_from=coming and coming[0],
    )


def counter_of(user: Any, at: datetime) -> Counter:
    """In one query, whatever waits; none of it for who switched it off."""
    waiting = fresh(Moment.objects.filter(user=OuterRef("pk")), at)
    habit = Habit.objects.filter(pk=user.pk).annotate(waits=Exists(waiting)).first()
    if habit is None:
        return Counter()
    if not habit.is_on:
        return Counter(is_on=False)
    state = habit.folded()
    if not state.settings:  # nothing was learnt yet
        return Counter(xp=habit.xp, level=habit.level, waits=habit.waits and habit.celebrates)
    now = streak_now(state, day_at(state.settings, at))
    return Counter(
        xp=habit.xp,
        level=habit.level,
        current=now.current,
        active_today=now.active_today,
        waits=habit.waits and habit.celebrates,
    )
