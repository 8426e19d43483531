"""Keeping the tallies of documents small and true; triggers of search_document write them."""

from django.db import connection, transaction

from ..lexemes import MINUTE_EDGES, PRICE_EDGES, RATING_EDGES
from ..models import SearchTally

LOCK = 0x7EA12C7  # of whoever mends
KIND = ", ".join(SearchTally.KIND)
MERGE = f"""
WITH gone AS (
    DELETE FROM search_tally WHERE id IN (
        SELECT id FROM (
            SELECT id, count(*) OVER kind AS rows, sum(documents) OVER kind AS documents
            FROM search_tally WINDOW kind AS (PARTITION BY {KIND})
        ) t WHERE rows > 1 OR documents = 0
    ) RETURNING *
)
INSERT INTO search_tally ({KIND}, documents)
SELECT {KIND}, sum(documents) FROM gone GROUP BY {KIND} HAVING sum(documents) <> 0
"""
MEND = f"""
INSERT INTO search_tally ({KIND}, documents)
SELECT {KIND}, sum(documents) FROM (
    SELECT {KIND}, -documents AS documents FROM search_tally
    UNION ALL
    SELECT c.category_id, d.language, d.level,
        width_bucket(d.price_key, %(prices)s::bigint[]),
        width_bucket(d.duration_minutes, %(minutes)s::int[]),
        width_bucket(d.rating::int, %(ratings)s::int[]), 1
    FROM search_document d CROSS JOIN LATERAL (
        SELECT d.category_id WHERE d.category_id IS NOT NULL UNION ALL SELECT NULL
    ) c
) both_sides
GROUP BY {KIND} HAVING sum(documents) <> 0
"""


def merge() -> None:
    """Make one row of all that are of a kind."""
    with connection.cursor() as cursor:
        cursor.execute(MERGE)


@transaction.atomic
def mend() -> int:
    """Make the tallies say what the documents are; returns how many kinds were wrong.

    A document and its tally change together, and one statement sees both as they were at once, so
    that no writer has to wait; only another who mends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(
            MEND, {"prices": PRICE_EDGES, "minutes": MINUTE_EDGES, "ratings": RATING_EDGES}
        )
        return cursor.rowcount
