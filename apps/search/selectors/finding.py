"""A page of the catalogue, to any depth: by relevance, or in an order of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from apps.core import statements
from apps.core.pagination import InvalidCursor, Position, cut, position_of
from apps.courses.models import Course

from ..queries import Search
from . import inside
from .asking import Asked, Row, asked_of, rows_of, shelf_of, wanted_terms
from .corrections import correction, more_common, told_of
from .narrow import Within, few_within, rows_within
from .totals import Total, total_of
from .walking import SORTS, Sort, Walk

RELEVANCE = ("place", "popularity", "course_id")
KEYS = {
    "relevance": RELEVANCE,
    inside.ORDER: inside.KEYS,
    **{name: sort.keys for name, sort in SORTS.items()},
}
PLACES = (0, 1)
FEW = 5  # courses, beside which a more common word is worth telling
FAR = 2**63 - 1
WINDOW = 3_000  # rows of the table that a page deep in the results may walk past


@dataclass(frozen=True)
class Results:
    """`corrected`: the text that was searched for when the one asked for finds nothing at all;
    `instead`: a text that far more courses are found by, when the one asked for finds few."""

    ids: list[int]
    next: str | None
    previous: str | None
    corrected: str | None = None
    instead: str | None = None
    # what is counted, or how many there are where finding them has told it
    counted: "Asked | Total" = field(default=Total(0, "eq"), repr=False)

    @cached_property
    def count(self) -> Total:
        """How many there are on all pages; asked for when it is wanted, since it may cost more than they."""
        return self.counted if isinstance(self.counted, Total) else total_of(self.counted)


@dataclass(frozen=True)
class Reading:
    """One way to understand a search; `text` is told when it isn't the one that was typed."""

    asked: Asked
    sort: str
    text: str | None = None
    # letters that stand anywhere in a title
    inside: str = ""


def find_courses(search: Search, *, cursor: str | None, limit: int) -> Results:
    """A page of ids in order. Raises InvalidCursor.

    Words that find nothing, and that courses don't know, are taken for the beginning of one that is
    still being typed, then for a slip of typing, then for a part of a title's word; words that say
    nothing (the, и) for none.
    """
    nothing = None
    for reading in _readings(search):
        try:
            found = _page(reading, cursor, limit)
        except InvalidCursor:  # made by another reading, if any
            continue
        if found.ids:
            is_little = cursor is None and found.next is None and len(found.ids) <= FEW
            if is_little and not reading.text and not reading.asked.groups:
                return replace(found, instead=more_common(search.text, than=len(found.ids)))
            return found
        nothing = nothing or found
    if nothing is None:
        raise InvalidCursor
    return nothing


def _readings(search: Search) -> Iterator[Reading]:
    """Each is made when those before were in vain."""
    asked = asked_of(search)
    yield Reading(asked, search.sort)
    if not search.text:
        return
    told = told_of(search, asked.words)
    if told.says_nothing:
        sort = "popular" if search.sort == "relevance" else search.sort
        yield Reading(replace(asked, words=None), sort)
        return
    if told.is_known:
        return
    if told.so_far:
        yield Reading(replace(asked, words=told.so_far), search.sort)
    if text := correction(search.text):
        yield Reading(asked_of(replace(search, text=text)), search.sort, text)
    yield Reading(asked, inside.ORDER, inside=" ".join(wanted_terms(search.text)))


