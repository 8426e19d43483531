"""Mastery anew from the log alone: after late or voided evidence, merged concepts, and on command."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from ...engine.fold import merged
from ...engine.progress import Progress
from ...models import Concept, Evidence, Mastery, MergedConcept, Standing
from .folding import (
    announce,
    locked_standing,
    masteries_of,
    put_effects,
    put_standing,
    save_masteries,
)


@transaction.atomic
def replay(*, student_id: int, course_id: int) -> Standing:
    """Fold the whole log again; what is stored afterwards is what the log makes."""
    standing = locked_standing(student_id, course_id)
    refold(standing=standing)
    return standing


def refold(*, standing: Standing) -> None:
    """As `replay`, under the lock. Credits of cards are facts and stay."""
    rows = log_of(standing)
    before = {row.pk: (row.expected, row.lines, row.announced) for row in rows}
    progress, entered = folded(rows, merges_of(standing.course_id))
    there = set(
        Concept.objects.filter(
            course=standing.course_id, pk__in=progress.standing.concepts
        ).values_list("pk", flat=True)
    )
    _forget_others(progress, there)
    stored = masteries_of(standing)
    for concept, row in entered.items():
        now = progress.standing.concepts.get(concept)
        was = stored.get(concept)
        if now is not None and now.mastered and not (was and was.mastered):
            announce(row, [concept])
    put_standing(standing, progress, last=rows[-1] if rows else None)
    save_masteries(standing, progress, stored)
    Mastery.objects.filter(pk__in=[stored[gone].pk for gone in stored.keys() - there]).delete()
    changed = [row for row in rows if before[row.pk] != (row.expected, row.lines, row.announced)]
    Evidence.objects.bulk_update(changed, ["expected", "lines", "announced"], batch_size=500)


def log_of(standing: Standing) -> list[Evidence]:
    """All evidence of the student in the course, in the order in which it counts."""
    rows = Evidence.objects.filter(student=standing.student_id, course=standing.course_id)
    return sorted(rows, key=lambda row: (row.event.at, row.pk))


def merges_of(course_id: int) -> dict[int, int]:
    """What took over which concept."""
    rows = MergedConcept.objects.filter(course=course_id)
    return dict(rows.values_list("old_id", "concept_id"))


def folded(rows: list[Evidence], into: Mapping[int, int]) -> tuple[Progress, dict[int, Evidence]]:
    """What the log makes, in order; and by concept the evidence that last entered it into mastered."""
    progress, entered = Progress(), dict[int, Evidence]()
    for row in rows:
        event = merged(row.event, into) if into else row.event
        exercises: dict[int, float] = {}
        for concept, weight in row.exercises.items():
            now = into.get(concept, concept)
            exercises[now] = max(exercises.get(now, 0.0), weight)
        taken = progress.take(event, exercises, hints=row.hints)
        put_effects(row, taken)
        entered |= dict.fromkeys(taken.mastered, row)
    return progress, entered


def _forget_others(progress: Progress, there: set[int]) -> None:
    """Concepts that are gone leave their mark on ability alone."""
    known = progress.standing
    kept = {concept: each for concept, each in known.concepts.items() if concept in there}
    progress.standing = type(known)(known.ability, kept)


# ── Merged concepts ───────────────────────────────────────────────────────────────────────────
def replay_merged(*, course_id: int, at: datetime) -> int:
    """Replay the students who know of a concept that another took over; how many that were.

    Each in a transaction of its own; a merge is done with when all of them are.
    """
    merges = MergedConcept.objects.filter(course=course_id)
    fresh = merges.filter(replayed_at=None)
    # with what a concept had taken over before it was taken over itself
    old = merges.filter(concept__in=fresh.values("concept")).values_list("old_id", flat=True)
    waiting, ids = list(fresh.values_list("pk", flat=True)), list(old)
    about = Evidence.objects.filter(course=course_id, concepts__overlap=ids)
    students = sorted(set(about.values_list("student_id", flat=True)))
    for student_id in students:
        replay(student_id=student_id, course_id=course_id)
    MergedConcept.objects.filter(pk__in=waiting).update(replayed_at=at)
    return len(students)
