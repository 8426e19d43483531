"""GIFT to drafts, question by question: what can't be taken is told by its line.

As Moodle documents the format (docs.moodle.org, "GIFT format"): questions are divided by blank
lines, the answers stand in braces, and a backslash makes a sign ordinary.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.ai.prompts.quiz.schema import GAP, DraftQuestion, QuestionKind

from .. import found
from ..found import WHOLE, Choice, Fault, Found, Reading
from ..html import markdown_of_html, markdown_of_mixed, markdown_of_text
from .signs import masked, unmasked

MOST_ANSWERS = 100  # that are looked at; a question takes fewer
_CATEGORY = re.compile(r"\s*\$CATEGORY:\s*(.*)", re.IGNORECASE)
_NAME = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:[.,]\d+)?)%")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}


def read(content: str) -> Reading:
    reading = Reading()
    category = ""
    for block in _blocks(content):
        if block.category is not None:
            category = block.category.rsplit("/", 1)[-1].strip()[:200]
            continue
        try:
            draft, notes = _Question(block.text).draft()
        except Fault as fault:
            reading.refuse(block.line_at(fault.at), str(fault))
        else:
            reading.take(Found(block.lines[0], draft, category, tuple(dict.fromkeys(notes))))
    return reading


@dataclass(frozen=True)
class _Block:
    """Lines up to a blank one, and which lines of the file they are."""

    lines: list[int]
    text: str
    category: str | None = None

    def line_at(self, place: int | None) -> int:
        return self.lines[self.text.count("\n", 0, place)] if place else self.lines[0]


def _blocks(content: str) -> Iterator[_Block]:
    numbers: list[int] = []
    texts: list[str] = []
    for number, line in enumerate([*content.replace("\r\n", "\n").split("\n"), ""], start=1):
        command = _CATEGORY.match(line)
        if numbers and (command or not line.strip()):
            yield _Block(numbers, masked("\n".join(texts)))
            numbers, texts = [], []
        if command:
            yield _Block([number], "", command[1])
        elif line.strip() and not line.lstrip().startswith("//"):
            numbers.append(number)
            texts.append(line)


class _Question:
    """One question being read; `text` is masked, places in it are offsets."""

    def __init__(self, text: str) -> None:
        name = _NAME.match(text)
        start = name.end() if name else 0
        form = _FORMAT.match(text, start)
        self.form = form[1].lower() if form else "moodle"
        start = form.end() if form else start
        opening, closing = _braces(text, start)
        self.before, self.after = text[start:opening], text[closing + 1 :]
        self.inner, self.at = text[opening + 1 : closing], opening + 1
        self.notes: list[str] = []

    def draft(self) -> tuple[DraftQuestion, list[str]]:
        answers, _mark, general = self.inner.partition("####")
        self.explanation = self.words(general)
        bare = answers.strip()
        if not bare:
            raise Fault(_("An essay has no right answer to check; such questions aren’t taken."))
        truth = _TRUTH.get(bare.partition("#")[0].strip().upper())
        if truth is not None:
            self._note_feedback("#" in bare)
            return self._drafted(QuestionKind.TRUE_FALSE, is_true=truth)
        if bare.startswith("#"):
            return self._numeric(answers)
        if "~" in bare:
            return self._choice(answers)
        if "->" in bare:
            return self._matching(answers)
        return self._typed(answers)

    # ── Kinds ─────────────────────────────────────────────────────────────────────────────────
    def _choice(self, answers: str) -> tuple[DraftQuestion, list[str]]:
        options = [
            Choice(self.words(text), share) for _sign, text, share, _at in self._answers(answers)
        ]
        several = "=" not in answers
        fields, notes = found.choices(options, several=several)
        self.notes += notes
        return self._drafted(QuestionKind.MULTIPLE if several else QuestionKind.SINGLE, **fields)

    def _typed(self, answers: str) -> tuple[DraftQuestion, list[str]]:
        given = [
            Choice(unmasked(text).strip(), share)
            for _sign, text, share, _at in self._answers(answers)
        ]
        accepted, notes = found.typed(given)
        self.notes += notes
        if self.after.strip():
            return self._drafted(QuestionKind.CLOZE, gaps=[accepted])
        return self._drafted(QuestionKind.SHORT, accepted=accepted)

    def _matching(self, answers: str) -> tuple[DraftQuestion, list[str]]:
        pairs = []
        for _sign, text, _share, at in self._answers(answers, weighed=False):
            left, arrow, right = text.partition("->")
            if not arrow:
                raise Fault(_("A pair has no arrow (->)."), at)
            if not left.strip():
                self.notes.append(_("Answers that match nothing are left out."))
                continue
            pairs.append({"left": self.words(left), "right": self.words(right)})
        return self._drafted(QuestionKind.MATCHING, pairs=pairs)

    def _numeric(self, answers: str) -> tuple[DraftQuestion, list[str]]:
        start = answers.index("#") + 1
        body = " " * start + answers[start:]
        if "=" in body or "~" in body:
            given = [
                (text, share, at) for sign, text, share, at in self._answers(body) if sign == "="
            ]
        else:
            text, mark, _feedback = body.partition("#")
            self._note_feedback(bool(mark))
            given = [(text, WHOLE, self.at)]
        whole = [(text, at) for text, share, at in given if share == WHOLE]
        if len(whole) != 1:
            raise Fault(_("A number has one right answer here; the file gives several or none."))
        if any(0 < share < WHOLE for _text, share, _at in given):
            self.notes.append(_("Answers for a part of the mark are left out."))
        try:
            value, tolerance = _number(unmasked(whole[0][0]))
        except Fault as fault:
            raise Fault(str(fault), whole[0][1]) from fault
        return self._drafted(QuestionKind.NUMERIC, value=value, tolerance=tolerance)

    # ── Parts ─────────────────────────────────────────────────────────────────────────────────
    def words(self, text: str) -> str:
        """A text in its own format, or in the question's, as markdown."""
        form = _FORMAT.match(text)
        if form:
            return self._converted(text[form.end() :], form[1].lower())
        return self._converted(text, self.form)

    def _converted(self, text: str, kind: str) -> str:
        plain = unmasked(text)
        found.check_length(plain)
        if kind == "markdown":
            return plain.strip()
        if kind == "plain":
            return markdown_of_text(plain)
        converted = markdown_of_html(plain) if kind == "html" else markdown_of_mixed(plain)
        if converted.lost:
            self.notes.append(_("Pictures and sounds are left out."))
        return converted.text

    def _text(self) -> str:
        """What is asked; braces in the middle of a sentence leave a gap there."""
        if not self.after.strip():
            return self._converted(self.before, self.form)
        if self.form == "markdown":
            before, after = unmasked(self.before), unmasked(self.after)
            return found.without_gaps(before) + GAP + found.without_gaps(after)
        gap = "\ufdda"
        text = found.without_gaps(self._converted(f"{self.before}{gap}{self.after}", self.form))
        return text.replace(gap, GAP)

    def _answers(
        self, body: str, *, weighed: bool = True
    ) -> Iterator[tuple[str, str, Decimal, int]]:
        """Sign, text, share in percent and place of every answer."""
        signs = list(re.finditer(r"[=~]", body))
        if not signs or body[: signs[0].start()].strip():
            raise Fault(_("Every answer begins with = or ~."), self.at)
        if len(signs) > MOST_ANSWERS:
            raise Fault(_("More than %(limit)s options.") % {"limit": MOST_ANSWERS}, self.at)
        for sign, following in zip(signs, [*signs[1:], None], strict=True):
            text = body[sign.end() : following.start() if following else None]
            share = WHOLE if sign[0] == "=" else Decimal(0)
            weight = _WEIGHT.match(text) if weighed else None
            if weight:
                share = Decimal(weight[1].replace(",", "."))
                text = text[weight.end() :]
            text, mark, _feedback = text.partition("#")
            self._note_feedback(bool(mark))
            place = self.at + sign.start()
            if not text.strip():
                raise Fault(_("An answer is empty."), place)
            yield sign[0], text, share, place

    def _note_feedback(self, there: bool) -> None:
        if there:
            self.notes.append(_("Comments on single answers are left out."))

    def _drafted(self, kind: QuestionKind, **fields: object) -> tuple[DraftQuestion, list[str]]:
        draft = found.drafted(kind, self._text(), explanation=self.explanation, **fields)
        return draft, self.notes


