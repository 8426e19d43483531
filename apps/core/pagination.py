"""Keyset pages: a list is cut by the values of its ordering, never by an offset, to any depth.

A cursor is URL-safe base64 of JSON: direction and the ordering values of the row at the edge.
`paginate` cuts a queryset; `position_of` and `cut` serve a list that makes its pages itself.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from .errors import Invalid

M = TypeVar("M", bound=Model)
T = TypeVar("T")
MAX_LIMIT = 100
LARGEST = 2**63


class InvalidCursor(Invalid):
    message = _("This page address is out of date. Start from the first page.")

    def __init__(self) -> None:
        super().__init__(errors={"cursor": [self.message]})


@dataclass(frozen=True)
class Page(Generic[T]):
    """`next` and `previous` are cursors, or None at the ends."""

    items: list[T]
    next: str | None
    previous: str | None


def paginate(
    queryset: QuerySet[M], *, ordering: Sequence[str], cursor: str | None, limit: int
) -> Page[M]:
    """One page in the given ordering, whose last key must be unique and none nullable.

    Raises InvalidCursor for a cursor that this ordering didn't make.
    """
    fields = [key.removeprefix("-") for key in ordering]
    backwards, position = _decode(cursor, len(fields)) if cursor else (False, None)
    rows = queryset.order_by(*(_reversed(ordering) if backwards else ordering))
    if position is not None:
        values = _typed(position)
        try:
            rows = rows.filter(_beyond(ordering, fields, values, backwards))
        except (TypeError, ValueError, ValidationError) as error:  # made by another ordering
            raise InvalidCursor from error
    return _cut(
        list(rows[: limit + 1]),
        limit=limit,
        backwards=backwards,
        is_first=position is None,
        place=_placed_by(fields),
    )


def first_page(rows: list[M], *, ordering: Sequence[str], limit: int) -> Page[M]:
    """The first page as `paginate` makes it, of rows in that order, read one beyond the limit."""
    fields = [key.removeprefix("-") for key in ordering]
    return _cut(rows, limit=limit, backwards=False, is_first=True, place=_placed_by(fields))


def _placed_by(fields: Sequence[str]) -> Callable[[Any], list[Any]]:
    return lambda row: [_value(row, field) for field in fields]


# ── Lists that make their pages themselves ────────────────────────────────────────────────────
@dataclass(frozen=True)
class Position:
    """The ordering values of a row; the page holds what comes beyond it, or before it."""

    values: tuple[Any, ...]
    backwards: bool


def position_of(cursor: str | None, *, order: str, types: Sequence[type]) -> Position | None:
    """Raises InvalidCursor for one of another order, or of other values than it has."""
    if cursor is None:
        return None
    backwards, (name, *position) = _decode(cursor, len(types) + 1)
    values = tuple(_typed(position))
    if name != order or [*map(type, values)] != [*types]:
        raise InvalidCursor
    return Position(values, backwards)


def cut(
    found: list[tuple[Any, ...]], *, position: Position | None, limit: int, order: str
) -> Page[tuple[Any, ...]]:
    """A page of rows that are their own ordering values, read one beyond the limit."""
    return _cut(
        found,
        limit=limit,
        backwards=position is not None and position.backwards,
        is_first=position is None,
        place=lambda row: [order, *row],
    )


def _cut(
    found: list[T],
    *,
    limit: int,
    backwards: bool,
    is_first: bool,
    place: Callable[[T], Sequence[Any]],
) -> Page[T]:
    more = len(found) > limit
    items = found[:limit]
    if backwards:
        items.reverse()
    has_next = bool(items) and (backwards or more)
    has_previous = bool(items) and (more if backwards else not is_first)
    return Page(
        items=items,
        next=_encode(place(items[-1]), False) if has_next else None,
        previous=_encode(place(items[0]), True) if has_previous else None,
    )


def _reversed(ordering: Sequence[str]) -> list[str]:
    return [key[1:] if key.startswith("-") else f"-{key}" for key in ordering]


def _beyond(
    ordering: Sequence[str], fields: Sequence[str], values: Sequence[Any], backwards: bool
) -> Q:
    """(a, b) beyond (x, y): a beyond x, or a = x and b beyond y; for mixed directions too.

    That a isn't before x follows, and is said so that an index of the ordering is entered there.
    """
    condition = Q()
    equal = Q()
    side = "lte" if ordering[0].startswith("-") != backwards else "gte"
    entry = Q(**{f"{fields[0]}__{side}": values[0]})
    for key, field, value in zip(ordering, fields, values, strict=True):
        descending = key.startswith("-") != backwards
        condition |= equal & Q(**{f"{field}__{'lt' if descending else 'gt'}": value})
        equal &= Q(**{field: value})
    return entry & condition


def _typed(position: Sequence[Any]) -> list[Any]:
    try:
        return [_revive(value) for value in position]
    except (ValueError, TypeError, ArithmeticError, KeyError) as error:
        raise InvalidCursor from error


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, Decimal):
        return {"d": str(value)}
    return str(value) if isinstance(value, UUID) else value


def _revive(value: Any) -> Any:
    if isinstance(value, dict):
        if "t" in value:
            moment = parse_datetime(value["t"])
            if moment is None or moment.tzinfo is None:
                raise ValueError
            return moment.astimezone(UTC)  # beyond the calendar: OverflowError
        value = Decimal(value["d"])
    if isinstance(value, str):
        value.encode()  # a lone surrogate can't be asked for
        if "\x00" in value:
            raise ValueError
    elif not isinstance(value, int | float | Decimal) or not -LARGEST < value < LARGEST:
        raise ValueError
    return value


def _encode(values: Sequence[Any], backwards: bool) -> str:
    plain = [int(backwards), *map(_plain, values)]
    text = json.dumps(plain, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _value(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _decode(cursor: str, length: int) -> tuple[bool, list[Any]]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        backwards, *position = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidCursor from error
    if len(position) != length or backwards not in (0, 1):
        raise InvalidCursor
    return bool(backwards), position
