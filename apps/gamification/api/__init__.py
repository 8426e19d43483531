"""The habit over the API."""

from .badges import BadgeOut, Badges, BadgesOut
from .boards import CourseLeaderboard, LeaderboardOptIn
from .calendar import Calendar
from .habit import MyHabit, RepairStreak

__all__ = [
    "BadgeOut",
    "Badges",
    "BadgesOut",
    "Calendar",
    "CourseLeaderboard",
    "LeaderboardOptIn",
    "MyHabit",
    "RepairStreak",
]
