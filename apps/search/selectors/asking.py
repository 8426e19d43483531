"""A search as the index understands it: tsqueries of words, lexemes of filters, exact ranges."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import connection

from apps.core import statements
from apps.courses.models import ContentLanguage
from apps.courses.selectors import CategoryNode, categories_tree

from .. import lexemes
from ..lexemes import MOST, Range, any_of, buckets, narrowed, others, touched
from ..prices import price_key
from ..queries import Search, is_wanted, terms_of

Row = tuple[Any, ...]
MOST_INT = 2**31 - 1


@dataclass(frozen=True)
class Asked:
    """What has to hold for a course. Ranges of a group widen it; None stands for no condition.

    `words` is an SQL expression of a tsquery with its parameters; `unwanted` too.
    """

    words: tuple[str, list[str]] | None = None
    unwanted: tuple[str, list[str]] | None = None
    categories: frozenset[int] | None = None
    # of the categories those that stand for all below them
    branches: frozenset[int] = frozenset()
    # the same, where each of them is a whole tree
    roots: frozenset[int] = frozenset()
    levels: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    prices: tuple[Range, ...] | None = None
    minutes: tuple[Range, ...] | None = None
    ratings: tuple[Range, ...] | None = None

    @cached_property
    def groups(self) -> list[str]:
        """The groups of filters that are on, by the name of their field."""
        return [name for name in FIELDS if getattr(self, name) is not None]

    @property
    def finds_nothing(self) -> bool:
        """Whether filters exclude one another."""
        return any(not getattr(self, name) for name in self.groups)

    @property
    def has_phrase(self) -> bool:
        """Whether places in the text matter, which an index of words doesn't know."""
        return any('"' in text for part in (self.words, self.unwanted) if part for text in part[1])

    def without(self, group: str) -> "Asked":
        """The same without this group of filters."""
        nothing: dict[str, Any] = {group: None}
        return replace(self, **nothing)

    # ── As lexemes ────────────────────────────────────────────────────────────────────────────
    @cached_property
    def filters(self) -> str | None:
        """The filters as a tsquery.

        What isn't in a few buckets is in most of them: then it is said by those few, since each
        lexeme costs. An index can't begin with what must not be, unless something else must.
        """
        parts = [
            any_of(f"={letter}:{value}" for value in sorted(values))
            for letter, values in (
                ("c", self.branches if self.categories else None),
                ("l", self.levels),
                ("g", self.languages),
            )
            if values
        ]
        begins = bool(parts) or self.words is not None
        for group, letter in NUMBERS.items():
            if group in self.groups:
                numbers = touched(letter, getattr(self, group))
                rest = others(letter, numbers)
                if begins and len(rest) < len(numbers):
                    parts += ["!" + any_of(buckets(letter, rest))] if rest else []
                else:
                    parts.append(any_of(buckets(letter, numbers)))
        return " & ".join(parts) or None

    def arguments(self) -> tuple[str, Row]:
        """The first arguments of the functions of the index, and their parameters."""
        if self.words is None and self.filters is None:  # an index wants to be asked something
            return replace(self, languages=tuple(ContentLanguage.values)).arguments()
        text, words = self.words or ("NULL", [])
        other, unwanted = self.unwanted or ("NULL", [])
        ranges = [
            bound
            for field in ("prices", "minutes", "ratings")
            for bound in hull(getattr(self, field), most=MOST if field == "prices" else MOST_INT)
        ]
        sql = f"{text}, {other}, %s::tsquery, %s::bigint, %s::bigint" + ", %s::int" * 4
        return sql, (*words, *unwanted, self.filters, *ranges)

    # ── As conditions on a row ────────────────────────────────────────────────────────────────
    def conditions(self, *, place: int | None = None) -> tuple[str, Row]:
        """What a walk along an index checks beside category and language.

        `place`: hits in the title (0), or only in the text (1); None for both.
        """
        parts, values = ["true"], list[Any]()
        if self.levels is not None:
            parts.append("d.level = ANY(%s)")
            values.append(list(self.levels))
        for field, column in RANGES.items():
            ranges: Sequence[Range] | None = getattr(self, field)
            if ranges is not None:
                either = " OR ".join(f"d.{column} BETWEEN %s AND %s" for _ in ranges)
                parts.append(f"({either})")
                values += [bound for each in ranges for bound in each]
        if self.words is not None:
            vector = "d.title_vector" if place == 0 else "d.body_vector"
            parts.append(f"{vector} @@ (SELECT wanted FROM text)")
            if place == 1:
                parts.append("NOT d.title_vector @@ (SELECT wanted FROM text)")
        if self.unwanted is not None:
            parts.append("NOT d.body_vector @@ (SELECT unwanted FROM text)")
        return " AND ".join(parts), tuple(values)

    def text(self) -> tuple[str, Row]:
        """A common table expression that holds the words, for `conditions`."""
        wanted, values = self.words or ("NULL::tsquery", [])
        unwanted, others = self.unwanted or ("NULL::tsquery", [])
        sql = f"text AS MATERIALIZED (SELECT {wanted} AS wanted, {unwanted} AS unwanted)"
        return sql, (*values, *others)


