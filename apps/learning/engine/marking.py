"""Answers judged: their form, their share of the question's one point, and the right answer.

single, true_false, short, numeric   all or nothing
multiple   (right options chosen - wrong options chosen) / right options, at least 0
matching   share of the pairs that are right
ordering   (longest run of items in the right order, others left out, - 1) / (items - 1)
cloze      share of the gaps that are right
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.ai.prompts.quiz.schema import QuestionKind

from . import numbers, words

MAX_TEXT = 1000
# How points are given, for the people who are marked.
RULES = {
    QuestionKind.SINGLE: gettext_lazy("The right option gives the point."),
    QuestionKind.MULTIPLE: gettext_lazy(
        "Each right option chosen gives its part of the point, each wrong one takes a part away."
    ),
    QuestionKind.TRUE_FALSE: gettext_lazy("The right answer gives the point."),
    QuestionKind.SHORT: gettext_lazy("The right words give the point; case doesn’t matter."),
    QuestionKind.NUMERIC: gettext_lazy(
        "The right number gives the point, with its unit or without one."
    ),
    QuestionKind.ORDERING: gettext_lazy(
        "The more items stand in the right order among themselves, the larger the part of the point."
    ),
    QuestionKind.MATCHING: gettext_lazy("Each right pair gives its part of the point."),
    QuestionKind.CLOZE: gettext_lazy("Each right gap gives its part of the point."),
}


@dataclass(frozen=True)
class Mark:
    """`share` is of the question's one point; `is_right` when it is whole."""

    share: Fraction

    @property
    def is_right(self) -> bool:
        return self.share == 1


# ── Form ──────────────────────────────────────────────────────────────────────────────────────
def check_form(kind: str, body: dict[str, Any], given: Any) -> None:
    """Raises ValueError, with words for the student, unless this can be an answer; None always can.

    A list or an object may be unfinished: what is missing is wrong.
    """
    if given is None:
        return
    match QuestionKind(kind):
        case QuestionKind.SINGLE:
            if not _is_id(given) or given not in _ids(body["options"]):
                raise ValueError(_("Choose one of the options."))
        case QuestionKind.MULTIPLE:
            if not _are_ids(given, body["options"]):
                raise ValueError(_("Choose some of the options, each once."))
        case QuestionKind.TRUE_FALSE:
            if not isinstance(given, bool):
                raise ValueError(_("Answer true or false."))
        case QuestionKind.SHORT:
            _check_text(given)
        case QuestionKind.NUMERIC:
            _check_number(given)
        case QuestionKind.ORDERING:
            if not _are_ids(given, body["items"]):
                raise ValueError(_("Put the items in order, each once."))
        case QuestionKind.MATCHING:
            right = _ids(body["right"])
            if not isinstance(given, dict) or not all(
                key in body["pairs"] and _is_id(value) and value in right
                for key, value in given.items()
            ):
                raise ValueError(_("Give each one on the left its counterpart on the right."))
        case QuestionKind.CLOZE:
            if not isinstance(given, list) or len(given) != len(body["gaps"]):
                raise ValueError(_("Give as many words as there are gaps."))
            for text in given:
                _check_text(text)


def _check_text(given: Any) -> None:
    if not isinstance(given, str):
        raise ValueError(_("Answer in words."))
    if len(given) > MAX_TEXT or "\x00" in given:
        raise ValueError(_("That is too long for an answer."))


def _check_number(given: Any) -> None:
    if isinstance(given, str) and not given.strip():
        return
    try:
        numbers.read(given)
    except numbers.NotANumber as error:
        raise ValueError(_("Give a number, with its unit if it has one.")) from error


def _ids(rows: Iterable[dict[str, Any]]) -> set[int]:
    return {row["id"] for row in rows}


def _is_id(given: Any) -> bool:
    return isinstance(given, int) and not isinstance(given, bool)


