"""Slugs, transliterated."""

from slugify import slugify


def slug_of(text: str, *, max_length: int = 80) -> str:
    """Latin letters, digits and hyphens; `untitled` when nothing is left."""
    return slugify(text, max_length=max_length, word_boundary=True) or "untitled"