FIELDS = ("categories", "levels", "languages", "prices", "minutes", "ratings")
NUMBERS = {"prices": "p", "minutes": "d", "ratings": "r"}  # and the letter of their buckets
RANGES = {"prices": "price_key", "minutes": "duration_minutes", "ratings": "rating"}


def hull(ranges: Sequence[Range] | None, *, most: int) -> Range:
    """Ranges begin and end inside at the edges of buckets, which lexemes tell apart."""
    if not ranges:
        return 0, most
    return min(low for low, _ in ranges), min(most, max(high for _, high in ranges))


def shelf_of(asked: Asked) -> tuple[str, Row]:
    """Category and language as conditions on a row."""
    parts, values = ["true"], list[Any]()
    if asked.categories is not None:
        parts.append("d.category_id = ANY(%s)")
        values.append(sorted(asked.categories))
    if asked.languages is not None:
        parts.append("d.language = ANY(%s)")
        values.append(list(asked.languages))
    return " AND ".join(parts), tuple(values)


# ── Reading a search ──────────────────────────────────────────────────────────────────────────
def asked_of(search: Search) -> Asked:
    """Whole words; see corrections for a last word that may go on."""
    branches = _branches(search)
    ids = frozenset(each.id for each in branches)
    words, unwanted = words_of(search.text)
    if unwanted and not holds_words(words):  # of "the -python" the index would read all the rest
        words = None
    return replace(
        Asked(words, unwanted),
        categories=frozenset(pk for each in branches for pk in _family(each))
        if search.categories
        else None,
        branches=ids,
        roots=ids if ids <= {node.id for node in categories_tree()} else frozenset(),
        levels=search.levels or None,
        languages=search.languages or None,
        prices=_prices(search),
        minutes=_minutes(search),
        ratings=((int(search.min_rating * 100), MOST),) if search.min_rating else None,
    )


def meant_by(search: Search) -> Asked:
    """As `asked_of`; words that say nothing (the, и) are left out."""
    asked = asked_of(search)
    return asked if holds_words(asked.words) else replace(asked, words=None)


Words = tuple[str, list[str]] | None


def words_of(text: str) -> tuple[Words, Words]:
    """What is wanted and what isn't."""
    wanted = " ".join(wanted_terms(text))
    unwanted = " or ".join(term[1:] for term in terms_of(text) if is_unwanted(term))
    return (
        ("search_query(%s::text)", [wanted]) if wanted else None,
        ("search_query(%s::text)", [unwanted]) if unwanted else None,
    )


def wanted_terms(text: str) -> list[str]:
    return [term for term in terms_of(text) if not term.startswith("-")]


def is_unwanted(term: str) -> bool:
    return term.startswith("-") and is_wanted(term[1:])


def rows_of(sql: str, values: Row) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def holds_words(words: Words) -> bool:
    """Whether anything is left to search for; there isn't when all are stop words."""
    if words is None:
        return False
    sql, values = words
    [(nodes,)] = statements.rows_of(f"SELECT numnode({sql})", values)
    return bool(nodes)


def _prices(search: Search) -> tuple[Range, ...] | None:
    limits = (search.is_free, search.min_price, search.max_price)
    if not search.prices and limits == (None, None, None):
        return None
    ranges = [lexemes.PRICE_BANDS[band] for band in search.prices] or [(0, MOST)]
    if search.is_free is not None:
        ranges = narrowed(ranges, *((0, 0) if search.is_free else (1, MOST)))
    low, high = (_key(amount, search.currency) for amount in limits[1:])
    return tuple(narrowed(ranges, low or 0, MOST if high is None else high))


def _key(amount: Decimal | None, currency: str) -> int | None:
    return None if amount is None else price_key(amount, currency)


def _minutes(search: Search) -> tuple[Range, ...] | None:
    if not search.lengths and search.min_duration is None and search.max_duration is None:
        return None
    ranges = [lexemes.LENGTH_BANDS[band] for band in search.lengths] or [(0, MOST)]
    high = MOST if search.max_duration is None else search.max_duration
    return tuple(narrowed(ranges, search.min_duration or 0, high))


def _branches(search: Search) -> list[CategoryNode]:
    """A chosen category stands for all below it, unless one below it is chosen too: that is narrower."""
    chosen = {category.pk for category in search.categories}
    found: list[CategoryNode] = []

    def collect(nodes: Iterable[CategoryNode]) -> None:
        for node in nodes:
            if node.id in chosen and not any(_holds(child, chosen) for child in node.children):
                found.append(node)
            else:
                collect(node.children)

    if chosen:
        collect(categories_tree())
    return found


def _holds(node: CategoryNode, ids: set[int]) -> bool:
    return node.id in ids or any(_holds(child, ids) for child in node.children)


def _family(node: CategoryNode) -> Iterator[int]:
    yield node.id
    for child in node.children:
        yield from _family(child)
