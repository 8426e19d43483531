"""The last resort: courses whose title holds the letters that were typed, wherever in a word.

What is frequent is met soon on the way down from the most popular course; what isn't is so little
that the index of trigrams finds it and it can be sorted. Whatever takes longer finds nothing.
"""

import time
from dataclasses import replace

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from apps.core import statements
from apps.core.pagination import Position

from .asking import Asked, Row, shelf_of
from .totals import Total
from .walking import Sort

ORDER = "inside"
KEYS = ("popularity", "course_id")
SORT = Sort(KEYS, descending=True)
FEWEST_LETTERS = 3
WINDOW = 500  # rows that are looked through from the top, or from a position
SECONDS = 0.1
PLANNED = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off;"
AFTER = "SET LOCAL statement_timeout TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_indexscan TO DEFAULT"

Found = tuple[list[Row], int]  # rows (popularity, id), and how many there are in all


def inside_titles(
    text: str, asked: Asked, position: Position | None, size: int
) -> tuple[list[Row], Total]:
    """By popularity, beyond the position; `asked` without its words says what else has to hold."""
    pattern = _pattern(text)
    if pattern is None:
        return [], Total(0, "eq")
    asked = replace(asked, words=None)
    ends = time.monotonic() + SECONDS
    rows, number = _walked(pattern, asked, None, size, ends)
    is_frequent = number >= size
    if is_frequent and position is not None:
        rows, _ = _walked(pattern, asked, position, size, ends)
    if len(rows) < size:
        found = _gathered(pattern, asked, position, size, ends)
        rows, number = found if found[0] else (rows, number)
    return rows, Total.of(number, exact=not is_frequent)


def _pattern(text: str) -> str | None:
    [(letters,)] = statements.rows_of(
        "SELECT btrim(search_text(%s::text))", [text.replace('"', " ")]
    )
    return f"%{letters}%" if len(letters) >= FEWEST_LETTERS else None


def _walked(pattern: str, asked: Asked, position: Position | None, size: int, ends: float) -> Found:
    """What a window below the position, or below the top, holds."""
    backwards = position is not None and position.backwards
    beyond, bound = _beyond(position)
    hits, values = _hits(pattern, asked)
    order = SORT.order(backwards=backwards)
    text, words = asked.text()
    return _within(
        ends,
        f"""
        WITH {text}
        SELECT popularity, course_id, count(*) OVER () FROM (
            SELECT * FROM search_document d WHERE {beyond} ORDER BY {order} LIMIT {WINDOW}
        ) d WHERE {hits} ORDER BY {order} LIMIT {size}
        """,
        (*words, *bound, *values),
    )


def _gathered(
    pattern: str, asked: Asked, position: Position | None, size: int, ends: float
) -> Found:
    """All hits, sorted."""
    backwards = position is not None and position.backwards
    beyond, bound = _beyond(position)
    hits, values = _hits(pattern, asked)
    text, words = asked.text()
    return _within(
        ends,
        f"""
        WITH {text}, d AS MATERIALIZED (
            SELECT popularity, course_id FROM search_document d WHERE {hits}
        )
        SELECT popularity, course_id, (SELECT count(*) FROM d) FROM d WHERE {beyond}
        ORDER BY {SORT.order(backwards=backwards)} LIMIT {size}
        """,
        (*words, *values, *bound),
        planned=PLANNED,
    )


def _beyond(position: Position | None) -> tuple[str, Row]:
    if position is None:
        return "true", ()
    _, beyond = SORT.way(backwards=position.backwards)
    return f"(d.popularity, d.course_id) {beyond} (%s, %s)", position.values


def _hits(pattern: str, asked: Asked) -> tuple[str, Row]:
    conditions, values = asked.conditions()
    shelf, chosen = shelf_of(asked)
    return f"d.title LIKE %s AND {conditions} AND {shelf}", (pattern, *values, *chosen)


def _within(ends: float, sql: str, values: Row, *, planned: str = "") -> Found:
    """What the statement finds in the time that is left; nothing if that is too short."""
    left = max(1, round((ends - time.monotonic()) * 1000))
    is_nested = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {left}; {planned} {sql}", values)
            while cursor.nextset():  # to what the last of them answers
                pass
            rows = cursor.fetchall()
            if is_nested:  # else the end of the transaction does it
                cursor.execute(AFTER)
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        return [], 0
    return [row[:2] for row in rows], rows[0][2] if rows else 0
