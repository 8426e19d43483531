"""Moodle's embedded answers, `{1:SHORTANSWER:=right~%50%partly#comment}`, read and written."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from html import unescape

from django.utils.translation import gettext as _

from .. import found
from ..found import WHOLE, Choice, Fault

GAP_SIGN = "\ufdda"  # stands for a gap while the text around it is converted
_TYPED = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
_NUMBERS = {"NUMERICAL", "NM"}
OPENING = re.compile(r"\{(\d*):([A-Z_]+):")
_ANSWER = re.compile(r"\s*(?:(?P<right>=)|%(?P<share>-?\d+(?:[.,]\d+)?)%)?(?P<text>.*)", re.DOTALL)
_ESCAPES = re.compile(r"\\([}#~/\"\\])")
_SIGNS = re.compile(r"[}#~\\]")


@dataclass(frozen=True)
class Embedded:
    """A text with signs for gaps, what each gap accepts, and what was left out."""

    text: str
    gaps: list[list[str]]
    notes: list[str]


def read(text: str, *, is_html: bool) -> Embedded:
    gaps: list[list[str]] = []
    notes: list[str] = []
    pieces: list[str] = []
    weights: set[str] = set()
    done = 0
    for opening in OPENING.finditer(text):
        if opening.start() < done:
            continue
        answers, end = _parts(text, opening.end())
        pieces += [text[done : opening.start()], GAP_SIGN]
        decode = unescape if is_html else str
        accepted, more = _accepted(opening[2], answers, decode)
        gaps.append(accepted)
        notes += more
        weights.add(opening[1] or "1")
        done = end
    if not gaps:
        raise Fault(_("The text has no gap."))
    if len(weights) > 1:
        notes.append(_("Gaps weigh differently in the file; here they weigh the same."))
    return Embedded("".join(pieces) + text[done:], gaps, notes)


def written(accepted: list[str]) -> str:
    """One gap, every variant wholly right."""
    answers = [_SIGNS.sub(r"\\\g<0>", found.starred(answer)) for answer in accepted]
    return "{1:SHORTANSWER:" + "~".join(f"%100%{answer}" for answer in answers) + "}"


def _parts(text: str, start: int) -> tuple[list[str], int]:
    """The answers up to the closing brace, still escaped, and the place after it."""
    parts: list[str] = []
    begin = at = start
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == "}":
            return [*parts, text[begin:at]], at + 1
        elif text[at] == "~":
            parts.append(text[begin:at])
            at += 1
            begin = at
        else:
            at += 1
    raise Fault(_("A gap isn’t closed by }."))


def _accepted(
    kind: str, parts: list[str], decode: Callable[[str], str]
) -> tuple[list[str], list[str]]:
    answers, notes = [], []
    for part in parts:
        answer, comment = _uncommented(part)
        match = _ANSWER.fullmatch(answer)
        assert match is not None  # the pattern takes any text
        share = Decimal((match["share"] or "0").replace(",", "."))
        words = _ESCAPES.sub(r"\1", decode(match["text"])).strip()
        answers.append(Choice(words, WHOLE if match["right"] else share))
        if comment:
            notes.append(_("Comments on single answers are left out."))
    answers = [answer for answer in answers if answer.text]
    if kind in _TYPED:
        accepted, more = found.typed(answers)
    elif kind in _NUMBERS:
        accepted, more = _numbers(answers)
    elif kind.startswith(("MULTICHOICE", "MC")):
        accepted, more = found.variants(answers)
        notes.append(_("Gaps with a list of options become gaps to type in."))
    else:
        raise Fault(_("Gaps of the kind %(kind)s aren’t known here.") % {"kind": kind[:30]})
    return accepted, notes + more


def _numbers(answers: list[Choice]) -> tuple[list[str], list[str]]:
    accepted, notes = found.variants(answers)
    for answer in accepted:
        value, _colon, tolerance = answer.partition(":")
        found.number(value)
        if tolerance and found.number(tolerance):
            raise Fault(_("A number in a gap has no tolerance here."))
    return [answer.partition(":")[0] for answer in accepted], notes


def _uncommented(part: str) -> tuple[str, str]:
    match = re.search(r"(?<!\\)(?:\\\\)*#", part)
    return (part[: match.end() - 1], part[match.end() :]) if match else (part, "")
