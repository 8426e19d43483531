"""A student's cards as files hold them."""

import hashlib
import re
from typing import Any

from django.db.models import Prefetch, QuerySet

from apps.courses.models import Course

from ..engine.log import restored
from ..formats.cards import FileCard, FileNote, FileReview
from ..models import Card, Note, NoteKind, Review

_ANKI = "anki:"
_OWN_KEY = re.compile(r"edu-(\d{1,15})-[0-9a-f]{12}(?::\d+)?")


def notes_for_file(
    student: Any, *, course: Course | None = None, everything: bool = False, no_course: str = ""
) -> list[FileNote]:
    """The notes of one deck (None: of no course), or of all, with schedule and log, oldest first."""
    notes = notes_of(student)
    if not everything:
        notes = notes.filter(course=course)
    return [_note(note, no_course) for note in notes]


def notes_of(student: Any) -> QuerySet[Note]:
    log = Review.objects.filter(undone_at=None).order_by("reviewed_at", "pk")
    cards = Card.objects.order_by("ordinal").prefetch_related(Prefetch("reviews", log))
    notes = Note.objects.visible_to(student).select_related("course")
    return notes.prefetch_related(Prefetch("cards", cards)).order_by("pk")


def key_of(note: Note) -> str:
    """What names the note in a file: the guid that it came with, or one of its own."""
    if note.source_key and note.source_key.startswith(_ANKI):
        return note.source_key.removeprefix(_ANKI)
    made = f"{note.pk}:{note.student_id}:{note.created_at.isoformat()}"
    return f"edu-{note.pk}-{hashlib.sha256(made.encode()).hexdigest()[:12]}"


def notes_by_key(student: Any, keys: set[str]) -> set[str]:
    """Which of the keys name a note of the student."""
    notes = Note.objects.visible_to(student)
    imported = notes.filter(source_key__in={f"{_ANKI}{key}" for key in keys})
    found = {
        (key or "").removeprefix(_ANKI) for key in imported.values_list("source_key", flat=True)
    }
    numbers = [int(match[1]) for key in keys if (match := _OWN_KEY.fullmatch(key))]
    found |= {key_of(note) for note in notes.filter(pk__in=numbers)} & keys
    return found


def _note(note: Note, no_course: str) -> FileNote:
    kind = NoteKind(note.kind).value
    deck = note.course.title if note.course else no_course
    cards = tuple(_card(card) for card in note.cards.all())
    return FileNote(key_of(note), deck, kind, note.front, note.back, cards)


def _card(card: Card) -> FileCard:
    return FileCard(
        ordinal=card.ordinal,
        state=card.state,
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        due=None if card.is_new else card.due,
        unplaced_due=None if card.is_new else card.unplaced_due,
        last_review=card.last_review,
        reps=card.reps,
        lapses=card.lapses,
        suspended=card.suspended_at is not None,
        reviews=tuple(_review(review) for review in card.reviews.all()),
    )


def _review(review: Review) -> FileReview:
    before = restored(review.before)
    last = before.memory.last_review
    return FileReview(
        at=review.reviewed_at,
        rating=review.rating,
        state_before=None if last is None else before.memory.state,
        interval=int((review.due - review.reviewed_at).total_seconds()),
        interval_before=int((before.due - last).total_seconds()) if last else 0,
        difficulty=review.difficulty,
        duration_ms=review.duration_ms,
    )
