"""New evidence, kept and folded in: one step of the fold for each, or a replay when it came late."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from ...engine.fold import Standing as Known
from ...engine.progress import Progress, exercised_by, succeeds
from ...models import Evidence, Standing
from ...selectors.graph import exercises_of
from ...selectors.schedule import Schedule
from .crediting import credit_cards
from .folding import announce, masteries_of, put_effects, put_standing, save_masteries
from .replaying import refold


def take_in(
    *, standing: Standing, rows: Sequence[Evidence], schedule: Schedule, at: datetime
) -> list[Evidence]:
    """Keep what isn't kept yet and fold it in; the queries are as many for one as for fifty."""
    keys = [row.key for row in rows]
    kept = Evidence.objects.filter(student=standing.student_id, key__in=keys)
    known = set(kept.values_list("key", flat=True))
    rows = [row for row in rows if row.key not in known]
    if not rows:
        return []
    for row in rows:
        row.student_id, row.course_id = standing.student_id, standing.course_id
        row.received_at = max(at, row.occurred_at)
    note_exercises(standing.course_id, rows)
    rows = Evidence.objects.bulk_create(rows)
    if any(is_late(standing, row) for row in rows):
        refold(standing=standing)
        rows = list(Evidence.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))
    else:
        _fold(standing, rows)
    credit_cards(rows=rows, schedule=schedule)
    Evidence.objects.bulk_update(rows, ["expected", "lines", "announced", "credits"])
    return rows


def is_late(standing: Standing, row: Evidence) -> bool:
    """Whether it happened before what is folded in already."""
    if standing.last_at is None:
        return False
    return (row.event.at, row.pk) < (standing.last_at, standing.last_id)


def note_exercises(course_id: int, rows: Iterable[Evidence]) -> None:
    """How much each success exercises other concepts is a fact from now on."""
    giving = [row for row in rows if succeeds(row.event, row.hints)]
    if not giving:
        return
    exercises = exercises_of(course_id, {concept for row in giving for concept in row.concepts})
    for row in giving:
        weights = exercised_by(row.concepts, exercises)
        row.facts = {**row.facts, "exercises": sorted(weights.items())}


def _fold(standing: Standing, rows: Sequence[Evidence]) -> None:
    touched = {concept for row in rows for concept in (*row.concepts, *row.exercises)}
    stored = masteries_of(standing, touched)
    progress = Progress(
        Known(standing.ability, {concept: row.known for concept, row in stored.items()}),
        {concept: row.place for concept, row in stored.items()},
    )
    for row in rows:
        taken = progress.take(row.event, row.exercises, hints=row.hints)
        put_effects(row, taken)
        announce(row, taken.mastered)
    put_standing(standing, progress, last=rows[-1])
    save_masteries(standing, progress, stored)
