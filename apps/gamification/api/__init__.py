"""The habit over the API."""

from .boards import CourseLeaderboard, LeaderboardOptIn
from .habit import MyHabit, RepairStreak

__all__ = ["CourseLeaderboard", "LeaderboardOptIn", "MyHabit", "RepairStreak"]
