"""Drafts to Moodle XML, texts as markdown. The lesson's quote isn't written."""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.utils.translation import gettext as _

from apps.ai.prompts.quiz.schema import GAP, DraftQuestion, QuestionKind

from .. import found
from ..found import LeftOut, Written
from . import gaps

NAME_LENGTH = 60
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPES = {
    QuestionKind.SINGLE: "multichoice",
    QuestionKind.MULTIPLE: "multichoice",
    QuestionKind.TRUE_FALSE: "truefalse",
    QuestionKind.SHORT: "shortanswer",
    QuestionKind.NUMERIC: "numerical",
    QuestionKind.MATCHING: "matching",
    QuestionKind.CLOZE: "cloze",
    QuestionKind.ORDERING: "ordering",
}


def write(questions: Iterable[DraftQuestion], *, category: str = "") -> Written:
    root = Element("quiz")
    left_out: list[LeftOut] = []
    if category:
        head = SubElement(root, "question", type="category")
        _text(SubElement(head, "category"), "$course$/" + category.replace("/", "//"))
    count = 0
    for number, question in enumerate(questions, start=1):
        if question.kind == QuestionKind.CLOZE and gaps.OPENING.search(question.text):
            reason = _("Its text looks like one of Moodle’s gaps.")
            left_out.append(LeftOut(number, question.text, reason))
            continue
        _question(root, question)
        count += 1
    indent(root)
    content = '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")
    return Written(content + "\n", count, tuple(left_out))


def _question(root: Element, question: DraftQuestion) -> None:
    node = SubElement(root, "question", type=_TYPES[question.kind])
    _text(SubElement(node, "name"), " ".join(question.text.split())[:NAME_LENGTH])
    _text(SubElement(node, "questiontext", format="markdown"), _asked(question))
    _text(SubElement(node, "generalfeedback", format="markdown"), question.explanation)
    SubElement(node, "defaultgrade").text = "1"
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            _options(node, question)
        case QuestionKind.TRUE_FALSE:
            for answer in (True, False):
                _answer(node, str(answer).lower(), "100" if answer == question.is_true else "0")
        case QuestionKind.SHORT:
            SubElement(node, "usecase").text = "0"
            for variant in question.accepted:
                _answer(node, found.starred(variant), "100")
        case QuestionKind.NUMERIC:
            _number(node, question)
        case QuestionKind.MATCHING:
            SubElement(node, "shuffleanswers").text = "true"
            for pair in question.pairs:
                part = SubElement(node, "subquestion", format="markdown")
                _text(part, pair.left)
                _text(SubElement(part, "answer", format="markdown"), pair.right)
        case QuestionKind.ORDERING:
            _order(node, question)


def _asked(question: DraftQuestion) -> str:
    if question.kind != QuestionKind.CLOZE:
        return question.text
    first, *others = question.text.split(GAP)
    between = zip(question.gaps, others, strict=True)
    return first + "".join(gaps.written(accepted) + text for accepted, text in between)


def _options(node: Element, question: DraftQuestion) -> None:
    single = question.kind == QuestionKind.SINGLE
    SubElement(node, "single").text = "true" if single else "false"
    SubElement(node, "shuffleanswers").text = "true"
    SubElement(node, "answernumbering").text = "abc"
    share = found.share_of(len(question.right))
    for index, option in enumerate(question.options):
        wrong = "0" if single else f"-{share}"
        _answer(node, option, share if index in question.right else wrong, form="markdown")


def _number(node: Element, question: DraftQuestion) -> None:
    assert question.value is not None
    answer = _answer(node, found.plain_number(question.value), "100")
    SubElement(answer, "tolerance").text = found.plain_number(question.tolerance)
    if question.unit:
        unit = SubElement(SubElement(node, "units"), "unit")
        SubElement(unit, "multiplier").text = "1"
        SubElement(unit, "unit_name").text = _allowed(question.unit)
    SubElement(node, "unitgradingtype").text = "0"
    SubElement(node, "showunits").text = "0" if question.unit else "3"


def _order(node: Element, question: DraftQuestion) -> None:
    SubElement(node, "layouttype").text = "VERTICAL"
    SubElement(node, "selecttype").text = "ALL"
    SubElement(node, "selectcount").text = "0"
    SubElement(node, "gradingtype").text = "ABSOLUTE_POSITION"
    SubElement(node, "showgrading").text = "SHOW"
    for place, item in enumerate(question.items, start=1):
        _answer(node, item, str(place), form="markdown")


def _answer(node: Element, text: str, fraction: str, *, form: str = "plain_text") -> Element:
    answer = SubElement(node, "answer", fraction=fraction, format=form)
    _text(answer, text)
    return answer


def _text(node: Element, text: str) -> None:
    SubElement(node, "text").text = _allowed(text)


def _allowed(text: str) -> str:
    """Without characters that XML can't hold, and with one kind of line end."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
