"""Files brought in: read and kept for a preview, then taken once, however often it is confirmed."""

from .confirmed import confirm, courses_by_deck, is_under_way, sweep_imports, take
from .kept import keep_cards, keep_questions
from .notes import import_notes

__all__ = [
    "confirm",
    "courses_by_deck",
    "import_notes",
    "is_under_way",
    "keep_cards",
    "keep_questions",
    "sweep_imports",
    "take",
]
