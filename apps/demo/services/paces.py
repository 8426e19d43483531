"""How somebody of the demo lives with the platform: on which days they study, and at what hour."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

NOW = timedelta(minutes=55)  # before the seed, at which a session of today is over
MORNING = 4  # the hour at which a study day begins


@dataclass(frozen=True)
class Pace:
    """A row of paces.toml; days count back from the seed."""

    hour: float  # of the wall clock, at which a session begins, give or take `spread` hours
    week: list[float]  # the chance of a session, Monday first
    spread: float = 0.7
    away: tuple[tuple[int, int], ...] = ()  # from, until
    missed: tuple[int, ...] = ()
    today: bool = False  # there was a session today
    stopped: float = 0.0  # the share of the time since joining, at its end, without any
    knows: float = 0.75  # the chance of a right answer
    remembers: float = 0.9  # … and of recalling a card
    session: int = 40  # cards at most
    cards: float = 1.0  # the share of the sessions that begin with cards
    slow: int = 0  # how many of the last sessions were cut short, so that cards are due now
    reads: bool = False  # even the reading is told
    quizzes: float = 1.0  # the share of the lessons after which their quiz is taken
    retakes: bool = False  # a quiz that wasn't passed, the same evening
    goal: str = ""  # of the day
    courses: tuple[int, int] = (1, 3)  # how many are drawn, where none are named
    finishes: float = 0.35  # chance

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Pace":
        return cls(**row)


def sessions(
    pace: Pace, zone: ZoneInfo, *, key: str, first: datetime, at: datetime
) -> list[datetime]:
    """When each session begins, from `first` on until `at`; the same at every run for the day."""
    draw = random.Random(f"{key} days")  # noqa: S311
    today = (at.astimezone(zone) - timedelta(hours=MORNING)).date()
    day = first.astimezone(zone).date()
    last = today - timedelta(days=round((today - day).days * pace.stopped))
    found = []
    while day <= last:
        ago = (today - day).days
        chance, shift = draw.random(), draw.gauss(0, pace.spread)
        if _studies(pace, ago, pace.week[day.weekday()], chance):
            wall = datetime.combine(day, time(0), tzinfo=zone)
            moment = (wall + timedelta(hours=max(MORNING + 0.5, pace.hour + shift))).astimezone(UTC)
            if ago == 0 and pace.today:
                moment = min(moment, at - NOW)
            if first < moment <= at - NOW:
                found.append(moment)
        day += timedelta(days=1)
    return found


def _studies(pace: Pace, ago: int, chance: float, drawn: float) -> bool:
    if ago == 0 and pace.today:
        return True
    away = any(end <= ago <= begin for begin, end in pace.away)
    return not away and ago not in pace.missed and drawn < chance
