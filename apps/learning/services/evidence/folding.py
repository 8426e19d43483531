"""The standing under its lock, and what a fold leaves in the database, live or replayed."""

from collections.abc import Iterable, Mapping

from apps.core.bus import publish

from ...engine.progress import Effect, Progress, Taken
from ...events import ConceptMastered
from ...models import Evidence, Mastery, Standing

FOLDED_FIELDS = [field.name for field in Mastery._meta.concrete_fields if not field.primary_key]


def locked_standing(student_id: int, course_id: int) -> Standing:
    """The student's standing in the course, made when it is the first; held until the commit."""
    rows = Standing.objects.select_for_update(of=("self",))
    found = rows.filter(student=student_id, course=course_id).first()
    if found is None:
        made = Standing(student_id=student_id, course_id=course_id)
        # another tab may be making it: then this waits for it
        Standing.objects.bulk_create([made], ignore_conflicts=True)
        found = rows.get(student=student_id, course=course_id)
    return found


def masteries_of(standing: Standing, concepts: Iterable[int] | None = None) -> dict[int, Mastery]:
    rows = Mastery.objects.filter(student=standing.student_id, course=standing.course_id)
    if concepts is not None:
        rows = rows.filter(concept__in=concepts)
    return {row.concept_id: row for row in rows}


def put_effects(row: Evidence, taken: Taken) -> None:
    row.expected = taken.expected
    row.lines = [_line(effect) for effect in taken.effects]


def _line(effect: Effect) -> dict[str, object]:
    return {
        "concept": effect.concept,
        "evidence": effect.evidence,
        "teaching": effect.teaching,
        "m": list(effect.m),
        "level": [int(level) for level in effect.level],
    }


def announce(row: Evidence, mastered: Iterable[int]) -> None:
    """Tell of each concept that the evidence made mastered, once."""
    for concept in mastered:
        if concept in row.announced:
            continue
        row.announced = [*row.announced, concept]
        publish(
            ConceptMastered(
                student_id=row.student_id,
                course_id=row.course_id,
                concept_id=concept,
                evidence_id=row.pk,
            )
        )


def put_standing(standing: Standing, progress: Progress, last: Evidence | None) -> None:
    ability = progress.standing.ability
    standing.theta, standing.answers = ability.theta, ability.answers
    standing.last_at = last.event.at if last else None
    standing.last_id = last.pk if last else 0
    standing.save(update_fields=["theta", "answers", "last_at", "last_id"])


def save_masteries(standing: Standing, progress: Progress, stored: Mapping[int, Mastery]) -> None:
    """Write the concepts that stand otherwise than stored."""
    changed = []
    for concept, known in progress.standing.concepts.items():
        place, row = progress.place(concept), stored.get(concept)
        if row is not None and (row.known, row.place) == (known, place):
            continue
        row = row or Mastery(
            student_id=standing.student_id, course_id=standing.course_id, concept_id=concept
        )
        row.put(known, place)
        changed.append(row)
    Mastery.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["student", "concept"],
        update_fields=[name for name in FOLDED_FIELDS if name not in ("student", "concept")],
    )
