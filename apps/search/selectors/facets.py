"""How many courses each value of a filter would leave."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection

from apps.courses.selectors import CategoryNode, categories_tree

from ..cache import revision
from ..lexemes import (
    LENGTH_BANDS,
    MINUTE_EDGES,
    PRICE_BANDS,
    PRICE_EDGES,
    RATING_EDGES,
    RATING_STEPS,
    Range,
    touched,
)
from ..models import SearchTier
from ..queries import Search
from . import tallies
from .asking import Asked, meant_by

LIFETIME = 60  # seconds
# A tier is the last to be read when with it there are so many hits: what stands below is estimated.
ENOUGH = 1000


@dataclass(frozen=True)
class Count:
    """`exact` unless it is estimated from the more popular of the hits."""

    number: int
    exact: bool = True


Counts = dict[str, Count]
Facets = dict[str, Counts]
# group → the field of Asked that it is
GROUPS = {
    "category": "categories", "level": "levels", "language": "languages", "price": "prices",
    "rating": "ratings", "length": "minutes",
}  # fmt: skip
COLUMNS = {
    "category": "category_id",
    "level": "level",
    "language": "language",
    "price": f"width_bucket(price_key, ARRAY{PRICE_EDGES}::bigint[])",
    "rating": f"width_bucket(rating, ARRAY{RATING_EDGES})",
    "length": f"width_bucket(minutes, ARRAY{MINUTE_EDGES})",
}
BANDS: dict[str, tuple[str, dict[str, Range]]] = {
    "price": ("p", PRICE_BANDS),
    "rating": ("r", RATING_STEPS),
    "length": ("d", LENGTH_BANDS),
}


def facets(search: Search) -> Facets:
    """Group → value → number of courses, were that value chosen; each group ignores its own filter."""
    key = f"search:facets:{revision()}:{hash_of(search)}"
    found: Facets | None = cache.get(key)
    if found is None:
        found = count_facets(search)
        cache.set(key, found, LIFETIME)
    return found


def hash_of(search: Search) -> str:
    """A key for caches: equal for equal searches, in whichever language they are asked."""
    categories = tuple(category.pk for category in search.categories)
    parts = {**vars(search), "categories": categories, "sort": ""}
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def count_facets(search: Search) -> Facets:
    """Groups without a filter of their own are counted together."""
    asked = meant_by(search)
    on = [group for group, field in GROUPS.items() if getattr(asked, field) is not None]
    found = _counted(asked, [group for group in GROUPS if group not in on])
    for group in on:
        found |= _counted(asked.without(GROUPS[group]), [group])
    return found


def _counted(asked: Asked, groups: Sequence[str]) -> Facets:
    """All the groups together."""
    if not groups or asked.finds_nothing:
        return {group: {} for group in groups}
    if tallies.knows(asked):
        return _tallied(asked, groups)
    sample, values = asked.arguments()
    parts = [
        f"SELECT '{name}', {column}::text, count(*) FROM hits GROUP BY 2"
        for name, column in [("tier", "tier"), *((group, COLUMNS[group]) for group in groups)]
    ]
    sql = f"""
        WITH hits AS MATERIALIZED (SELECT * FROM search_sample({sample}, {ENOUGH}))
        {" UNION ALL ".join(parts)}
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("tier", *groups)}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for name, value, number in cursor.fetchall():
            counts[name][value] = number
    scale = _scale(counts.pop("tier"))
    return {group: _scaled(_by_value(group, counts[group]), scale) for group in groups}


def _tallied(asked: Asked, groups: Sequence[str]) -> Facets:
    counts: dict[str, Counter[str]] = {group: Counter() for group in groups}
    names = {GROUPS[group]: group for group in groups}
    for field, value, number in tallies.tallied_by(asked, list(names)):
        counts[names[field]][value] = number
    return {group: _scaled(_by_value(group, counts[group]), 1) for group in groups}


def _scale(tiers: Counter[str]) -> float:
    """For how many courses one of the sample stands."""
    hits, parts = 0, list(SearchTier.objects.order_by("tier").values_list("documents", flat=True))
    for tier, _ in enumerate(parts[:-1]):
        hits += tiers[str(tier)]
        if hits >= ENOUGH:
            return sum(parts) / max(1, sum(parts[: tier + 1]))
    return 1


def _scaled(counts: dict[str, int], scale: float) -> Counts:
    return {value: Count(round(number * scale), scale == 1) for value, number in counts.items()}


def _by_value(group: str, counts: Counter[str]) -> dict[str, int]:
    if group == "category":
        return _with_those_below(counts)
    if group not in BANDS:
        return dict(counts.most_common())
    letter, bands = BANDS[group]
    return {
        band: sum(counts[str(number)] for number in touched(letter, [ends]))
        for band, ends in bands.items()
    }


def _with_those_below(own: Counter[str]) -> dict[str, int]:
    """Courses by the slug of their category and of all above it."""
    found: dict[str, int] = {}

    def add(node: CategoryNode) -> int:
        number = own[str(node.id)] + sum(add(child) for child in node.children)
        if number:
            found[node.slug] = number
        return number

    for node in categories_tree():
        add(node)
    return found
