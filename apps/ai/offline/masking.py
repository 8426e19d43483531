"""Texts of a lesson with gaps for what the student is to find."""

import re
from collections.abc import Collection

from .guard import forms_of, is_like_any
from .words import TOKEN

GAP = "…"
MOST_GAPS = 0.7  # of a sentence's words: beyond, its frame says nothing


def masked(text: str, hidden: Collection[str]) -> str:
    """The text with a gap for each run of hidden words."""
    found = TOKEN.sub(lambda match: GAP if _is_hidden(match[0], hidden) else match[0], text)
    return re.sub(rf"{GAP}(?:[\s,/-]*{GAP})+", GAP, found)


def frame_of(text: str, hidden: Collection[str]) -> str:
    """The sentence with gaps; empty when nothing is hidden in it or hardly anything stays."""
    words = TOKEN.findall(text)
    gaps = sum(_is_hidden(word, hidden) for word in words)
    return masked(text, hidden) if 0 < gaps <= MOST_GAPS * len(words) else ""


def _is_hidden(word: str, hidden: Collection[str]) -> bool:
    return any(is_like_any(form, hidden) for form in forms_of(word))
