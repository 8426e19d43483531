"""All documents anew, while searches go on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.core.errors import Conflict
from apps.courses.models import Course

from ..cache import forget_answers
from ..models import SearchDocument
from . import bulk, documents, names, shelves, tallies, tiers, vocabulary

PORTION = 500
LOCK = 0x7EA12C6  # of whoever rebuilds

Progress = Callable[[int, int], None]


def is_wanted() -> bool:
    """Most published courses aren't in the index: it was emptied, or never filled.

    Events may have brought some since.
    """
    return SearchDocument.objects.count() * 2 < Course.objects.published().count()


def rebuild(*, progress: Progress = lambda done, total: None) -> int:
    """Write every document anew while searches go on, popular courses first; returns how many.

    Each portion is a transaction of its own, so that a rebuild holds no lock for long. Where there
    is next to nothing yet, searches are slow meanwhile: see bulk. It may be
    broken off and repeated: what is right already is only read. Two at once are refused.
    """
    with _alone():
        courses = Course.objects.published().order_by("-student_count", "-pk")
        ids = _as_they_lie(list(courses.values_list("pk", "language", "category_id")))
        portions = [
            partial(_write_portion, ids[at : at + PORTION]) for at in range(0, len(ids), PORTION)
        ]
        is_new = SearchDocument.objects.count() * 10 <= len(ids)
        if is_new:
            tiers.begin(courses.values_list("student_count", "pk"), number=len(ids))
        if is_new and len(ids) >= bulk.WORTH:
            learn = [vocabulary.learn_words]
            bulk.fill(portions, beside=learn, total=len(ids), progress=progress)
        else:
            bulk.build_missing_indexes()
            for number, write in enumerate(portions, start=1):
                write()
                progress(min(number * PORTION, len(ids)), len(ids))
            vocabulary.learn_words()
        _remove_superfluous()
        shelves.clear()
        tiers.cut()
        tallies.merge()
        names.learn_names()
        _settle()
        forget_answers()
    return len(ids)


def _as_they_lie(courses: list[tuple[int, str, int | None]]) -> list[int]:
    """Ids tier by tier, and within a tier by language and category.

    An index that meets two lists of rows then leaps over what only one of them has: a word is mostly
    of one language, and a filter by category reads rows that lie together.
    """
    ends = [round(len(courses) * share) for share in tiers.SHARES]
    parts = [courses[start:end] for start, end in pairwise([0, *ends, len(courses)])]
    return [pk for part in parts for pk, *_ in sorted(part, key=lambda row: (row[1], row[2] or 0))]


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise Conflict(_("The index is being rebuilt already."))
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@transaction.atomic
def _write_portion(ids: list[int]) -> None:
    documents.lock(ids)
    documents.write(ids)


def _remove_superfluous() -> None:
    published = Course.objects.published().values("pk")
    ids = list(SearchDocument.objects.exclude(pk__in=published).values_list("pk", flat=True))
    for at in range(0, len(ids), PORTION):
        documents.refresh(course_ids=ids[at : at + PORTION])


def _settle() -> None:
    """Statistics for the planner, and the map of what every reader sees: pages that are read from
    an index alone need it."""
    vacuum = "" if connection.in_atomic_block else "VACUUM "
    with connection.cursor() as cursor:
        cursor.execute(
            f"{vacuum}ANALYZE search_document, search_tally, search_term, search_name, search_prefix"
        )
