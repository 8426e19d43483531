"""Pages in an order that an index has: shelf by shelf along it, as far as a window reaches.

A shelf is a language, or a language within a category; each has an index a sort, and the page is
merged from the shelves' first rows. Where filters leave so little that a shelf's window ends before
the page is full, what it has is gathered by the words and lexemes of the filters and sorted: it is
little. So both the common and the rare are cheap, and the page is exact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.courses.models import ContentLanguage

from ..lexemes import MOST
from ..models import SearchShelf
from .asking import Asked, Row, rows_of

# Rows of an index that one page may read in all its shelves; those with words are read whole.
WINDOWS, WINDOWS_WITH_WORDS = 12_000, 4_000
LEAST_WINDOW = 150


@dataclass(frozen=True)
class Sort:
    """An order by `keys`, the last of which is unique; all go the same way."""

    keys: tuple[str, ...]
    descending: bool

    def way(self, *, backwards: bool) -> tuple[str, str]:
        """The direction, and the comparison with what lies beyond a position."""
        return ("DESC", "<") if self.descending != backwards else ("ASC", ">")

    def order(self, *, backwards: bool, prefix: str = "") -> str:
        direction, _ = self.way(backwards=backwards)
        return ", ".join(f"{prefix}{key} {direction}" for key in self.keys)


SORTS = {
    "popular": Sort(("popularity", "course_id"), descending=True),
    "newest": Sort(("created_at", "course_id"), descending=True),
    "rating": Sort(("rating_key", "course_id"), descending=True),
    "price": Sort(("price_key", "course_id"), descending=False),
    "-price": Sort(("price_key", "course_id"), descending=True),
}
RATING_SHIFT = 54  # of rating_key

Shelf = tuple[int | None, str]


@dataclass(frozen=True)
class Walk:
    """One page of `size` rows in this order, beyond a position. Rows are (*keys,)."""

    asked: Asked
    sort: Sort
    size: int
    position: Row | None = None
    backwards: bool = False

    def page(self) -> list[Row]:
        if self.asked.finds_nothing:
            return []
        shelves = shelves_of(self.asked)
        if not shelves:
            return []
        window = self._window(len(shelves))
        rows, counts = self._first_of(shelves, window)
        if self._checks_rows:
            short = [shelf for place, shelf in enumerate(shelves) if counts[place] < self.size]
            last = rows[-1] if len(rows) == self.size else None
            if cut := self._cut(short, window, before=last):
                return self._merged(rows, self._gathered(cut))
        return rows

    # ── Along the indexes ─────────────────────────────────────────────────────────────────────
    @property
    def _checks_rows(self) -> bool:
        return bool(self.asked.words) or bool(set(self.asked.groups) - {"categories", "languages"})

    def _window(self, shelves: int) -> int:
        rows = WINDOWS_WITH_WORDS if self.asked.words else WINDOWS
        return max(LEAST_WINDOW, self.size, rows // shelves)

    def _entries(self, window: int, columns: str, *, offset: int = 0) -> tuple[str, Row]:
        """The next entries of a shelf's index."""
        _, beyond = self.sort.way(backwards=self.backwards)
        parts, values = ["d.language = shelf.language"], list[Any]()
        if self.asked.categories is not None:
            parts.append("d.category_id = shelf.category_id")
        if self.position is not None:
            parts.append(f"({_list('d.', self.sort.keys)}) {beyond} ({_marks(self.position)})")
            values += self.position
        for key, low, high in self._key_ranges():
            parts.append(f"d.{key} BETWEEN %s AND %s")
            values += [low, high]
        sql = f"""
            SELECT {columns} FROM search_document d WHERE {" AND ".join(parts)}
            ORDER BY {self.sort.order(backwards=self.backwards, prefix="d.")}
            OFFSET {offset} LIMIT {window}
        """
        return sql, tuple(values)

    def _key_ranges(self) -> Iterable[tuple[str, int, int]]:
        """What the filters say of the first key, so that the walk begins and ends there."""
        if self.sort.keys[0] == "price_key" and self.asked.prices:
            yield "price_key", *_ends(self.asked.prices)
        if self.sort.keys[0] == "rating_key" and self.asked.ratings:
            low, _ = _ends(self.asked.ratings)
            yield "rating_key", low << RATING_SHIFT, MOST * 2 - 1

    def _first_of(self, shelves: Sequence[Shelf], window: int) -> tuple[list[Row], list[int]]:
        """The first rows of all shelves in order, and how many of each shelf there were."""
        text, words = self.asked.text()
        columns = list(dict.fromkeys([*self.sort.keys, *self._columns()]))
        entries, position = self._entries(window, _list("d.", columns))
        conditions, values = self.asked.conditions()
        keys = _list("w.", self.sort.keys)
        sql = f"""
            WITH {text}, {SHELVES}, walked AS MATERIALIZED (
                SELECT shelf.number, w.* FROM shelf CROSS JOIN LATERAL (
                    SELECT {_list("d.", self.sort.keys)} FROM ({entries}) d WHERE {conditions}
                    LIMIT {self.size}
                ) w
            ), counts AS (SELECT number, count(*) AS rows FROM walked GROUP BY number)
            SELECT {keys}, NULL, NULL FROM (
                SELECT * FROM walked w
                ORDER BY {self.sort.order(backwards=self.backwards, prefix="w.")} LIMIT {self.size}
            ) w
            UNION ALL SELECT {", ".join("NULL" for _ in self.sort.keys)}, number, rows FROM counts
        """
        found = rows_of(sql, (*words, *_columns_of(shelves), *position, *values))
        counts = [0] * len(shelves)
        rows = []
        for *keys_of_row, number, count in found:
            if number is None:
                rows.append(tuple(keys_of_row))
            else:
                counts[number - 1] = count
        return self._merged(rows), counts

    def _columns(self) -> list[str]:
        """What the conditions need of a row; the words aren't in an index."""
        found = ["level", "rating", "price_key", "duration_minutes"]
        if self.asked.words or self.asked.unwanted:
            found += ["body_vector"]
        return found

    # ── Beyond the windows ────────────────────────────────────────────────────────────────────
    def _cut(self, short: Sequence[Shelf], window: int, before: Row | None) -> list[Shelf]:
        """Of the shelves those whose window ended early, and before the end of the page."""
        if not short:
            return []
        last, position = self._entries(1, _list("d.", self.sort.keys), offset=window - 1)
        condition, values = "true", tuple[Any, ...]()
        if before is not None:
            _, beyond = self.sort.way(backwards=not self.backwards)
            condition = f"({_list('e.', self.sort.keys)}) {beyond} ({_marks(before)})"
            values = before
        sql = f"""
            WITH {SHELVES}
            SELECT shelf.number FROM shelf
            WHERE EXISTS (SELECT 1 FROM ({last}) e WHERE {condition})
        """
        found = rows_of(sql, (*_columns_of(short), *position, *values))
        return [short[number - 1] for (number,) in found]

    def _gathered(self, shelves: Sequence[Shelf]) -> list[Row]:
        """The first rows of these shelves, found by words and lexemes."""
        asked = replace(self.asked, languages=tuple({language for _, language in shelves}))
        if asked.categories is not None:
            asked = replace(asked, categories=frozenset(pk for pk, _ in shelves if pk))
        _, beyond = self.sort.way(backwards=self.backwards)
        arguments, values = asked.arguments()
        condition, position = "true", tuple[Any, ...]()
        if self.position is not None:
            condition = f"({_list('h.', self.sort.keys)}) {beyond} ({_marks(self.position)})"
            position = self.position
        sql = f"""
            SELECT {_list("h.", self.sort.keys)} FROM search_sample({arguments}, NULL) h
            WHERE {condition}
            ORDER BY {self.sort.order(backwards=self.backwards, prefix="h.")} LIMIT {self.size}
        """
        return rows_of(sql, (*values, *position))

    def _merged(self, *found: Iterable[Row]) -> list[Row]:
        descending = self.sort.descending != self.backwards
        rows = {row for each in found for row in each}
        return sorted(rows, reverse=descending)[: self.size]


SHELVES = """shelf AS (
    SELECT * FROM unnest(%s::bigint[], %s::text[])
    WITH ORDINALITY AS s (category_id, language, number)
)"""


def _columns_of(shelves: Sequence[Shelf]) -> Row:
    return [pk for pk, _ in shelves], [language for _, language in shelves]


def _ends(ranges: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _list(prefix: str, columns: Iterable[str]) -> str:
    return ", ".join(prefix + column for column in columns)


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("%s" for _ in values)


# ── Shelves ───────────────────────────────────────────────────────────────────────────────────
def shelves_of(asked: Asked) -> list[Shelf]:
    """Those that can hold a hit."""
    wanted = asked.languages or tuple(ContentLanguage.values)
    if asked.categories is None:
        return [(None, language) for language in wanted]
    shelves = SearchShelf.objects.filter(category__in=asked.categories, language__in=wanted)
    return list(shelves.order_by("pk").values_list("category_id", "language"))
