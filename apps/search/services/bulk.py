"""A catalogue that is hardly in the index yet, written by all cores; its indexes are built when it is in.

Row by row the indexes would cost several times what the rows do.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial

from django.db import connection, transaction
from django.db.models import Index

from ..models import SearchDocument

WORTH = 20_000  # documents; fewer are written while their indexes stand
SHARE_OF_ROWS = 0.6  # of the time, more or less; the rest is the indexes
LONGEST = ("search_body_2", "search_title_trigrams")

Progress = Callable[[int, int], None]
Task = Callable[[], object]


def fill(
    portions: Iterable[Task], *, beside: Iterable[Task], total: int, progress: Progress
) -> None:
    """Run the portions without indexes, then build these, and run `beside` them what needs none.

    Whoever breaks in leaves indexes missing; the next rebuild builds them first.
    """
    _remove_indexes()
    for share in _done_by_all_cores(portions):
        progress(int(total * SHARE_OF_ROWS * share), total)
    for share in _done_by_all_cores([*beside, *_missing_indexes()]):
        progress(int(total * (SHARE_OF_ROWS + (1 - SHARE_OF_ROWS) * share)), total)


def build_missing_indexes() -> None:
    for build in _missing_indexes():
        build()


@transaction.atomic
def build_index(index: Index) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        # the other cores have indexes of their own
        cursor.execute("SET LOCAL max_parallel_maintenance_workers = 0")
    with connection.schema_editor(atomic=False) as editor:
        editor.add_index(SearchDocument, index)


def _remove_indexes() -> None:
    there = _names()
    with connection.schema_editor() as editor:
        for index in SearchDocument._meta.indexes:
            if index.name in there:
                editor.remove_index(SearchDocument, index)


def _missing_indexes() -> list[Task]:
    """Those that take longest first, so that no core is alone in the end."""
    there = _names()
    missing = [index for index in SearchDocument._meta.indexes if index.name not in there]
    missing.sort(key=lambda index: index.name not in LONGEST)
    return [partial(build_index, index) for index in missing]


def _names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = %s", [SearchDocument._meta.db_table]
        )
        return {name for (name,) in cursor.fetchall()}


def _done_by_all_cores(tasks: Iterable[Task]) -> Iterator[float]:
    """The share of them that is done, after each."""

    def alone(task: Task) -> None:
        try:
            task()
        finally:
            connection.close()  # this thread's own

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        running = [threads.submit(alone, task) for task in tasks]
        for done, future in enumerate(as_completed(running), start=1):
            future.result()
            yield done / len(running)