def _braces(text: str, start: int) -> tuple[int, int]:
    """Where the one pair of braces stands."""
    opening, closing = text.find("{", start), text.find("}", start)
    if opening < 0 and closing < 0:
        raise Fault(_("A description asks nothing; such questions aren’t taken."))
    if opening < 0 or 0 <= closing < opening:
        raise Fault(_("A closing brace } has no opening one."), closing)
    if closing < 0:
        raise Fault(_("The brace { isn’t closed before the blank line."), opening)
    second = text.find("{", opening + 1)
    if second >= 0:
        hint = _("A second brace {: write \\{ for the sign, or divide questions by a blank line.")
        raise Fault(hint, second)
    if text.find("}", closing + 1) >= 0:
        raise Fault(_("A closing brace } has no opening one."), text.find("}", closing + 1))
    return opening, closing


def _number(text: str) -> tuple[Decimal, Decimal]:
    """Value and tolerance of `1..5`, `3:0.5` or `3`."""
    if ".." in text:
        low, _dots, high = text.partition("..")
        return found.middle(found.number(low), found.number(high))
    value, colon, tolerance = text.partition(":")
    size = found.number(tolerance) if colon else Decimal(0)
    if size < 0:
        raise Fault(_("A tolerance can’t be negative."))
    return found.number(value), size
