"""What is kept of files that were brought in, and what of it is there already."""

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.ai.prompts.quiz.schema import DraftQuestion
from apps.courses.models import Course

from ..engine.questions import draft_of
from ..formats import csv_cards
from ..formats.cards import FileCard, FileNote
from ..models import Import, ImportFormat, Note, Question, QuestionKind, QuestionStatus
from .card_files import notes_by_key

AT_ONCE = 5000
_MOMENTS = {"due", "unplaced_due", "last_review"}


def entries_of(kept: Import) -> list[dict[str, Any]]:
    """The entries of the file in order; none once they are taken."""
    if not kept.content:
        return []
    entries: list[dict[str, Any]] = json.loads(gzip.decompress(bytes(kept.content)))
    return entries


# ── Questions ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Entry:
    """A question of a file; `is_there` says that the bank has it already."""

    number: int
    line: int
    draft: DraftQuestion
    category: str
    notes: list[str]
    is_there: bool

    @property
    def kind_name(self) -> str:
        return str(QuestionKind(self.draft.kind.value).label)


def question_entries(kept: Import) -> list[Entry]:
    """All questions of the file; the second of two alike counts as being there too."""
    assert kept.course is not None
    known = marks_of(kept.course)
    found = []
    for number, stored in enumerate(entries_of(kept), start=1):
        draft = DraftQuestion.model_validate(stored["draft"])
        mark = mark_of(draft)
        found.append(
            Entry(number, stored["line"], draft, stored["category"], stored["notes"], mark in known)
        )
        known.add(mark)
    return found


def marks_of(course: Course) -> set[str]:
    """What the questions in use ask, each as one text that alike questions share."""
    questions = Question.objects.filter(course=course).exclude(current=None)
    in_use = questions.exclude(status=QuestionStatus.RETIRED).select_related("current")
    return {mark_of(draft_of(question.current)) for question in in_use if question.current}


def mark_of(draft: DraftQuestion) -> str:
    """Text and answer, without what is beside the point: case, blanks, explanation, quote."""
    body = draft.model_dump(mode="json", exclude={"explanation", "quote", "section"})
    if draft.value is not None:
        body["value"], body["tolerance"] = (
            f"{draft.value.normalize()}",
            f"{draft.tolerance.normalize()}",
        )
    options = [" ".join(option.lower().split()) for option in draft.options]
    right = sorted(options[index] for index in draft.right)
    body |= {"options": sorted(options), "right": right}
    return " ".join(json.dumps(body, ensure_ascii=False, sort_keys=True).lower().split())


# ── Cards ─────────────────────────────────────────────────────────────────────────────────────
def note_stored(note: FileNote) -> dict[str, Any]:
    """JSON-ready, without what is as it usually is; `note_restored` reads it."""
    return vars(note) | {"cards": [_card_stored(card) for card in note.cards]}


def note_restored(stored: dict[str, Any]) -> FileNote:
    return FileNote(**(stored | {"cards": tuple(map(_card_restored, stored["cards"]))}))


def _card_restored(stored: dict[str, Any]) -> FileCard:
    values: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name in _MOMENTS else value
        for name, value in stored.items()
    }
    return FileCard(**values)


def _card_stored(card: FileCard) -> dict[str, Any]:
    values = {name: value for name, value in vars(card).items() if name != "reviews"}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
        if value != getattr(FileCard, name, None)
    }


def notes_there(student: Any, notes: Iterable[FileNote], kind: str) -> set[str]:
    """The keys of those that the student has: from this file before, or as their own."""
    notes = list(notes)
    found: set[str] = set()
    for start in range(0, len(notes), AT_ONCE):
        piece = notes[start : start + AT_ONCE]
        if kind == ImportFormat.CSV:
            found |= _sides_there(student, piece)
        else:
            found |= notes_by_key(student, {note.key for note in piece})
    return found


def _sides_there(student: Any, notes: list[FileNote]) -> set[str]:
    own = Note.objects.visible_to(student).filter(front__in={note.front for note in notes})
    return {csv_cards.key_of(front, back) for front, back in own.values_list("front", "back")}


def source_key(kind: str, key: str) -> str:
    return f"anki:{key}" if kind == ImportFormat.APKG else f"csv:{key}"