def _are_ids(given: Any, rows: Iterable[dict[str, Any]]) -> bool:
    return (
        isinstance(given, list)
        and all(_is_id(id) for id in given)
        and len(set(given)) == len(given)
        and set(given) <= _ids(rows)
    )


# ── Marks ─────────────────────────────────────────────────────────────────────────────────────
def mark(kind: str, body: dict[str, Any], given: Any) -> Mark:
    """The mark of an answer whose form is right; no answer is wrong."""
    return Mark(Fraction(0) if given is None else _share(QuestionKind(kind), body, given))


def _share(kind: QuestionKind, body: dict[str, Any], given: Any) -> Fraction:
    match kind:
        case QuestionKind.SINGLE:
            return Fraction(given in _right_ids(body))
        case QuestionKind.MULTIPLE:
            right = _right_ids(body)
            chosen = set(given)
            return max(Fraction(0), Fraction(len(chosen & right) - len(chosen - right), len(right)))
        case QuestionKind.TRUE_FALSE:
            return Fraction(given is body["right"])
        case QuestionKind.SHORT:
            return Fraction(_is_one_of(given, body["accepted"]))
        case QuestionKind.NUMERIC:
            return Fraction(_is_number(given, body))
        case QuestionKind.ORDERING:
            place = {item["id"]: number for number, item in enumerate(body["items"])}
            run = _longest_run([place[id] for id in given])
            return Fraction(max(0, run - 1), len(place) - 1)
        case QuestionKind.MATCHING:
            pairs = body["pairs"]
            return Fraction(
                sum(given.get(left) == right for left, right in pairs.items()), len(pairs)
            )
        case QuestionKind.CLOZE:
            right_gaps = map(_is_one_of, given, body["gaps"])
            return Fraction(sum(right_gaps), len(body["gaps"]))


def _right_ids(body: dict[str, Any]) -> set[int]:
    return {option["id"] for option in body["options"] if option["right"]}


def _is_one_of(given: str, accepted: Iterable[str]) -> bool:
    return any(words.same(given, text) for text in accepted)


def _is_number(given: Any, body: dict[str, Any]) -> bool:
    if isinstance(given, str) and not given.strip():
        return False
    values, unit = numbers.read(given)
    value, tolerance = Decimal(body["value"]), Decimal(body["tolerance"])
    near = any(abs(Fraction(each) - Fraction(value)) <= Fraction(tolerance) for each in values)
    return near and unit in ("", numbers.plain_unit(body["unit"]))


def _longest_run(places: list[int]) -> int:
    """Length of the longest increasing subsequence, by patience sorting."""
    tops: list[int] = []
    for place in places:
        at = bisect_left(tops, place)
        tops[at : at + 1] = [place]
    return len(tops)


# ── The right answer ──────────────────────────────────────────────────────────────────────────
def right_answer(kind: str, body: dict[str, Any]) -> Any:
    """In the form in which an answer is given; given as the answer, it is right."""
    match QuestionKind(kind):
        case QuestionKind.SINGLE:
            return next(iter(_right_ids(body)))
        case QuestionKind.MULTIPLE:
            return [option["id"] for option in body["options"] if option["right"]]
        case QuestionKind.TRUE_FALSE:
            return body["right"]
        case QuestionKind.SHORT:
            return body["accepted"][0]
        case QuestionKind.NUMERIC:
            return _number(body)
        case QuestionKind.ORDERING:
            return [item["id"] for item in body["items"]]
        case QuestionKind.MATCHING:
            return body["pairs"]
        case QuestionKind.CLOZE:
            return [accepted[0] for accepted in body["gaps"]]


def _number(body: dict[str, Any]) -> Any:
    """With a unit as text; else a number where one is exact in JSON, else its digits."""
    value, unit = body["value"], body["unit"]
    if unit[:1].isalpha() or (unit[:1] in "%°" and unit):
        return f"{value} {unit}"
    as_float = float(value)
    if Decimal(repr(as_float)) != Decimal(value):
        return value
    return int(as_float) if as_float.is_integer() else as_float
