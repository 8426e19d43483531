"""Texts with numbered gaps: `{{c1::answer}}` or `{{c1::answer::hint}}`, in formulas too."""

import re

GAP = re.compile(r"\{\{c([1-9]\d{0,2})::(.+?)(?:::(.*?))?\}\}(?!\})", re.DOTALL)


def numbers(text: str) -> list[int]:
    """The numbers of the gaps, each once, in order."""
    return sorted({int(gap[1]) for gap in GAP.finditer(text)})


def asked(text: str, number: int) -> str:
    """The text with the gaps of that number empty and all others filled; markdown."""
    return GAP.sub(lambda gap: _hidden(gap) if int(gap[1]) == number else gap[2], text)


def answered(text: str, number: int) -> str:
    """The text whole, with what was asked for in bold; markdown."""
    return GAP.sub(lambda gap: _shown(gap) if int(gap[1]) == number else gap[2], text)


def _hidden(gap: re.Match[str]) -> str:
    return r"[\ldots]" if _is_in_formula(gap) else f"**[{gap[3] or '…'}]**"


def _shown(gap: re.Match[str]) -> str:
    return gap[2] if _is_in_formula(gap) else f"**{gap[2]}**"


def _is_in_formula(gap: re.Match[str]) -> bool:
    return gap.string.count("$", 0, gap.start()) % 2 == 1
