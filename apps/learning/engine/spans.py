"""Where the words of a quote stand in a lesson's markdown."""

import re

# Parts of markdown that aren't words: they are blanked, so that places stay what they are.
_MARKUP = re.compile(
    r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)|</?[A-Za-z][^<>]*>"
)
# What an engine puts for a formula or a reference stands for any text.
_HOLE = re.compile(r"⟦[^⟧]*⟧")
Span = tuple[int, int]


def find(quote: str, content: str) -> Span | None:
    """(start, end) of the quote in the text, by letters and digits alone; None when it isn't there.

    Each line of a quote may stand in a place of its own: the span holds them all.
    """
    letters, places = _letters(_MARKUP.sub(lambda found: " " * len(found[0]), content))
    spans = []
    for line in quote.splitlines():
        parts = [part for part in (_letters(text)[0] for text in _HOLE.split(line)) if part]
        if not parts:
            continue
        found = _find_in_order(parts, letters)
        if found is None:
            return None
        spans.append((places[found[0]], places[found[1]] + 1))
    if not spans:
        return None
    return min(start for start, _end in spans), max(end for _start, end in spans)


def _find_in_order(parts: list[str], letters: str) -> Span | None:
    """Places of the first and the last letter."""
    first, at = None, 0
    for part in parts:
        found = letters.find(part, at)
        if found < 0:
            return None
        first = found if first is None else first
        at = found + len(part)
    return None if first is None else (first, at - 1)


def _letters(text: str) -> tuple[str, list[int]]:
    """Letters and digits, folded, and where each one stood."""
    found: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if sign.isalnum():
            folded = sign.casefold().replace("ё", "е")
            found.append(folded)
            places.extend([place] * len(folded))
    return "".join(found), places
