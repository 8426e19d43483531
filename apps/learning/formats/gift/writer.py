"""Drafts to GIFT. The lesson's quote isn't written: it belongs to the course."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.ai.prompts.quiz.schema import GAP, DraftQuestion, QuestionKind

from .. import found
from ..found import LeftOut, Written
from .signs import escaped

_FORMATS = ("[html]", "[moodle]", "[plain]", "[markdown]")


class _NoForm(Exception):
    """GIFT can't say this; the message tells why."""


def write(questions: Iterable[DraftQuestion], *, category: str = "") -> Written:
    blocks: list[str] = []
    left_out: list[LeftOut] = []
    for number, question in enumerate(questions, start=1):
        try:
            blocks.append(_block(question))
        except _NoForm as error:
            left_out.append(LeftOut(number, question.text, str(error)))
    name = " ".join(category.replace("/", "-").split())
    head = f"$CATEGORY: $course$/{name}\n\n" if name else ""
    content = head + "\n\n".join(blocks) + "\n"
    return Written(content, len(blocks), tuple(left_out))


def _block(question: DraftQuestion) -> str:
    before, gap, after = question.text, "", ""
    if question.kind == QuestionKind.CLOZE:
        before, gap, after = question.text.partition(GAP)
        if GAP in after:
            raise _NoForm(_("GIFT has no questions with several gaps."))
        if not after.strip():
            raise _NoForm(_("GIFT has no gap at the end of a text."))
    space = "" if gap else " "
    general = f"####{_words(question.explanation)}" if question.explanation else ""
    inner = f"{_answers(question)}{general}"
    return f"[markdown]{escaped(before)}{space}{{{inner}}}{escaped(after)}"


def _answers(question: DraftQuestion) -> str:
    match question.kind:
        case QuestionKind.TRUE_FALSE:
            return "TRUE" if question.is_true else "FALSE"
        case QuestionKind.NUMERIC:
            return _number(question)
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            return _options(question)
        case QuestionKind.MATCHING:
            return _pairs(question)
        case QuestionKind.SHORT:
            return _typed(question.accepted)
        case QuestionKind.CLOZE:
            return _typed(question.gaps[0])
        case QuestionKind.ORDERING:
            raise _NoForm(_("GIFT has no ordering."))


def _options(question: DraftQuestion) -> str:
    share = found.share_of(len(question.right))
    lines = []
    for index, option in enumerate(question.options):
        right = index in question.right
        if question.kind == QuestionKind.SINGLE:
            sign = "=" if right else "~"
        else:
            sign = f"~%{share}%" if right else f"~%-{share}%"
        lines.append(f"\n  {sign}{_words(option)}")
    return "".join(lines) + "\n"


def _pairs(question: DraftQuestion) -> str:
    if any("->" in pair.left for pair in question.pairs):
        raise _NoForm(_("GIFT can’t write an arrow (->) on the left of a pair."))
    lines = [f"\n  ={_words(pair.left)} -> {_words(pair.right)}" for pair in question.pairs]
    return "".join(lines) + "\n"


def _typed(accepted: list[str]) -> str:
    if any("->" in answer for answer in accepted):
        raise _NoForm(_("GIFT takes an answer with an arrow (->) for a pair."))
    answers = [found.starred(answer) for answer in accepted]
    return " ".join(
        f"={'%100%' if answer.startswith('%') else ''}{escaped(answer)}" for answer in answers
    )


def _number(question: DraftQuestion) -> str:
    if question.unit:
        raise _NoForm(_("GIFT has no units."))
    assert question.value is not None
    value, tolerance = question.value, question.tolerance
    return f"#{found.plain_number(value)}:{found.plain_number(tolerance)}"


def _words(text: str) -> str:
    """Escaped, and with its format named where its beginning could be taken for something else."""
    named = text.startswith("%") or text.lower().startswith(_FORMATS)
    return ("[markdown]" if named else "") + escaped(text)
