"""Cutting the documents into tiers of popularity: the first hundredth, what follows, the rest."""

from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from ..models import SearchDocument, SearchTier

SHARES = (0.01, 0.10)  # of all documents that stand in the first tier, in the first two
LOCK = 0x7EA12C4  # held while a document is written or the tiers are cut

MOVE = """
WITH placed AS (
    SELECT d.course_id, (
        SELECT count(*) FROM search_tier t
        WHERE (d.popularity, d.course_id) < (t.last_popularity, t.last_course)
    ) AS tier FROM search_document d
)
UPDATE search_document d SET tier = placed.tier
FROM placed WHERE placed.course_id = d.course_id AND placed.tier <> d.tier
"""


@transaction.atomic
def cut() -> int:
    """Cut anew by what the documents' popularity is now; returns how many changed their tier.

    Readers see the old tiers until all is done, so that their pages stay exact; only documents that
    change their tier are written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        ranks = SearchDocument.objects.order_by("-popularity", "-course_id")
        cut_as(ranks.values_list("popularity", "course_id"), number=SearchDocument.objects.count())
        cursor.execute(MOVE)
        return cursor.rowcount


@transaction.atomic
def cut_as(ranks: "QuerySet[Any, tuple[int, int]]", *, number: int) -> None:
    """Set the tiers' ends by (popularity, id) of so many courses in order; moves no document."""
    ends = [round(number * share) for share in SHARES]
    tiers = []
    for tier, (end, before) in enumerate(zip(ends, [0, *ends], strict=False)):
        popularity, course = ranks[end - 1] if end else (None, None)
        tiers.append(
            SearchTier(
                tier=tier,
                last_popularity=popularity,
                last_course=course,
                documents=end - before,
            )
        )
    tiers.append(SearchTier(tier=len(ends), documents=number - ends[-1]))
    SearchTier.objects.all().delete()
    SearchTier.objects.bulk_create(tiers)


def stay() -> None:
    """Until the end of the transaction the tiers aren't cut."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
