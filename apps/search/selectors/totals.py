"""How many courses a search finds."""

from dataclasses import dataclass

from apps.core import statements

from ..queries import Search
from . import tallies
from .asking import Asked, meant_by, rows_of
from .narrow import few_within, number_within

EXACT_UP_TO = 1000
MOST_COUNTED = EXACT_UP_TO + 1
MOST_READ = 2000  # texts, for the places of their words


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
    return total_of(meant_by(search))


def total_of(asked: Asked) -> Total:
    """Where many texts would have to be read for a phrase, as many as were found, and more."""
    if asked.finds_nothing:
        return Total(0, "eq")
    if tallies.knows(asked):
        return Total.of(tallies.tallied(asked))
    if within := few_within(asked):
        return Total.of(number_within(asked, within))
    arguments, values = asked.arguments()
    if asked.words and asked.has_phrase:
        sql = f"SELECT * FROM search_count_phrases({arguments}, {MOST_COUNTED}, {MOST_READ})"
        [(number, is_whole)] = rows_of(sql, values)
        return Total.of(number, exact=is_whole)
    [(number,)] = statements.rows_of(f"SELECT search_count({arguments}, {MOST_COUNTED})", values)
    return Total.of(number)


def estimated(asked: Asked) -> tuple[int, int]:
    """How many documents hold the words and bear the filters, and how many there are: as the planner
    estimates, who knows how frequent words are and reads nothing."""
    words, values = asked.words or ("NULL", [])
    sql = f"""
        EXPLAIN (FORMAT JSON) SELECT FROM search_document d
        WHERE d.body_vector @@ coalesce({words} && %s::tsquery, {words})
    """
    [(plan,)] = rows_of(sql, (*values, asked.filters, *values))
    [(number,)] = rows_of("SELECT coalesce(sum(documents), 0) FROM search_tier", ())
    return plan[0]["Plan"]["Plan Rows"], number
