"""How many courses a search finds."""

from dataclasses import dataclass

from django.db import connection

from ..queries import Search
from .asking import Asked, Row, asked_of

EXACT_UP_TO = 1000


@dataclass(frozen=True)
class Total:
    """A number of courses, exact up to a thousand; beyond it `relation` is "gte"."""

    value: int
    relation: str

    @classmethod
    def of(cls, number: int, *, exact: bool = True) -> "Total":
        if number > EXACT_UP_TO:
            return cls(EXACT_UP_TO, "gte")
        return cls(number, "eq" if exact else "gte")


def total(search: Search) -> Total:
    return total_of(asked_of(search))


def total_of(asked: Asked) -> Total:
    if asked.finds_nothing:
        return Total(0, "eq")
    sql, values = counted(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", values)
        return Total.of(cursor.fetchone()[0])


def counted(asked: Asked) -> tuple[str, Row]:
    """An SQL expression of the number, which goes one beyond what is told exactly."""
    most = EXACT_UP_TO + 1
    if asked.words is None and asked.filters is None:
        return f"(SELECT count(*) FROM (SELECT FROM search_document LIMIT {most}) all_of_them)", ()
    sql, values = asked.arguments()
    # a query of its own: else it would be counted for each row that bears it
    return f"(SELECT search_count({sql}, {most}))", values
