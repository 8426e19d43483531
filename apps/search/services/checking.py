"""Drift: where the index isn't what the courses are, though no event is under way to tell it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.db.models import Max

from apps.courses.models import Course

from ..models import SearchDocument
from . import bulk, documents, shelves, tallies, tiers
from .places import PLACES

PORTION = 1000  # ids that one statement compares
MENDED_AT_ONCE = 200
LAST_CHECK = "search:last-check"
WORTH_A_CUT = 0.01  # of the documents mended

# An event is stored with the change that it tells of, and struck with the document that it makes:
# in one snapshot a document differs without drift exactly when its event waits.
DIFFERING = f"""
WITH RECURSIVE {PLACES},
wanted AS MATERIALIZED (
    {documents.DOCUMENTS.format(which="c.id > %(above)s AND c.id <= %(up_to)s")}
),
found AS (SELECT * FROM search_document WHERE course_id > %(above)s AND course_id <= %(up_to)s)
SELECT coalesce(w.course_id, f.course_id),
    CASE WHEN f.course_id IS NULL THEN 'missing'
        WHEN w.course_id IS NULL THEN 'superfluous' ELSE 'differing' END
FROM wanted w FULL JOIN found f ON f.course_id = w.course_id
WHERE ({", ".join(f"w.{name}" for name in documents.COLUMNS)})
    IS DISTINCT FROM ({", ".join(f"f.{name}" for name in documents.COLUMNS)})
AND NOT EXISTS (
    SELECT FROM core_delivery e WHERE NOT e.dead
    AND e.subscriber IN ('search.refresh_documents', 'search.refresh_shelf')
    AND (
        (e.payload ->> 'course_id')::bigint = coalesce(w.course_id, f.course_id)
        OR (e.payload ->> 'category_id')::bigint IN (w.category_id, f.category_id)
        OR (e.payload ->> 'user_id')::bigint IN (w.owner_id, f.owner_id)
    )
)
"""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Drift:
    """How many documents weren't as they should be. `next`: after which id the check goes on."""

    missing: int = 0
    superfluous: int = 0
    differing: int = 0
    next: int | None = None

    @property
    def total(self) -> int:
        return self.missing + self.superfluous + self.differing


def check(
    *,
    mend: bool,
    above: int = 0,
    most: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Drift:
    """Compare courses and documents, column by column, from an id on, `most` ids of them.

    A portion is compared by one statement, and mended in transactions of their own: nobody waits.
    """
    last = max(
        Course.objects.aggregate(last=Max("pk"))["last"] or 0,
        SearchDocument.objects.aggregate(last=Max("pk"))["last"] or 0,
    )
    stop = last if most is None else min(last, above + most)
    counts = {"missing": 0, "superfluous": 0, "differing": 0}
    for start in range(above, stop, PORTION):
        differing = _differing(start, min(start + PORTION, stop))
        for _course_id, kind in differing:
            counts[kind] += 1
        if mend:
            _mend([course_id for course_id, _kind in differing])
        progress(min(start + PORTION, stop), last)
    return Drift(**counts, next=stop if stop < last else None)


def finish(*, found: Drift, mended: bool) -> None:
    """After the last part of a check: what isn't a document, and the figures for who watches."""
    if mended:
        bulk.build_missing_indexes()
        shelves.fill_all()
        shelves.clear()
        tallies.mend()
        if found.total > WORTH_A_CUT * SearchDocument.objects.count():
            tiers.cut()
    cache.set(LAST_CHECK, (found.missing, found.superfluous, found.differing), None)


def last_check() -> Drift | None:
    """What the last check found, mended or not."""
    found = cache.get(LAST_CHECK)
    return Drift(missing=found[0], superfluous=found[1], differing=found[2]) if found else None


def _differing(above: int, up_to: int) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING, documents.values(above=above, up_to=up_to))
        found: list[tuple[int, str]] = cursor.fetchall()
    return found


def _mend(ids: list[int]) -> None:
    for at in range(0, len(ids), MENDED_AT_ONCE):
        documents.refresh(course_ids=ids[at : at + MENDED_AT_ONCE])
