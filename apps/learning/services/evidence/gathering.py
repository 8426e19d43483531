"""Evidence of a past that is told at once: put by, and folded when all of it is there."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from apps.core.bus import happening

from ...models import Evidence, Standing
from .folding import locked_standing
from .replaying import folded, merges_of, refold
from .taking import note_exercises

Gathered = dict[tuple[int, int], list[Evidence]]  # by student and course
_gathered: ContextVar[Gathered | None] = ContextVar("gathered_evidence", default=None)


@contextmanager
def gathering() -> Iterator[None]:
    """Evidence recorded inside is kept at the end, in bulk, and each log is folded once.

    For who makes a past in one transaction: what it makes known can't be asked for inside, and no
    card earns credit by it.
    """
    rows: Gathered = defaultdict(list)
    token = _gathered.set(rows)
    try:
        yield
    finally:
        _gathered.reset(token)
    for student_id, course_id in sorted(rows):
        keep_past(locked_standing(student_id, course_id), rows[student_id, course_id])


def keep_past(standing: Standing, rows: Sequence[Evidence]) -> None:
    """Keep what isn't kept yet, in whatever order it came, and fold the whole log anew."""
    kept = Evidence.objects.filter(student=standing.student_id, key__in=[row.key for row in rows])
    known = set(kept.values_list("key", flat=True))
    fresh = sorted((row for row in rows if row.key not in known), key=lambda row: row.occurred_at)
    if not fresh:
        return
    for row in fresh:
        row.student_id, row.course_id = standing.student_id, standing.course_id
        row.received_at = row.occurred_at
    note_exercises(standing.course_id, fresh)
    # what a first fold makes is stored with the rows; it stands unless there is earlier evidence
    folded(fresh, merges_of(standing.course_id))
    Evidence.objects.bulk_create(fresh, batch_size=1000)
    with happening(fresh[-1].occurred_at):
        refold(standing=standing)


def put_by(standing: Standing, rows: Sequence[Evidence]) -> bool:
    """Whether it is to be folded later."""
    gathered = _gathered.get()
    if gathered is None:
        return False
    gathered[standing.student_id, standing.course_id] += rows
    return True
