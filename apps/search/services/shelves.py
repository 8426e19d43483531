"""The shelves: which categories hold courses of which language."""

from collections.abc import Sequence

from django.db import connection, transaction

from . import tiers

FILL = """
INSERT INTO search_shelf (category_id, language)
SELECT DISTINCT category_id, language FROM search_document
WHERE {which} AND category_id IS NOT NULL
ORDER BY category_id, language
ON CONFLICT DO NOTHING
"""
CLEAR = """
DELETE FROM search_shelf s WHERE NOT EXISTS (
    SELECT FROM search_document d WHERE d.category_id = s.category_id AND d.language = s.language
)
"""


def fill(course_ids: Sequence[int]) -> None:
    """There is a shelf for each of these documents."""
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(which="course_id = ANY(%s)"), [list(course_ids)])


def fill_all() -> int:
    """There is a shelf for every document; returns how many were missing."""
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(which="true"))
        return cursor.rowcount


@transaction.atomic
def clear() -> int:
    """Remove those without a document; returns how many.

    Nobody writes meanwhile: a document that nobody sees yet would lose the shelf that it found.
    """
    tiers.be_alone()
    with connection.cursor() as cursor:
        cursor.execute(CLEAR)
        return cursor.rowcount
