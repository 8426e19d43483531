"""Notes of a file into a student's decks, with the schedule that they had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User

from ...engine import cloze
from ...formats.cards import FileCard, FileNote, settled
from ...models import Card, CardState, Note, NoteSource
from ...selectors.imports import notes_there, source_key

BATCH = 1000


@dataclass(frozen=True)
class Imported:
    notes: int
    cards: int
    there: int  # notes that the student had already
    refused: int  # notes of which no card was left


@transaction.atomic
def import_notes(
    *,
    student: User,
    notes: Sequence[FileNote],
    kind: str,
    at: datetime,
    course_id: int | None = None,
    course_ids: Mapping[str, int] | None = None,
    with_schedule: bool = True,
) -> Imported:
    """Those that the student hasn't yet, each with its cards.

    `course_ids` names the course for some decks, `course_id` that of all others; `kind` is the
    file's format. Without its schedule a card is new.
    """
    there = notes_there(student, notes, kind)
    fresh = [(note.key, settled(note)) for note in notes if note.key not in there]
    wanted = {source_key(kind, key): note for key, note in fresh if note is not None}
    by_deck = course_ids or {}
    # a note that another request has just made isn't made twice: the constraint says so
    Note.objects.bulk_create(
        (
            Note(
                student=student,
                course_id=by_deck.get(note.deck, course_id),
                kind=note.kind,
                front=note.front,
                back=note.back,
                source=NoteSource.IMPORT,
                source_key=key,
                created_at=at,
                updated_at=at,
            )
            for key, note in wanted.items()
        ),
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    made = Note.objects.visible_to(student).filter(source_key__in=wanted)
    cards = [
        _card(note, card if with_schedule else FileCard(ordinal=card.ordinal), at)
        for note in made.only("pk", "student_id", "course_id", "source_key")
        for card in _cards_of(wanted[note.source_key or ""])
    ]
    Card.objects.bulk_create(cards, ignore_conflicts=True, batch_size=BATCH)
    return Imported(
        notes=len(wanted),
        cards=len(cards),
        there=len(notes) - len(fresh),
        refused=sum(note is None for _key, note in fresh),
    )


def _cards_of(note: FileNote) -> Sequence[FileCard]:
    if note.cards:
        return note.cards
    return [FileCard(ordinal=number) for number in (cloze.numbers(note.front) or [0])]


def _card(note: Note, card: FileCard, at: datetime) -> Card:
    made = Card(
        note=note,
        student_id=note.student_id,
        course_id=note.course_id,
        ordinal=card.ordinal,
        due=at,
        unplaced_due=at,
        suspended_at=at if card.suspended else None,
        created_at=at,
    )
    if card.is_new or card.due is None:
        return made
    made.state = CardState(card.state)
    made.step = card.step
    made.stability, made.difficulty = card.stability, card.difficulty
    made.due, made.unplaced_due = card.due, card.unplaced_due or card.due
    made.last_review = card.last_review
    made.reps, made.lapses = card.reps, card.lapses
    return made
