"""What is filtered by, written as words into the index: a filter costs then what a word costs.

Every document bears one lexeme a group, as `=l:beginner`, and one for its category and each above it;
no word of a text begins so. Numbers stand in buckets, which bands of the facets are made of; a range that cuts a bucket is checked on the row.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from .prices import BAND_EDGE, UNITS

Range = tuple[int, int]  # both ends belong to it
MOST = 2**62

DOLLAR = 100 * UNITS["USD"]
PRICE_EDGES = [
    1, 5 * DOLLAR, 10 * DOLLAR, BAND_EDGE, 30 * DOLLAR, 50 * DOLLAR, 80 * DOLLAR, 150 * DOLLAR,
]  # fmt: skip
MINUTE_EDGES = [60, 180, 301, 601, 1201]
RATING_EDGES = [1, 300, 350, 400, 430, 450, 470]
EDGES = {"p": PRICE_EDGES, "d": MINUTE_EDGES, "r": RATING_EDGES}

PRICE_BANDS = {"free": (0, 0), "low": (1, BAND_EDGE - 1), "high": (BAND_EDGE, MOST)}
LENGTH_BANDS = {"short": (0, 179), "medium": (180, 600), "long": (601, MOST)}
RATING_STEPS = {"4.5": (450, MOST), "4": (400, MOST), "3": (300, MOST)}


def touched(group: str, ranges: Iterable[Range]) -> list[int]:
    """The numbers of all buckets that any of the ranges touches."""
    edges = EDGES[group]
    numbers = {
        number
        for low, high in ranges
        for number in range(bisect_right(edges, low), bisect_right(edges, high) + 1)
    }
    return sorted(numbers)


def are_whole(group: str, ranges: Iterable[Range]) -> bool:
    """Whether the ranges cut no bucket: their ends are edges."""
    begins = {0, *EDGES[group]}
    return all(low in begins and (high >= MOST or high + 1 in begins) for low, high in ranges)


def buckets(group: str, numbers: Iterable[int]) -> list[str]:
    return [f"={group}:{number}" for number in numbers]


def others(group: str, numbers: Iterable[int]) -> list[int]:
    """The buckets that are left."""
    return sorted(set(range(len(EDGES[group]) + 1)) - set(numbers))


def narrowed(ranges: Sequence[Range], low: int, high: int) -> list[Range]:
    """What of the ranges lies between the two."""
    cut = [(max(each[0], low), min(each[1], high)) for each in ranges]
    return [each for each in cut if each[0] <= each[1]]


def any_of(lexemes: Iterable[str]) -> str:
    return "(" + " | ".join(f"'{each}'" for each in lexemes) + ")"
