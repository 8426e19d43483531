"""Decks of Anki: a package to notes with their schedule, and notes to a package."""

from .reader import read
from .writer import write

__all__ = ["read", "write"]
