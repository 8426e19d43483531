"""Moodle XML to drafts: what can't be taken is told by the line of its question."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.ai.prompts.quiz.schema import GAP, DraftQuestion, QuestionKind
from apps.core.errors import Invalid, TooLarge

from .. import found
from ..found import MAX_BYTES, WHOLE, Choice, Fault, Found, Reading
from ..html import markdown_of_html, markdown_of_mixed, markdown_of_text
from . import gaps
from .tree import Element, parsed


def read(content: bytes) -> Reading:
    if len(content) > MAX_BYTES:
        size = {"size": MAX_BYTES // 1024**2}
        raise TooLarge(_("The file is larger than %(size)s MB.") % size)
    root, broken = parsed(content)
    if root.tag != "quiz":
        raise Invalid(_("This XML holds no Moodle quiz."))
    reading = Reading()
    category = ""
    for element in root.all("question"):
        if element.attributes.get("type") == "category":
            category = element.value("category").rsplit("/", 1)[-1].strip()[:200]
            continue
        try:
            draft, notes = _Question(element).draft()
        except Fault as fault:
            reading.refuse(fault.at or element.line, str(fault))
        else:
            reading.take(Found(element.line, draft, category, tuple(dict.fromkeys(notes))))
    if broken:
        reading.refuse(broken.line, _("The XML is broken here; nothing after it could be read."))
    return reading


class _Question:
    """One `<question>` being read."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.notes: list[str] = []

    def draft(self) -> tuple[DraftQuestion, list[str]]:
        kind = self.element.attributes.get("type", "")
        readers: dict[str, Callable[[], DraftQuestion]] = {
            "multichoice": self._choice,
            "truefalse": self._truth,
            "shortanswer": self._short,
            "numerical": self._numeric,
            "matching": self._matching,
            "cloze": self._cloze,
            "ordering": self._ordering,
        }
        if kind not in readers:
            raise Fault(_unknown(kind))
        draft = readers[kind]()
        if any(answer.value("feedback").strip() for answer in self.element.all("answer")):
            self.notes.append(_("Comments on single answers are left out."))
        return draft, self.notes

    # ── Kinds ─────────────────────────────────────────────────────────────────────────────────
    def _choice(self) -> DraftQuestion:
        single = self.element.value("single").strip().lower() not in {"false", "0"}
        options = [
            Choice(self._words(answer), _share(answer)) for answer in self.element.all("answer")
        ]
        fields, notes = found.choices(options, several=not single)
        self.notes += notes
        return self._drafted(QuestionKind.SINGLE if single else QuestionKind.MULTIPLE, **fields)

    def _truth(self) -> DraftQuestion:
        right = [
            answer.value("text").strip().lower()
            for answer in self.element.all("answer")
            if _share(answer) == WHOLE
        ]
        if right not in (["true"], ["false"]):
            raise Fault(_("Neither true nor false is marked as right."))
        return self._drafted(QuestionKind.TRUE_FALSE, is_true=right == ["true"])

    def _short(self) -> DraftQuestion:
        answers = [
            Choice(answer.value("text").strip(), _share(answer))
            for answer in self.element.all("answer")
        ]
        accepted, notes = found.typed(answers)
        self.notes += notes
        if self.element.value("usecase").strip() == "1":
            self.notes.append(_("Capital and small letters count as the same here."))
        return self._drafted(QuestionKind.SHORT, accepted=accepted)

    def _numeric(self) -> DraftQuestion:
        given = [
            answer for answer in self.element.all("answer") if answer.value("text").strip() != "*"
        ]
        whole = [answer for answer in given if _share(answer) == WHOLE]
        if len(whole) != 1:
            raise Fault(_("A number has one right answer here; the file gives several or none."))
        if any(0 < _share(answer) < WHOLE for answer in given):
            self.notes.append(_("Answers for a part of the mark are left out."))
        answer = whole[0]
        try:
            value = found.number(answer.value("text"))
            tolerance = found.number(answer.value("tolerance") or "0")
        except Fault as fault:
            raise Fault(str(fault), answer.line) from fault
        if tolerance < 0:
            raise Fault(_("A tolerance can’t be negative."), answer.line)
        unit = self._unit()
        return self._drafted(QuestionKind.NUMERIC, value=value, tolerance=tolerance, unit=unit)

    def _unit(self) -> str:
        units = self.element.first("units")
        names = {
            unit.value("unit_name").strip(): unit.value("multiplier").strip()
            for unit in (units.all("unit") if units else ())
        }
        if len(names) > 1:
            self.notes.append(_("Of several units the first is taken."))
        for name, multiplier in names.items():
            if found.number(multiplier or "1") == 1:
                return name
        return ""

    def _matching(self) -> DraftQuestion:
        pairs = []
        for pair in self.element.all("subquestion"):
            left, right = self._words(pair), self._words(pair.first("answer"))
            if left:
                pairs.append({"left": left, "right": right})
            else:
                self.notes.append(_("Answers that match nothing are left out."))
        return self._drafted(QuestionKind.MATCHING, pairs=pairs)

    def _ordering(self) -> DraftQuestion:
        answers = sorted(self.element.all("answer"), key=_share)
        return self._drafted(
            QuestionKind.ORDERING, items=[self._words(answer) for answer in answers]
        )

    def _cloze(self) -> DraftQuestion:
        element = self.element.first("questiontext")
        raw = element.value("text") if element else ""
        form = _form(element)
        embedded = gaps.read(raw, is_html=form not in {"markdown", "plain_text"})
        self.notes += embedded.notes
        text = found.without_gaps(self._converted(embedded.text, form))
        return self._drafted(
            QuestionKind.CLOZE, text=text.replace(gaps.GAP_SIGN, GAP), gaps=embedded.gaps
        )

    # ── Parts ─────────────────────────────────────────────────────────────────────────────────
    def _words(self, element: Element | None) -> str:
        """The `<text>` of an element, in its own format, as markdown."""
        if element is None:
            return ""
        if element.first("file") is not None:
            self.notes.append(_("Pictures and sounds are left out."))
        return self._converted(element.value("text"), _form(element))

    def _converted(self, text: str, form: str) -> str:
        found.check_length(text)
        if form == "markdown":
            return text.strip()
        if form == "plain_text":
            return markdown_of_text(text)
        converted = markdown_of_html(text) if form == "html" else markdown_of_mixed(text)
        if converted.lost:
            self.notes.append(_("Pictures and sounds are left out."))
        return converted.text

    def _drafted(
        self, kind: QuestionKind, text: str | None = None, **fields: object
    ) -> DraftQuestion:
        asked = self._words(self.element.first("questiontext")) if text is None else text
        explanation = self._words(self.element.first("generalfeedback"))
        return found.drafted(kind, asked, explanation=explanation, **fields)


def _form(element: Element | None) -> str:
    return element.attributes.get("format", "moodle_auto_format") if element else "html"


def _share(answer: Element) -> Decimal:
    return found.number(answer.attributes.get("fraction", "0"))


def _unknown(kind: str) -> str:
    if kind == "essay":
        return _("An essay has no right answer to check; such questions aren’t taken.")
    if kind == "description":
        return _("A description asks nothing; such questions aren’t taken.")
    return _("Questions of the kind “%(kind)s” aren’t known here.") % {"kind": kind[:40]}
