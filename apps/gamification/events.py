"""What happened to somebody's habit."""

from dataclasses import dataclass
from typing import ClassVar

from apps.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class BadgeEarned(Event):
    """`badge` is its slug; `award_id` the row that says so, once per person and badge."""

    name: ClassVar[str] = "badge.earned"
    user_id: int
    award_id: int
    badge: str


@dataclass(frozen=True, kw_only=True)
class LevelReached(Event):
    """Once per person and level, the highest of those that one act brought."""

    name: ClassVar[str] = "level.reached"
    user_id: int
    level: int


@dataclass(frozen=True, kw_only=True)
class StreakUpdated(Event):
    """The first act of a study day; `day` is ISO 8601, by the person's own clock."""

    name: ClassVar[str] = "streak.updated"
    user_id: int
    current: int
    longest: int
    day: str


@dataclass(frozen=True, kw_only=True)
class StreakAtRisk(Event):
    """It is evening, nothing was learnt today, and there is a streak; once a day."""

    name: ClassVar[str] = "streak.at_risk"
    user_id: int
    current: int
    day: str
