"""A student's form read as answers in the API's form."""

from typing import Any

from django.http import QueryDict

from ..models import Answer, QuestionKind

TRUTH = {"true": True, "false": False}
LONGEST_MS = 24 * 3600 * 1000
MAX_DIGITS = 18


def name_of(question_id: int, part: object = "") -> str:
    """The field of a question, or of one of its parts: a place, a pair, a gap."""
    return f"q{question_id}:{part}" if part != "" else f"q{question_id}"


def asked_in(data: QueryDict) -> set[int]:
    """The questions that the form speaks of, which a box left empty doesn't show."""
    return {number for text in data.getlist("asked") if (number := _number(text)) is not None}


def duration_in(data: QueryDict, question_id: int) -> int:
    return min(_number(data.get(f"t{question_id}", "")) or 0, LONGEST_MS)


def _number(text: str) -> int | None:
    """The digits as a number; None for anything else, and for more of them than any id has."""
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else None


def given_in(data: QueryDict, answer: Answer) -> Any:
    """The answer as it was typed, None when nothing was."""
    name = name_of(answer.question_id)
    match answer.version.kind:
        case QuestionKind.SINGLE:
            return _id(data.get(name, "")) or None
        case QuestionKind.MULTIPLE:
            return [_id(text) for text in data.getlist(name)] or None
        case QuestionKind.TRUE_FALSE:
            return TRUTH.get(data.get(name, ""))
        case QuestionKind.ORDERING:
            return _order(data, answer)
        case QuestionKind.MATCHING:
            return _pairs(data, answer)
        case QuestionKind.CLOZE:
            return _gaps(data, answer)
    return data.get(name, "").strip() or None


def _id(text: str) -> int | str:
    """The id of an option; what is none stays as it is, to be refused with the rest."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else text


def _order(data: QueryDict, answer: Answer) -> list[int] | None:
    """Ids by the places chosen for them; of two at one place the one shown first stays first."""
    places = {item: data.get(name_of(answer.question_id, item), "") for item in answer.layout}
    if not any(places.values()):
        return None
    shown = list(answer.layout)
    last = len(shown)

    def place(item: str) -> int:
        number = _number(places[item])
        return last if number is None else number

    return sorted(shown, key=place)


def _pairs(data: QueryDict, answer: Answer) -> dict[str, int | str] | None:
    chosen = {
        str(side["id"]): _id(data.get(name_of(answer.question_id, side["id"]), ""))
        for side in answer.version.body["left"]
    }
    return {left: right for left, right in chosen.items() if right} or None


def _gaps(data: QueryDict, answer: Answer) -> list[str] | None:
    count = len(answer.version.body["gaps"])
    texts = [data.get(name_of(answer.question_id, n), "").strip() for n in range(count)]
    return texts if any(texts) else None
