"""A question that was answered wrongly as the two sides of a card; markdown, in the active language."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

GAP = "___"
# How the built-in engine and most teachers begin a statement, in lower case.
ASKS_ALREADY = ("true or false", "верно ли", "верно или неверно")


def sides(
    *, kind: str, text: str, body: dict[str, Any], explanation: str, layout: Sequence[int]
) -> tuple[str, str]:
    """Front and back. `layout` holds the ids of what was shown, in that order."""
    shown, right = _SIDES[kind](text, body, layout)
    return _joined([text, shown]), _joined([right, explanation])


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def _list(lines: Iterable[str], mark: str = "-") -> str:
    return "\n".join(f"{mark} {line}" for line in lines)


def _in_order(items: list[dict[str, Any]], layout: Sequence[int]) -> list[dict[str, Any]]:
    places = {item: place for place, item in enumerate(layout)}
    return sorted(items, key=lambda item: places.get(item["id"], len(places)))


def _choice(_text: str, body: dict[str, Any], layout: Sequence[int]) -> tuple[str, str]:
    options = _in_order(body["options"], layout)
    right = [option["text"] for option in options if option["right"]]
    return _list(option["text"] for option in options), right[0] if len(right) == 1 else _list(
        right
    )


def _true_false(text: str, body: dict[str, Any], _layout: Sequence[int]) -> tuple[str, str]:
    asked = "" if text.casefold().startswith(ASKS_ALREADY) else _("True or false?")
    return asked, _("True") if body["right"] else _("False")


def _short(_text: str, body: dict[str, Any], _layout: Sequence[int]) -> tuple[str, str]:
    return "", body["accepted"][0]


def _numeric(_text: str, body: dict[str, Any], _layout: Sequence[int]) -> tuple[str, str]:
    return "", f"{body['value']} {body.get('unit') or ''}".strip()


def _ordering(_text: str, body: dict[str, Any], layout: Sequence[int]) -> tuple[str, str]:
    shown = _in_order(body["items"], layout)
    return _list(item["text"] for item in shown), _list(
        (item["text"] for item in body["items"]), "1."
    )


def _matching(_text: str, body: dict[str, Any], layout: Sequence[int]) -> tuple[str, str]:
    right = {item["id"]: item["text"] for item in body["right"]}
    shown = _list(item["text"] for item in body["left"])
    offered = _list(item["text"] for item in _in_order(body["right"], layout))
    pairs = (f"{item['text']}: {right[body['pairs'][str(item['id'])]]}" for item in body["left"])
    # on its own: in an f-string no tool would find it for the translators
    asked = _("What belongs to what?")
    return f"{shown}\n\n{asked}\n\n{offered}", _list(pairs)


def _cloze(text: str, body: dict[str, Any], _layout: Sequence[int]) -> tuple[str, str]:
    parts = text.split(GAP)
    filled = parts[0]
    for gap, part in zip(body["gaps"], parts[1:], strict=False):
        filled += f"**{gap[0]}**{part}"
    return "", filled


_SIDES = {
    "single": _choice,
    "multiple": _choice,
    "true_false": _true_false,
    "short": _short,
    "numeric": _numeric,
    "ordering": _ordering,
    "matching": _matching,
    "cloze": _cloze,
}
