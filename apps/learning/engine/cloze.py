"""Texts with numbered gaps: `{{c1::answer}}` or `{{c1::answer::hint}}`, in formulas too."""

import re
from collections.abc import Callable

# The words of a gap end at the first `::` or closing, and what was read isn't read again: a gap in
# what people write can be opened a thousand times and never closed.
_CLOSING = r"\}\}(?!\})"
GAP = re.compile(
    rf"\{{\{{c([1-9]\d{{0,2}})::(.(?:(?!::|{_CLOSING}).)*+)(?:::((?:(?!{_CLOSING}).)*+))?{_CLOSING}",
    re.DOTALL,
)


def numbers(text: str) -> list[int]:
    """The numbers of the gaps, each once, in order."""
    return sorted({int(gap[1]) for gap in GAP.finditer(text, 0, _end(text))})


def asked(text: str, number: int) -> str:
    """The text with the gaps of that number empty and all others filled; markdown."""
    return _filled(text, number, _hidden)


def answered(text: str, number: int) -> str:
    """The text whole, with what was asked for in bold; markdown."""
    return _filled(text, number, _shown)


def _filled(text: str, number: int, fill: Callable[[re.Match[str]], str]) -> str:
    end = _end(text)
    filled = GAP.sub(lambda gap: fill(gap) if int(gap[1]) == number else gap[2], text[:end])
    return filled + text[end:]


def _end(text: str) -> int:
    """Behind the last closing: no gap is looked for where none can end."""
    return text.rfind("}}") + 2 if "}}" in text else 0


def _hidden(gap: re.Match[str]) -> str:
    return r"[\ldots]" if _is_in_formula(gap) else f"**[{gap[3] or '…'}]**"


def _shown(gap: re.Match[str]) -> str:
    return gap[2] if _is_in_formula(gap) else f"**{gap[2]}**"


def _is_in_formula(gap: re.Match[str]) -> bool:
    return gap.string.count("$", 0, gap.start()) % 2 == 1
