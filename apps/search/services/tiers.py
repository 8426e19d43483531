"""Cutting the documents into tiers of popularity: the first hundredth, what follows, the rest."""

from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from ..models import SearchDocument, SearchTier

SHARES = (0.01, 0.10)  # of all documents that stand in the first tier, in the first two
LOCK = 0x7EA12C4  # held while a document is written or an end of a tier moves
PORTION = 200  # documents that change their tier while writers wait

Place = tuple[int, int]  # popularity and id of a tier's last course
ABOVE_ALL = (2**31 - 1, 2**63 - 1)  # the end of an empty tier
BELOW_ALL = (0, 0)

# the documents that a tier's end passes on its way down, or up; one more than are moved
PASSED = {
    True: """
        SELECT popularity, course_id FROM search_document
        WHERE (popularity, course_id) < (%s, %s) AND (popularity, course_id) >= (%s, %s)
        ORDER BY popularity DESC, course_id DESC LIMIT %s
    """,
    False: """
        SELECT popularity, course_id FROM search_document
        WHERE (popularity, course_id) >= (%s, %s) AND (popularity, course_id) < (%s, %s)
        ORDER BY popularity, course_id LIMIT %s
    """,
}
MOVE = """
UPDATE search_document d SET tier = (
    SELECT count(*) FROM search_tier t
    WHERE (d.popularity, d.course_id) < (t.last_popularity, t.last_course)
) WHERE d.course_id = ANY(%s)
"""


def cut() -> int:
    """Cut anew by what the documents' popularity is now; returns how many changed their tier.

    The ends of the tiers move by a few documents at a time, each time together with these: every
    reader sees tiers that are whole, and writers wait for one such step at most.
    """
    number = SearchDocument.objects.count()
    ranks = SearchDocument.objects.order_by("-popularity", "-course_id")
    ends = _ends(ranks.values_list("popularity", "course_id"), number)
    now = _ends_now()
    down = [tier for tier, end in enumerate(ends) if end < now[tier]]
    up = [tier for tier, end in enumerate(ends) if end > now[tier]]
    moved = 0
    for tier in [*reversed(down), *up]:  # in this order no end overtakes another
        while step := _move_end(tier, ends[tier]):
            moved += step
    _note_sizes(number)
    return moved


@transaction.atomic
def begin(ranks: "QuerySet[Any, tuple[int, int]]", *, number: int) -> None:
    """Set the ends for an index that is next to empty, by (popularity, id) of the courses in order."""
    be_alone()
    for tier, end in enumerate(_ends(ranks, number)):
        _store_end(tier, end)
    _note_sizes(number)
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [list(SearchDocument.objects.values_list("pk", flat=True))])


def stay() -> None:
    """Until the end of the transaction the tiers aren't cut."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])


def be_alone() -> None:
    """Until the end of the transaction nobody writes a document."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _ends(ranks: "QuerySet[Any, tuple[int, int]]", number: int) -> list[Place]:
    counts = [round(number * share) for share in SHARES]
    return [ranks[count - 1] if count else ABOVE_ALL for count in counts]


def _ends_now() -> list[Place]:
    """Where nothing was cut yet, all documents stand in the first tier."""
    rows = SearchTier.objects.filter(last_course__isnull=False)
    stored = {row.tier: (row.last_popularity or 0, row.last_course or 0) for row in rows}
    return [stored.get(tier, BELOW_ALL) for tier in range(len(SHARES))]


@transaction.atomic
def _move_end(tier: int, target: Place) -> int:
    """Move the end of the tier towards the target, past a portion of documents; returns how many."""
    be_alone()
    end = _ends_now()[tier]
    if end == target:
        return 0
    is_down = target < end
    with connection.cursor() as cursor:
        cursor.execute(PASSED[is_down], [*end, *target, PORTION + 1])
        passed = cursor.fetchall()
        moved = passed[:PORTION]
        stop = target
        if len(passed) > PORTION:
            stop = moved[-1] if is_down else passed[-1]
        _store_end(tier, stop)
        cursor.execute(MOVE, [[course_id for _, course_id in moved]])
    return len(moved)


def _store_end(tier: int, end: Place) -> None:
    SearchTier.objects.update_or_create(
        tier=tier,
        defaults={"last_popularity": end[0], "last_course": end[1]},
        create_defaults={"last_popularity": end[0], "last_course": end[1], "documents": 0},
    )


def _note_sizes(number: int) -> None:
    before = 0
    for tier, count in enumerate([*(round(number * share) for share in SHARES), number]):
        SearchTier.objects.update_or_create(tier=tier, defaults={"documents": count - before})
        before = count
