"""The habit over the API."""

from .habit import MyHabit, RepairStreak

__all__ = ["MyHabit", "RepairStreak"]
