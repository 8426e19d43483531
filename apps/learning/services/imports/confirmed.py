"""A file that was looked at is taken: at once when small, else by a job with progress.

How far it is stands in its row and moves in the transaction of what was taken, so that a killed
worker, a second click or a second job take nothing twice.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.core import jobs
from apps.core.errors import NotFound
from apps.core.models import Job
from apps.courses.models import Lesson

from ...models import Import
from ...selectors.cards import courses_for_cards
from ...selectors.imports import entries_of, note_restored
from .notes import import_notes
from .questions import import_questions

INLINE_QUESTIONS = 50
INLINE_CARDS = 500
CHUNK_QUESTIONS = 25
CHUNK_CARDS = 1000
KEPT_FOR = timedelta(days=7)

Report = Callable[[int], None]


@transaction.atomic
def confirm(*, kept: Import, choices: Mapping[str, Any], at: datetime) -> Import:
    """Take the file as chosen. Confirmed before, it only goes on, if something stopped it.

    `choices` are those of `import_questions` (lesson, duplicates) or `import_notes` (course,
    match, schedule), JSON-ready.
    """
    kept = _locked(kept.pk)
    if kept.finished_at is not None or is_under_way(kept):
        return kept
    if kept.confirmed_at is None:
        kept.confirmed_at, kept.choices = at, dict(choices)
    inline = INLINE_CARDS if kept.course_id is None else INLINE_QUESTIONS
    if kept.count > inline:
        args = {"import": kept.pk}
        kept.job = jobs.start(kind="learning.import", owner=kept.owner, args=args, at=at)
    kept.save(update_fields=["confirmed_at", "choices", "job"])
    if kept.job is None:
        take(import_id=kept.pk, at=at)
        kept.refresh_from_db()
    return kept


def take(*, import_id: int, at: datetime, report: Report | None = None) -> None:
    """Take what isn't taken yet, piece by piece; each piece is a transaction of its own."""
    kept = Import.objects.filter(pk=import_id).exclude(confirmed_at=None).first()
    if kept is None or kept.finished_at is not None:
        return
    entries = entries_of(kept)
    while _take_some(import_id, entries, at):
        if report is not None:
            taken = Import.objects.values_list("taken", flat=True).get(pk=import_id)
            report(99 * taken // max(1, len(entries)))


@transaction.atomic
def sweep_imports(*, at: datetime) -> None:
    """Forget files that nobody has touched for a week."""
    Import.objects.filter(created_at__lt=at - KEPT_FOR).delete()


@transaction.atomic
def _take_some(import_id: int, entries: Sequence[dict[str, Any]], at: datetime) -> bool:
    """The next piece; whether anything may be left."""
    kept = _locked(import_id)
    if kept.finished_at is not None:
        return False
    size = CHUNK_CARDS if kept.course_id is None else CHUNK_QUESTIONS
    piece = entries[kept.taken : kept.taken + size]
    took = _cards(kept, piece, at) if kept.course_id is None else _questions(kept, piece, at)
    kept.result = {name: kept.result.get(name, 0) + number for name, number in took.items()}
    kept.taken += len(piece)
    if kept.taken >= len(entries):
        kept.finished_at, kept.content = at, b""
    kept.save(update_fields=["result", "taken", "finished_at", "content"])
    return kept.finished_at is None


def _questions(kept: Import, piece: Sequence[dict[str, Any]], at: datetime) -> dict[str, int]:
    assert kept.course is not None
    number = kept.choices.get("lesson")
    lesson = Lesson.objects.filter(course=kept.course, pk=number).first() if number else None
    took = import_questions(
        course=kept.course,
        entries=piece,
        editor=kept.owner,
        lesson=lesson,
        with_duplicates=bool(kept.choices.get("duplicates")),
        at=at,
    )
    return vars(took)


def _cards(kept: Import, piece: Sequence[dict[str, Any]], at: datetime) -> dict[str, int]:
    courses = courses_for_cards(kept.owner)
    chosen = kept.choices.get("course")
    took = import_notes(
        student=kept.owner,
        notes=[note_restored(entry) for entry in piece],
        kind=kept.format,
        course_id=courses.filter(pk=chosen).values_list("pk", flat=True).first()
        if chosen
        else None,
        course_ids=courses_by_deck(kept.owner) if kept.choices.get("match") else None,
        with_schedule=bool(kept.choices.get("schedule", True)),
        at=at,
    )
    return vars(took)


def courses_by_deck(student: User) -> dict[str, int]:
    """The student's courses by the name that a deck of theirs bears in a file."""
    rows = courses_for_cards(student).order_by("-pk").values_list("title", "pk")
    return {name: pk for title, pk in rows for name in (title, title.replace("::", ": "))}


def is_under_way(kept: Import) -> bool:
    return kept.job is not None and kept.job.status in {Job.Status.QUEUED, Job.Status.RUNNING}


def _locked(pk: int) -> Import:
    rows = Import.objects.select_related("owner", "course", "job").defer("content")
    kept = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if kept is None:
        raise NotFound
    return kept