def cards(course_ids: list[int]) -> list[Course]:
    """The courses as they are now, in the given order; one that left the catalogue is left out."""
    courses = (
        Course.objects.published().with_card().defer("description", "outcomes", "prerequisites")
    ).in_bulk(course_ids)
    return [courses[pk] for pk in course_ids if pk in courses]


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────
def _page(reading: Reading, cursor: str | None, limit: int) -> Results:
    asked, order = reading.asked, reading.sort
    types = [datetime if key == "created_at" else int for key in KEYS[order]]
    position = position_of(cursor, order=order, types=types)
    if asked.finds_nothing:
        return Results([], None, None)
    total = None
    if order == inside.ORDER:
        rows, total = inside.inside_titles(reading.inside, asked, position, limit + 1)
    elif order == "relevance":
        rows = _relevant(asked, position, limit + 1)
    else:
        at, backwards = (position.values, position.backwards) if position else (None, False)
        rows = Walk(asked, SORTS[order], limit + 1, at, backwards).page()
    page = cut(rows, position=position, limit=limit, order=order)
    if position is None and page.next is None:  # these are all
        total = Total.of(len(page.items))
    ids = [row[-1] for row in page.items]
    return Results(ids, page.next, page.previous, reading.text, counted=total or asked)


def _relevant(asked: Asked, position: Position | None, size: int) -> list[Row]:
    """Hits in the title, then those in the text; of each the more popular, then the newer."""
    if asked.words and (within := few_within(asked)):  # without words it's an order of its own
        return _relevant_within(asked, within, position, size)
    if position is None:
        return _from(asked, -1, (FAR, FAR), False, size)
    place, *bound = position.values
    if place not in PLACES:
        raise InvalidCursor
    rows, end = _walked(asked, place, (bound[0], bound[1]), position.backwards, size)
    if end is None:  # nothing of this place is left
        place += -1 if position.backwards else 1
        end = (-1, -1) if position.backwards else (FAR, FAR)
    if len(rows) < size and place in PLACES:
        rows += _from(asked, place, end, position.backwards, size - len(rows))
    return rows


def _relevant_within(
    asked: Asked, within: Within, position: Position | None, size: int
) -> list[Row]:
    backwards, here = False, None
    if position is not None:
        place, *bound = position.values
        backwards, here = position.backwards, (-place, *bound)
    keys = ("nearness", *RELEVANCE[1:])
    rows = rows_within(asked, within, keys, descending=not backwards, position=here, size=size)
    return [(-nearness, *rest) for nearness, *rest in rows]


def _from(
    asked: Asked, place: int, bound: tuple[int, int], backwards: bool, size: int
) -> list[Row]:
    """What follows a position, read tier by tier."""
    arguments, values = asked.arguments()
    function = "search_page_before" if backwards else "search_page"
    sql = f"""
        SELECT place, popularity, course_id
        FROM {function}({arguments}, %s::int, %s::bigint, %s::bigint, %s::int)
    """
    return statements.rows_of(sql, (*values, place, *bound, size))


def _walked(
    asked: Asked, place: int, bound: tuple[int, int], backwards: bool, size: int
) -> tuple[list[Row], tuple[int, int] | None]:
    """What follows a position as far as a window reaches, and where that ends.

    Far down, where hits are frequent, this is shorter than sorting all that remain.
    """
    way = Sort(("popularity", "course_id"), descending=True)
    _, beyond = way.way(backwards=backwards)
    text, words = asked.text()
    conditions, checked = asked.conditions(place=place)
    shelf, chosen = shelf_of(asked)
    order = way.order(backwards=backwards, prefix="d.")
    entries = f"""
        SELECT d.* FROM search_document d
        WHERE (d.popularity, d.course_id) {beyond} (%s, %s) ORDER BY {order}
    """
    sql = f"""
        WITH {text}
        (SELECT {place}, popularity::bigint, course_id FROM ({entries} LIMIT {WINDOW}) d
         WHERE {conditions} AND {shelf} LIMIT {size})
        UNION ALL
        (SELECT NULL, popularity, course_id FROM ({entries} OFFSET {WINDOW - 1} LIMIT 1) e)
    """
    rows = rows_of(sql, (*words, *bound, *checked, *chosen, *bound))
    hits = sorted(
        (row for row in rows if row[0] is not None), key=lambda row: row[1:], reverse=not backwards
    )
    ends = [(row[1], row[2]) for row in rows if row[0] is None]
    return hits, ends[0] if ends else None
