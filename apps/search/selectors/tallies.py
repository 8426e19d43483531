"""Documents counted by what they are filtered by: exact, and read without looking at any of them."""

from collections.abc import Sequence
from typing import Any

from ..lexemes import are_whole, touched
from .asking import NUMBERS, Asked, Row, rows_of

# of each group of Asked
COLUMNS = {
    "categories": "category_id",
    "levels": "level",
    "languages": "language",
    "prices": "price",
    "minutes": "minutes",
    "ratings": "rating",
}


def knows(asked: Asked) -> bool:
    """Whether tallies can say it: no words, and no range that ends inside a bucket."""
    return (
        asked.words is None
        and asked.unwanted is None
        and all(
            are_whole(letter, getattr(asked, group))
            for group, letter in NUMBERS.items()
            if group in asked.groups
        )
    )


def tallied(asked: Asked) -> int:
    """How many documents there are."""
    conditions, values = _conditions(asked, by_category=asked.categories is not None)
    sql = f"SELECT coalesce(sum(documents), 0)::bigint FROM search_tally WHERE {conditions}"
    [(number,)] = rows_of(sql, values)
    return int(number)


def tallied_by(asked: Asked, groups: Sequence[str]) -> list[tuple[str, str, int]]:
    """(group, value, documents) for every value of these groups that any document has."""
    found: list[tuple[str, str, int]] = []
    for by_category in (False, True):
        chosen = [group for group in groups if (group == "categories") == by_category]
        if not chosen:
            continue
        conditions, values = _conditions(
            asked, by_category=by_category or asked.categories is not None
        )
        parts = [
            f"SELECT '{group}', {COLUMNS[group]}::text, sum(documents)::bigint"
            " FROM kinds GROUP BY 2 HAVING sum(documents) > 0"
            for group in chosen
        ]
        columns = ", ".join(COLUMNS[group] for group in chosen)
        found += rows_of(
            f"""
            WITH kinds AS MATERIALIZED (
                SELECT {columns}, sum(documents) AS documents FROM search_tally
                WHERE {conditions} GROUP BY {columns}
            ) {" UNION ALL ".join(parts)}
            """,
            values,
        )
    return found


def _conditions(asked: Asked, *, by_category: bool) -> tuple[str, Row]:
    """Every document stands in the rows of its category, and in those of none."""
    parts = ["category_id IS NOT NULL" if by_category else "category_id IS NULL"]
    values: list[Any] = []
    for group in asked.groups:
        wanted = getattr(asked, group)
        parts.append(f"{COLUMNS[group]} = ANY(%s)")
        values.append(touched(NUMBERS[group], wanted) if group in NUMBERS else sorted(wanted))
    return " AND ".join(parts), tuple(values)
