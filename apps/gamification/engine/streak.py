"""Streaks: study days in a row, kept over days of rest, freezes and a repair.

A streak counts the days on which something was learnt. A day of rest (by default the weekend) asks
for nothing and costs nothing; learning on it counts all the same. A missed day costs a freeze while
there is one, and ends the streak otherwise. The day that ends it can be repaired until a day later.
Runs that reach the lengths in `FREEZES` earn new freezes, each time.

Everything follows from the days themselves: no job of the night has to run for it.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
FREEZES = {7: 1, 30: 2}  # length of a run → freezes
MAX_FREEZES = 3
MILESTONES = {3: 50, 7: 150, 14: 300, 30: 750, 60: 1500, 100: 3000, 365: 10_000}  # → XP, once
WEEKEND = (5, 6)  # weekdays, Monday is 0
MAX_REST_DAYS = 2
REPAIR_EVERY = timedelta(days=30)

# from which Monday on which weekdays are days of rest, in order
Rests = Sequence[tuple[date, tuple[int, ...]]]


class Kept(StrEnum):
    """What a day without learning was."""

    REST = "rest"
    FROZEN = "frozen"
    REPAIRED = "repaired"
    MISSED = "missed"


@dataclass(frozen=True)
class Streak:
    """As it stands at the end of `until`; `broken_on` is the missed day that ended the last run."""

    run: int = 0
    longest: int = 0
    total: int = 0
    freezes: int = 0
    last_day: date | None = None
    until: date | None = None
    broken_on: date | None = None
    broken_run: int = 0


def is_rest(day: date, rests: Rests) -> bool:
    at = bisect_right(rests, day, key=lambda each: each[0])
    weekdays = rests[at - 1][1] if at else WEEKEND
    return day.weekday() in weekdays


def next_monday(day: date) -> date:
    """The first Monday after the day: from then on newly chosen days of rest hold."""
    return day + (7 - day.weekday()) * DAY


def studied(streak: Streak, day: date, rests: Rests, repaired: Collection[date]) -> Streak:
    """Something was learnt on a day after `streak.until`."""
    streak = passed(streak, day - DAY, rests, repaired)
    run = streak.run + 1
    return replace(
        streak,
        run=run,
        longest=max(streak.longest, run),
        total=streak.total + 1,
        freezes=min(streak.freezes + FREEZES.get(run, 0), MAX_FREEZES),
        last_day=day,
        until=day,
    )


def passed(streak: Streak, until: date, rests: Rests, repaired: Collection[date]) -> Streak:
    """The days up to `until`, itself included, went by and nothing was learnt on them."""
    if streak.until is None:
        return replace(streak, until=until)
    day = streak.until + DAY
    while day <= until and streak.run:
        streak = _missed(streak, day, rests, repaired)
        day += DAY
    return replace(streak, until=max(streak.until or until, until))


def _missed(streak: Streak, day: date, rests: Rests, repaired: Collection[date]) -> Streak:
    kind = _what_of(streak, day, rests, repaired)
    if kind == Kept.FROZEN:
        return replace(streak, freezes=streak.freezes - 1, until=day)
    if kind == Kept.MISSED:
        return replace(streak, run=0, broken_run=streak.run, broken_on=day, until=day)
    return replace(streak, until=day)


def _what_of(streak: Streak, day: date, rests: Rests, repaired: Collection[date]) -> Kept:
    if is_rest(day, rests):
        return Kept.REST
    if day in repaired:
        return Kept.REPAIRED
    return Kept.FROZEN if streak.freezes else Kept.MISSED


def fold(days: Iterable[date], rests: Rests, repaired: Collection[date]) -> Streak:
    """The streak of these study days, in any order."""
    streak = Streak()
    for day in sorted(set(days)):
        streak = studied(streak, day, rests, repaired)
    return streak


def year(
    days: Collection[date], rests: Rests, repaired: Collection[date], until: date
) -> Iterator[tuple[date, Kept, int]]:
    """Each day without learning between the first study day and `until`, what it was, and the run."""
    streak = Streak()
    for day in sorted(set(days)):
        yield from _gap(streak, day - DAY, rests, repaired)
        streak = studied(streak, day, rests, repaired)
    yield from _gap(streak, until, rests, repaired)


def _gap(
    streak: Streak, until: date, rests: Rests, repaired: Collection[date]
) -> Iterator[tuple[date, Kept, int]]:
    if streak.until is None:
        return
    day = streak.until + DAY
    while day <= until:
        kind = _what_of(streak, day, rests, repaired) if streak.run else Kept.MISSED
        if kind == Kept.MISSED and is_rest(day, rests):
            kind = Kept.REST
        streak = _missed(streak, day, rests, repaired) if streak.run else streak
        yield day, kind, streak.run
        day += DAY


def repairable(streak: Streak, today: date, repaired: Collection[date]) -> date | None:
    """The day that can be repaired today: yesterday, if missing it ended the run.

    `streak` is as it stands after yesterday, or with today learnt. Once within `REPAIR_EVERY`.
    """
    missed = streak.broken_on
    if missed is None or missed != today - DAY:
        return None
    if any(missed - day < REPAIR_EVERY for day in repaired if day < missed):
        return None
    return missed


def joint(mine: Collection[date], theirs: Collection[date], rests: Sequence[Rests], *,
          since: date, today: date) -> int:  # fmt: skip
    """How many days in a row two people learnt both, up to today.

    A day of rest of either of them asks for nothing. Today isn't missed before it is over. There are
    no freezes: it is kept together or not.
    """
    run, day = 0, today
    while day >= since:
        if day in mine and day in theirs:
            run += 1
        elif day != today and not any(is_rest(day, each) for each in rests):
            break
        day -= DAY
    return run
