"""Questions as a page shows them: while they are asked, and with their verdicts afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.ai.prompts.quiz.schema import GAP
from apps.core.markdown import plain_text, render, render_with_gaps

from ..engine.marking import mark, right_answer
from ..engine.questions import shown
from ..forms.answers import name_of
from ..models import Answer, QuestionKind, QuestionVersion

CHOICES = {QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE}
LONG_SIDE = 32  # characters that a list to choose from shows on a phone


@dataclass(frozen=True)
class Choice:
    """An option with the key that chooses it; whether it is right is known after submission."""

    id: int | str
    text: str
    key: int
    is_given: bool
    is_right: bool | None = None


@dataclass(frozen=True)
class Place:
    """An item to be put in order, or the left side of a pair, and what it got."""

    id: int | str
    name: str
    text: str
    given: str = ""
    given_text: str = ""
    right_text: str = ""
    is_right: bool | None = None


@dataclass(frozen=True)
class Side:
    """The right side of a pair: written out beside its letter, and plain for a list to choose from."""

    id: int | str
    letter: str
    text: str
    plain: str

    @property
    def is_long(self) -> bool:
        return len(self.text) > LONG_SIDE or self.text != self.plain


@dataclass(frozen=True)
class Asked:
    """`rows` are the items of an ordering, the left sides of a matching, the gaps of a cloze."""

    id: int
    number: int
    kind: str
    kind_name: str
    name: str
    text: SafeString
    unit: str = ""
    given: str = ""
    choices: list[Choice] = field(default_factory=list)
    rows: list[Place] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    has_inner_gaps: bool = False
    is_answered: bool = False
    error: str = ""
    right: str = ""

    @property
    def has_key(self) -> bool:
        """Whether the right sides are too much for a list to choose from."""
        return any(side.is_long for side in self.sides)

    @property
    def is_choice(self) -> bool:
        return self.kind in CHOICES


def asked(answer: Answer, *, given: Any, error: str = "", reveal: bool = False) -> Asked:
    """The question of `answer`; `reveal` adds what is right, for a submitted attempt."""
    return asked_version(
        answer.version,
        answer.layout,
        number=answer.position,
        given=given,
        error=error,
        reveal=reveal,
    )


def asked_version(
    version: QuestionVersion,
    layout: list[Any],
    *,
    number: int,
    given: Any = None,
    error: str = "",
    reveal: bool = False,
) -> Asked:
    sheet = shown(version, layout)
    right = right_answer(version.kind, version.body) if reveal else None
    common: dict[str, Any] = {
        "id": version.question_id,
        "number": number,
        "kind": version.kind,
        "kind_name": version.get_kind_display(),
        "name": name_of(version.question_id),
        "is_answered": given is not None,
        "error": error,
    }
    match version.kind:
        case QuestionKind.CLOZE:
            return Asked(**common, **_cloze(version, given, right))
        case QuestionKind.ORDERING:
            detail: dict[str, Any] = {"rows": _order(version, sheet["options"], given, right)}
        case QuestionKind.MATCHING:
            detail = {
                "rows": _pairs(version, sheet["options"], given, right),
                "sides": [_side(n, side) for n, side in enumerate(sheet["options"]["right"])],
            }
        case QuestionKind.SHORT | QuestionKind.NUMERIC:
            detail = {
                "given": "" if given is None else str(given),
                "unit": version.body.get("unit", ""),
                "right": "" if right is None else str(right),
            }
        case _:
            detail = {"choices": _choices(version.kind, sheet, given, right)}
    return Asked(**common, text=render(version.text), **detail)


def _choices(kind: str, sheet: Mapping[str, Any], given: Any, right: Any) -> list[Choice]:
    if kind == QuestionKind.TRUE_FALSE:
        options = [{"id": "true", "text": _("True")}, {"id": "false", "text": _("False")}]
        chosen = set() if given is None else {str(given).lower()}
        answers = set() if right is None else {str(right).lower()}
    else:
        options = sheet["options"]
        chosen, answers = _ids(given), _ids(right)
    return [
        Choice(
            id=option["id"],
            text=option["text"],
            key=key,
            is_given=option["id"] in chosen,
            is_right=None if right is None else option["id"] in answers,
        )
        for key, option in enumerate(options, start=1)
    ]


def _ids(value: Any) -> set[Any]:
    return set(value) if isinstance(value, list) else {value}


def _order(
    version: QuestionVersion, shown_items: list[dict[str, Any]], given: Any, right: Any
) -> list[Place]:
    """In the order that was given, else as shown."""
    texts = {item["id"]: item["text"] for item in shown_items}
    order = given if isinstance(given, list) and set(given) == set(texts) else list(texts)
    return [
        Place(
            id=item,
            name=name_of(version.question_id, item),
            text=texts[item],
            given=str(place),
            right_text="" if right is None else texts[right[place - 1]],
            is_right=None if right is None else given is not None and right[place - 1] == item,
        )
        for place, item in enumerate(order, start=1)
    ]


def _pairs(
    version: QuestionVersion, sides: dict[str, list[dict[str, Any]]], given: Any, right: Any
) -> list[Place]:
    texts = {side["id"]: side["text"] for side in sides["right"]}
    chosen = given if isinstance(given, dict) else {}
    return [
        Place(
            id=side["id"],
            name=name_of(version.question_id, side["id"]),
            text=side["text"],
            given=chosen.get(str(side["id"]), ""),
            given_text=texts.get(chosen.get(str(side["id"]), 0), ""),
            right_text="" if right is None else texts[right[str(side["id"])]],
            is_right=None
            if right is None
            else chosen.get(str(side["id"])) == right[str(side["id"])],
        )
        for side in sides["left"]
    ]


def _side(number: int, side: dict[str, Any]) -> Side:
    plain = plain_text(side["text"]).replace("\n", " ")
    return Side(side["id"], ascii_uppercase[number], side["text"], plain)


def _cloze(version: QuestionVersion, given: Any, right: Any) -> dict[str, Any]:
    """The text with its gaps in it; where they can't stand there they follow below."""
    count = len(version.body["gaps"])
    texts = [*given, *[""] * count][:count] if isinstance(given, list) else [""] * count
    rows = [
        Place(
            id=str(n),
            name=name_of(version.question_id, n),
            text=_("Gap %(number)s") % {"number": n + 1},
            given=text,
            right_text="" if right is None else right[n],
            is_right=None if right is None else _fits(version.body["gaps"][n], text),
        )
        for n, text in enumerate(texts)
    ]
    parts = [_gap(row, count) if right is None else _filled(row) for row in rows]
    html = render_with_gaps(version.text, gap=GAP, parts=parts)
    return {
        "text": render(version.text) if html is None else html,
        "rows": rows,
        "has_inner_gaps": html is not None,
    }


def _gap(row: Place, count: int) -> SafeString:
    label = row.text if count > 1 else _("Gap")
    return format_html(
        '<input class="gap" name="{}" value="{}" aria-label="{}" maxlength="1000" autocomplete="off"'
        ' autocapitalize="off" spellcheck="false">',
        row.name,
        row.given,
        label,
    )


def _filled(row: Place) -> SafeString:
    verdict = "right" if row.is_right else "wrong"
    return format_html('<span class="gap gap-{}">{}</span>', verdict, row.given or "…")


def _fits(accepted: list[str], text: str) -> bool:
    return bool(text) and mark(QuestionKind.SHORT, {"accepted": accepted}, text).is_right
