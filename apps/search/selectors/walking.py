"""Pages in an order that an index has: shelf by shelf along it, as far as a window reaches.

A shelf is a language, or a language within a category or a whole tree of them; each has an index a sort, and the page is
merged from the shelves' first rows: a few of each at first, and more of those that gave all they
were asked for. Where filters leave so little that a shelf's window ends before the page is full,
what it has is gathered by the words and lexemes of the filters and sorted: it is little. So both the
common and the rare are cheap, and the page is exact.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from apps.courses.models import ContentLanguage

from .asking import Asked, Row, rows_of
from .narrow import few_within, key_range, rows_within
from .totals import estimated

# Rows of an index that one page may read in all its shelves; those with words are read whole.
WINDOWS, WINDOWS_WITH_WORDS = 12_000, 4_000
LEAST_WINDOW = 150
# Words so rare that a window would hold fewer pages of them aren't looked for on the way.
PAGES_WORTH_A_WALK = 2
FEW_SHELVES = 12  # whose first rows are looked for at once
LANGUAGES = 2  # in which a category's courses are, most often: how many shelves to think of


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
        if within := few_within(self.asked):
            return rows_within(
                self.asked,
                within,
                self.sort.keys,
                descending=self._descends,
                position=self.position,
                size=self.size,
            )
        if self._is_rare:
            return self._gathered(self.asked)
        first = self._some_of_each
        rows, ends = self._taken(self._shelves(), first)
        if first < self.size:
            given = Counter(shelf for _, shelf in rows)
            if more := [shelf for shelf, number in given.items() if number == first]:
                others, their_ends = self._taken(_named(more), self.size)
                rows, ends = self._merged(rows, others), {**ends, **their_ends}
        found = [row for row, _ in rows]
        last = found[-1] if len(found) == self.size else None
        if cut := [shelf for shelf, end in ends.items() if last is None or self._before(end, last)]:
            gathered = self._gathered(self._narrowed(cut))
            found = sorted({*found, *gathered}, reverse=self._descends)[: self.size]
        return found

    # ── Shelves ───────────────────────────────────────────────────────────────────────────────
    def _shelves(self) -> tuple[str, Row]:
        """Those that can hold a hit, as (category_id, language); the category may be the top of a tree."""
        languages = list(self.asked.languages or ContentLanguage.values)
        if self.asked.categories is None or self.asked.roots:
            roots = self.asked.roots or (None,)
            return _named([(root, language) for root in roots for language in languages])
        sql = """
            SELECT category_id, language FROM search_shelf
            WHERE category_id = ANY(%s) AND language = ANY(%s)
        """
        return sql, (sorted(self.asked.categories), languages)

    @property
    def _number(self) -> int:
        """How many shelves there are, more or less."""
        languages = len(self.asked.languages or ()) or LANGUAGES
        return languages * len(self.asked.roots or self.asked.categories or (None,))

    @property
    def _some_of_each(self) -> int:
        """How many rows of a shelf are looked for at first."""
        if self._number <= FEW_SHELVES:
            return self.size
        return min(self.size, 4 + 2 * self.size // self._number)

    @property
    def _window(self) -> int | None:
        """How many entries of a shelf are read at most; None where each of them is a hit."""
        reads_words = bool(self.asked.words or self.asked.unwanted)
        if not reads_words and not set(self.asked.groups) - {"categories", "languages"}:
            return None
        rows = WINDOWS_WITH_WORDS if reads_words else WINDOWS
        return max(LEAST_WINDOW, self.size, rows // self._number)

    # ── Along the indexes ─────────────────────────────────────────────────────────────────────
    def _taken(
        self, shelves: tuple[str, Row], most: int
    ) -> tuple[list[tuple[Row, Shelf]], Mapping[Shelf, Row]]:
        """The first rows of all shelves in order, `most` of a shelf, each with its shelf; and where
        the window ended of those that gave fewer."""
        shelf, chosen = shelves
        text, words = self.asked.text()
        keys = self.sort.keys
        columns = _list("d.", dict.fromkeys([*keys, *self._columns()]))
        entries, ranges = self._entries(columns)
        conditions, values = self.asked.conditions()
        ends, ranges_at_end = "", ()
        if self._window is not None:
            end, ranges_at_end = self._entries(_list("d.", keys))
            ends = f"""
                UNION ALL SELECT true, shelf.category_id, shelf.language, e.*
                FROM shelf LEFT JOIN hits USING (number) CROSS JOIN LATERAL (
                    SELECT * FROM ({end} OFFSET {self._window - 1} LIMIT 1) e
                    WHERE hits.number_of IS NULL OR hits.number_of < {most}
                ) e
            """
        sql = f"""
            WITH {text}, shelf AS MATERIALIZED (
                SELECT *, row_number() OVER () AS number {self._here()} FROM ({shelf}) s
            ), walked AS MATERIALIZED (
                SELECT shelf.*, w.* FROM shelf CROSS JOIN LATERAL (
                    SELECT {_list("d.", keys)} FROM ({entries} LIMIT {self._window or most}) d
                    WHERE {conditions} LIMIT {most}
                ) w
            ), hits AS (SELECT number, count(*) AS number_of FROM walked GROUP BY number)
            (SELECT false, category_id, language, {", ".join(keys)} FROM walked
             ORDER BY {self.sort.order(backwards=self.backwards)} LIMIT {self.size})
            {ends}
        """
        here = self.position or ()
        found = rows_of(sql, (*words, *here, *chosen, *ranges, *values, *ranges_at_end))
        rows = [(row, shelf) for is_end, shelf, row in map(_read, found) if not is_end]
        return self._merged(rows), {
            shelf: row for is_end, shelf, row in map(_read, found) if is_end
        }

    def _entries(self, columns: str) -> tuple[str, Row]:
        """The next entries of a shelf's index."""
        _, beyond = self.sort.way(backwards=self.backwards)
        parts, values = ["d.language = shelf.language"], list[Any]()
        if self.asked.categories is not None:
            column = "root_id" if self.asked.roots else "category_id"
            parts.append(f"d.{column} = shelf.category_id")
        if self.position is not None:
            here = _list("shelf.at_", range(len(self.position)))
            parts.append(f"({_list('d.', self.sort.keys)}) {beyond} ({here})")
        for key, low, high in self._key_ranges():
            parts.append(f"d.{key} BETWEEN %s AND %s")
            values += [low, high]
        sql = f"""
            SELECT {columns} FROM search_document d WHERE {" AND ".join(parts)}
            ORDER BY {self.sort.order(backwards=self.backwards, prefix="d.")}
        """
        return sql, tuple(values)

    def _here(self) -> str:
        """The position as columns, so that the planner doesn't know it: of one near the end it would
        think that so little follows that any index serves."""
        return "".join(f", %s AS at_{place}" for place in range(len(self.position or ())))

    def _key_ranges(self) -> Iterable[tuple[str, int, int]]:
        """What the filters say of the first key, so that the walk begins and ends there."""
        for group in ("prices", "ratings"):
            if getattr(self.asked, group):
                column, low, high = key_range(self.asked, group)
                if column == self.sort.keys[0]:
                    yield column, low, high

    def _columns(self) -> list[str]:
        """What the conditions need of a row; the words aren't in an index."""
        found = ["level", "rating", "price_key", "duration_minutes"]
        if self.asked.words or self.asked.unwanted:
            found += ["body_vector"]
        return found

    # ── Beyond the windows ────────────────────────────────────────────────────────────────────
    def _narrowed(self, shelves: list[Shelf]) -> Asked:
        """What is asked, of these shelves and perhaps of some more."""
        asked = replace(self.asked, languages=tuple({language for _, language in shelves}))
        categories = frozenset(pk for pk, _ in shelves if pk)
        if len(categories) > len(asked.branches):  # by those above them it's less to say
            return asked
        return replace(asked, branches=categories)

    @property
    def _is_rare(self) -> bool:
        """Whether a walk would likely end before it has met enough of the words."""
        if self.asked.words is None:
            return False
        hits, number = estimated(self.asked)
        return hits * WINDOWS_WITH_WORDS < number * PAGES_WORTH_A_WALK * self.size

    def _gathered(self, asked: Asked) -> list[Row]:
        """The first rows of all that is asked, found by words and lexemes."""
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

    # ── Their order ───────────────────────────────────────────────────────────────────────────
    @property
    def _descends(self) -> bool:
        return self.sort.descending != self.backwards

    def _before(self, row: Row, other: Row) -> bool:
        return row > other if self._descends else row < other

    def _merged(self, *found: list[tuple[Row, Shelf]]) -> list[tuple[Row, Shelf]]:
        rows = {row: shelf for each in found for row, shelf in each}
        return [(row, rows[row]) for row in sorted(rows, reverse=self._descends)[: self.size]]


def _read(row: Row) -> tuple[bool, Shelf, Row]:
    is_end, category_id, language, *keys = row
    return is_end, (category_id, language), tuple(keys)


def _named(shelves: list[Shelf]) -> tuple[str, Row]:
    sql = "SELECT * FROM unnest(%s::bigint[], %s::text[]) AS s (category_id, language)"
    return sql, ([pk for pk, _ in shelves], [language for _, language in shelves])


def _list(prefix: str, columns: Iterable[str | int]) -> str:
    return ", ".join(f"{prefix}{column}" for column in columns)


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("%s" for _ in values)
