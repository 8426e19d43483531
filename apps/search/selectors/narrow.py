"""Ranges that cut a bucket and hold few courses: all of those are read, along an index of the range.

The lexeme of a bucket finds whatever lies in it, and a walk in another order meets one row of the
range among thousands; neither knows that the range is nearly empty.
"""

from collections.abc import Iterator, Sequence

from apps.courses.models import ContentLanguage

from ..lexemes import MOST, are_whole
from .asking import NUMBERS, Asked, Row, hull, rows_of, shelf_of

FEW = 10_000  # courses, whose rows are read within some tens of milliseconds
RATING_SHIFT = 54  # of rating_key

Within = tuple[str, Row]  # a condition on a row, and its parameters


def key_range(asked: Asked, group: str) -> tuple[str, int, int]:
    """The column whose indexes begin with what the group is about, from where to where."""
    low, high = hull(getattr(asked, group), most=MOST)
    if group == "ratings":
        return "rating_key", low << RATING_SHIFT, MOST * 2 - 1
    return {"prices": "price_key", "minutes": "duration_minutes"}[group], low, high


def few_within(asked: Asked) -> Within | None:
    """The range that holds few courses, if there is one that cuts a bucket."""
    for condition, values in _cutting(asked):
        sql = f"""
            SELECT count(*) FROM (
                SELECT FROM search_document d WHERE {condition} LIMIT {FEW + 1}
            ) d
        """
        [(number,)] = rows_of(sql, values)
        if number <= FEW:
            return condition, values
    return None


def rows_within(
    asked: Asked,
    within: Within,
    keys: Sequence[str],
    *,
    descending: bool,
    position: Row | None,
    size: int,
) -> list[Row]:
    """The next rows in the order of these keys; `nearness` is 0 with all words in the title, else -1."""
    hits, values = _hits(asked, within)
    direction, beyond = ("DESC", "<") if descending else ("ASC", ">")
    further, here = "true", tuple[object, ...]()
    if position is not None:
        marks = ", ".join(["%s"] * len(position))
        further, here = f"({', '.join(keys)}) {beyond} ({marks})", position
    order = ", ".join(f"{key} {direction}" for key in keys)
    sql = f"{hits} SELECT {', '.join(keys)} FROM hits WHERE {further} ORDER BY {order} LIMIT {size}"
    return rows_of(sql, (*values, *here))


def number_within(asked: Asked, within: Within) -> int:
    hits, values = _hits(asked, within)
    [(number,)] = rows_of(f"{hits} SELECT count(*) FROM hits", values)
    return int(number)


def _cutting(asked: Asked) -> Iterator[Within]:
    languages = list(asked.languages or ContentLanguage.values)
    for group, letter in NUMBERS.items():
        if group in asked.groups and not are_whole(letter, getattr(asked, group)):
            column, *ends = key_range(asked, group)
            yield f"d.language = ANY(%s) AND d.{column} BETWEEN %s AND %s", (languages, *ends)


def _hits(asked: Asked, within: Within) -> Within:
    condition, ends = within
    text, words = asked.text()
    conditions, values = asked.conditions()
    shelf, chosen = shelf_of(asked)
    # OFFSET 0: the range comes first, whatever the planner thinks of the words
    sql = f"""
        WITH {text}, hits AS (
            SELECT d.*,
                CASE WHEN d.title_vector @@ (SELECT wanted FROM text) THEN 0 ELSE -1 END AS nearness
            FROM (SELECT * FROM search_document d WHERE {condition} OFFSET 0) d
            WHERE {conditions} AND {shelf}
        )
    """
    return sql, (*words, *ends, *values, *chosen)
