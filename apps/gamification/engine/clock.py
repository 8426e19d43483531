"""Which day it is for a person who travels: a new clock holds from when it agrees with the old one.

A clock is a time zone and the hour at which the day begins. If a change held at once, somebody could
set the clock back to fill a day that was missed, or forward to have tomorrow's done today. So it
waits until both clocks show the same day, a day at the most, or until today is done, and the days of
a person only go forward. There and back is a journey; a third change within `SETTLED` waits.

A day is always one that some clock of the earth shows at the moment. So whoever plays with the clock
gains two days in all, not two each time, and as many have to be studied as go by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from apps.learning.engine.memory import day_begins, study_day

SETTLED = timedelta(days=14)
CHANGES = 2  # within SETTLED
KEPT = 6  # clocks, for acts that are told late
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    zone: str
    day_start: int

    def day_of(self, moment: datetime) -> date:
        return study_day(moment, ZoneInfo(self.zone), self.day_start)

    def begin_of(self, day: date) -> datetime:
        return day_begins(day, ZoneInfo(self.zone), self.day_start)

    def wall(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))


@dataclass(frozen=True)
class Setting:
    """A clock and the moment from which it holds."""

    since: datetime
    clock: Clock

    def stored(self) -> list[Any]:
        return [self.since.isoformat(), self.clock.zone, self.clock.day_start]

    @classmethod
    def restored(cls, kept: Sequence[Any]) -> "Setting":
        since, zone, day_start = kept
        return cls(datetime.fromisoformat(since), Clock(zone, day_start))


def clock_at(settings: Sequence[Setting], moment: datetime) -> Clock:
    """The clock in force; before the first one that one."""
    for setting in reversed(settings):
        if setting.since <= moment:
            return setting.clock
    return settings[0].clock


def day_at(settings: Sequence[Setting], moment: datetime) -> date:
    """The study day; of a later moment it is never an earlier one.

    Who crosses the date line to the east would have a day again: it is the same day, a long one.
    """
    day = clock_at(settings, moment).day_of(moment)
    for before, after in pairwise(settings):
        if after.since <= moment:
            day = max(day, before.clock.day_of(after.since))
    return day


def chosen(
    settings: Sequence[Setting],
    clock: Clock,
    at: datetime,
    *,
    seen: datetime | None = None,
    studied: date | None = None,
) -> tuple[Setting, ...]:
    """The settings once the person has taken another clock.

    One that was chosen before and waits still is forgotten: the last word counts. `seen` is when
    they did something last, `studied` their last study day: who has done nothing since has flown
    some time in between, and the clock holds from when both agreed then; unless that would leave
    out a day which the old one has still and which follows the last. One that waits for tomorrow
    holds as soon as today is done: who flies over the date line to the west has a calendar that
    lacks most of a day, and has studied on each of its days.
    """
    if not settings:
        return (Setting(at, clock),)
    held = [setting for setting in settings if setting.since <= at] or [settings[0]]
    if held[-1].clock == clock:
        return tuple(held)
    since = _earliest(held, max(seen or at, held[-1].since))
    agreed, today, new = _agree(held, clock, since), day_at(held, at), clock.day_of(at)
    follows = studied is not None and studied + DAY == today
    if agreed <= at and not (follows and new > today):
        return _with(held, Setting(agreed, clock))
    is_done = studied is not None and studied >= today
    if since <= at and is_done and new == today + DAY:
        return _with(held, Setting(at, clock))
    if settings[-1].clock == clock:
        return tuple(settings)
    return _with(held, Setting(max(agreed, _agree(held, clock, max(since, at))), clock))


def _with(held: Sequence[Setting], setting: Setting) -> tuple[Setting, ...]:
    return (*held[-(KEPT - 1) :], setting)


def _earliest(held: Sequence[Setting], at: datetime) -> datetime:
    """The first clock is no change; of those after it two are let pass within the fortnight."""
    changes = [setting.since for setting in held[1:]]
    if len(changes) < CHANGES:
        return at
    return max(at, changes[-CHANGES] + SETTLED)


def _agree(held: Sequence[Setting], new: Clock, at: datetime) -> datetime:
    """The first moment from `at` on when both clocks show the same day.

    Clocks a day apart never do. To one that is behind there is nothing to wait for, the day stands
    still; one that is ahead would leave a day out, and waits for a fortnight at most, see `chosen`.
    """
    old = held[-1].clock
    first = min(old.day_of(at), new.day_of(at))
    begins = {at}
    for ahead in range(5):
        day = first + ahead * DAY
        begins |= {old.begin_of(day), new.begin_of(day)}
    for moment in sorted(each for each in begins if each >= at):
        if day_at(held, moment) == new.day_of(moment):
            return moment
    return at if new.day_of(at) < old.day_of(at) else at + SETTLED
