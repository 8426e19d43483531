"""Questions in their shapes: as an engine or a teacher gives them, as they are stored, as shown."""

import random
from decimal import Decimal
from typing import Any

from apps.ai.prompts.quiz.schema import GAP, DraftQuestion, Pair, QuestionKind

Body = dict[str, Any]
MAX_ID = 2**31 - 1


def body_of(draft: DraftQuestion, pick: random.Random) -> Body:
    """What `QuestionVersion.body` holds; `pick` makes the ids, which tell nothing of the answer."""
    ids = _Ids(pick)
    match draft.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            right = set(draft.right)
            options = [
                {"id": ids.next(), "text": text, "right": number in right}
                for number, text in enumerate(draft.options)
            ]
            return {"options": options}
        case QuestionKind.TRUE_FALSE:
            return {"right": draft.is_true}
        case QuestionKind.SHORT:
            return {"accepted": draft.accepted}
        case QuestionKind.NUMERIC:
            return {
                "value": f"{draft.value:f}",
                "tolerance": f"{draft.tolerance:f}",
                "unit": draft.unit,
            }
        case QuestionKind.ORDERING:
            return {"items": [{"id": ids.next(), "text": text} for text in draft.items]}
        case QuestionKind.MATCHING:
            return _matching_body(draft.pairs, ids)
        case QuestionKind.CLOZE:
            return {"gaps": draft.gaps}


class _Ids:
    """Random ids, each once."""

    def __init__(self, pick: random.Random) -> None:
        self._pick = pick
        self._given: set[int] = set()

    def next(self) -> int:
        while (found := self._pick.randint(1, MAX_ID)) in self._given:
            pass
        self._given.add(found)
        return found


def _matching_body(pairs: list[Pair], ids: _Ids) -> Body:
    """Right sides that read the same are one, since nobody could tell them apart."""
    left = [{"id": ids.next(), "text": pair.left} for pair in pairs]
    by_text = {text: ids.next() for text in dict.fromkeys(pair.right for pair in pairs)}
    return {
        "left": left,
        "right": [{"id": id, "text": text} for text, id in by_text.items()],
        # JSON has no other keys than texts
        "pairs": {
            str(row["id"]): by_text[pair.right] for row, pair in zip(left, pairs, strict=True)
        },
    }


def draft_of(version: Any) -> DraftQuestion:
    """The stored version as a draft again: for editing, comparing and export."""
    body = version.body
    fields: dict[str, Any] = {
        "kind": version.kind,
        "text": version.text,
        "explanation": version.explanation,
        "quote": version.quote,
        "section": version.section,
    }
    match QuestionKind(version.kind):
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            fields["options"] = [option["text"] for option in body["options"]]
            fields["right"] = [n for n, option in enumerate(body["options"]) if option["right"]]
        case QuestionKind.TRUE_FALSE:
            fields["is_true"] = body["right"]
        case QuestionKind.SHORT:
            fields["accepted"] = body["accepted"]
        case QuestionKind.NUMERIC:
            fields |= {
                "value": Decimal(body["value"]),
                "tolerance": Decimal(body["tolerance"]),
                "unit": body["unit"],
            }
        case QuestionKind.ORDERING:
            fields["items"] = [item["text"] for item in body["items"]]
        case QuestionKind.MATCHING:
            text = {side["id"]: side["text"] for side in body["right"]}
            fields["pairs"] = [
                {"left": side["text"], "right": text[body["pairs"][str(side["id"])]]}
                for side in body["left"]
            ]
        case QuestionKind.CLOZE:
            fields["gaps"] = body["gaps"]
    return DraftQuestion(**fields)


def layout_of(kind: str, body: Body, *, shuffle: bool, pick: random.Random) -> list[int]:
    """Ids in the order in which they are shown: options, items, or the right sides of a matching.

    Where the stored order is the answer it is shuffled whatever the teacher chose.
    """
    match QuestionKind(kind):
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            rows, shuffled = body["options"], shuffle
        case QuestionKind.ORDERING:
            rows, shuffled = body["items"], True
        case QuestionKind.MATCHING:
            rows, shuffled = body["right"], True
        case _:
            return []
    ids = [row["id"] for row in rows]
    if shuffled:
        pick.shuffle(ids)
    return ids


def shown(version: Any, layout: list[int]) -> dict[str, Any]:
    """What a student may see before submission: `kind`, `text`, and by kind `options` or `gaps`.

    `options` is [{"id", "text"}]; of a matching {"left": […], "right": […]}. `gaps` is their number.
    """
    body = version.body
    found: dict[str, Any] = {"kind": version.kind, "text": version.text}
    match QuestionKind(version.kind):
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            found["options"] = _laid_out(body["options"], layout)
        case QuestionKind.ORDERING:
            found["options"] = _laid_out(body["items"], layout)
        case QuestionKind.MATCHING:
            left = [{"id": side["id"], "text": side["text"]} for side in body["left"]]
            found["options"] = {"left": left, "right": _laid_out(body["right"], layout)}
        case QuestionKind.CLOZE:
            found["gaps"] = version.text.count(GAP)
    return found


def _laid_out(rows: list[dict[str, Any]], layout: list[int]) -> list[dict[str, Any]]:
    text = {row["id"]: row["text"] for row in rows}
    return [{"id": id, "text": text[id]} for id in layout]
