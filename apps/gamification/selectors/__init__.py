"""What a person's acts add up to, as others ask for it."""

from .habits import HabitSummary, habit_of, summary_of

__all__ = ["HabitSummary", "habit_of", "summary_of"]
