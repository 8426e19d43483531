"""Notes and the cards that they make: a student's own, from mistakes, and from key terms."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.errors import Conflict, Invalid, NotFound
from apps.courses.models import Course, Lesson

from ..engine import cloze
from ..engine.mistakes import sides
from ..engine.words import plain
from ..models import (
    Answer,
    Attempt,
    Card,
    Concept,
    Note,
    NoteConcept,
    NoteKind,
    NoteSource,
    Question,
)
from ..selectors.concepts import concepts_by_name
from ..selectors.schedule import memory_settings_of
from .digests import prepare_digest

MAX_TEXT = 8000
MAX_GAPS = 40
TERMS_PER_LESSON = 5


@transaction.atomic
def add_note(
    *,
    student: User,
    kind: str,
    front: str,
    back: str,
    at: datetime,
    course: Course | None = None,
    lesson: Lesson | None = None,
    question: Question | None = None,
    source: str = NoteSource.OWN,
    source_key: str | None = None,
) -> tuple[Note, bool]:
    """A note and its cards, due at once; the one that this `source_key` made before, if any."""
    texts = _checked(kind, front, back)
    fields = {
        **texts,
        "kind": kind,
        "course": course,
        "lesson": lesson,
        "question": question,
        "source": source,
        "created_at": at,
        "updated_at": at,
    }
    if source_key is None:
        note, made = Note.objects.create(student=student, **fields), True
    else:
        note, made = Note.objects.get_or_create(
            student=student, source_key=source_key, defaults=fields
        )
    if made:
        _fit_cards(note, at)
    return note, made


@transaction.atomic
def cards_from_mistakes(*, attempt: Attempt, at: datetime) -> int:
    """A card for each question that the attempt got wrong and that made none yet; how many."""
    student = attempt.student
    if not memory_settings_of(student).cards_from_mistakes:
        return 0
    wrong = attempt.answers.filter(is_right=False).select_related("question", "version")
    return len(add_basic([note_of(answer, attempt, NoteSource.MISTAKE, at) for answer in wrong]))


@transaction.atomic
def keep_question(*, attempt: Attempt, at: datetime) -> Note:
    """The student's own card of the attempt's first question, whatever was answered."""
    answer = attempt.answers.select_related("question", "version").order_by("position").first()
    if answer is None:
        raise NotFound
    note = note_of(answer, attempt, NoteSource.OWN, at)
    add_basic([note])
    return Note.objects.get(student=note.student_id, source_key=note.source_key)


def note_of(answer: Answer, attempt: Attempt, source: str, at: datetime) -> Note:
    """The note of a question, still to be stored: each makes one."""
    version, course = answer.version, attempt.quiz.course
    with translation.override(course.language):
        front, back = sides(
            kind=version.kind,
            text=version.text,
            body=version.body,
            explanation=version.explanation,
            layout=answer.layout,
        )
    return Note(
        student=attempt.student,
        front=front[:MAX_TEXT],
        back=back[:MAX_TEXT],
        course=course,
        lesson=attempt.quiz.lesson,
        question=answer.question,
        source=source,
        source_key=f"question:{answer.question_id}",
        created_at=at,
    )


@transaction.atomic
def cards_from_terms(*, student_id: int, lesson_id: int, at: datetime) -> int:
    """Cards for the terms that the lesson defines, none for one known from its course; how many.

    A term that is a concept of the course by one of its names makes a card about that concept.
    """
    student = User.objects.get(pk=student_id)
    lesson = Lesson.objects.select_related("course").filter(pk=lesson_id).first()
    return 0 if lesson is None else cards_from_lessons(student=student, done=[(lesson, at)])


@transaction.atomic
def cards_from_lessons(*, student: User, done: Sequence[tuple[Lesson, datetime]]) -> int:
    """As `cards_from_terms`, for lessons and when each was done, in that order."""
    if not memory_settings_of(student).cards_from_terms:
        return 0
    known: dict[int, set[str]] = {}
    drafts = []
    for lesson, at in done:
        course_id = lesson.course_id
        if course_id not in known:
            known[course_id] = _terms_of(student, course_id)
        drafts += _of_terms(student, lesson, known[course_id], at)
    made = add_basic(drafts)
    concepts = {
        course_id: concepts_by_name(Concept.objects.filter(course=course_id))
        for course_id in {note.course_id for note in made if note.course_id}
    }
    about = ((note, concepts[note.course_id or 0].get(plain(note.front))) for note in made)
    NoteConcept.objects.bulk_create(
        NoteConcept(note=note, concept=concept) for note, concept in about if concept is not None
    )
    return len(made)


def _of_terms(student: User, lesson: Lesson, known: set[str], at: datetime) -> list[Note]:
    """The notes of the lesson's terms, but for the known ones, to which they are added."""
    drafts = []
    for term in prepare_digest(lesson=lesson, at=at).key_terms[:TERMS_PER_LESSON]:
        key = normalised(term["term"])
        if key in known:
            continue
        known.add(key)
        drafts.append(
            Note(
                student=student,
                front=term["term"],
                back=term["definition"],
                course=lesson.course,
                lesson=lesson,
                source=NoteSource.TERM,
                source_key=f"term:{lesson.pk}:{key}",
                created_at=at,
            )
        )
    return drafts


def add_basic(drafts: Sequence[Note]) -> list[Note]:
    """Of one student's prepared notes those that aren't there yet, stored with their cards.

    Of drafts with the same key only one may be given.
    """
    for note in drafts:
        texts = _checked(NoteKind.BASIC, note.front, note.back)
        note.front, note.back = texts["front"], texts["back"]
        note.kind, note.updated_at = NoteKind.BASIC, note.created_at
    for _try in range(2):
        fresh = _without_known(drafts)
        if not fresh:
            return []
        try:
            with transaction.atomic():
                made = Note.objects.bulk_create(fresh)
                break
        except IntegrityError:  # another tab made one of them: it is known now
            continue
    else:
        raise Conflict(retry_after=1)
    Card.objects.bulk_create(
        Card(
            note=note,
            student_id=note.student_id,
            course_id=note.course_id,
            due=note.created_at,
            unplaced_due=note.created_at,
            created_at=note.created_at,
        )
        for note in made
    )
    return made


def _without_known(drafts: Sequence[Note]) -> list[Note]:
    if not drafts:
        return []
    kept = Note.objects.filter(
        student=drafts[0].student_id, source_key__in=[note.source_key for note in drafts]
    )
    known = set(kept.values_list("source_key", flat=True))
    return [note for note in drafts if note.source_key not in known]


def normalised(term: str) -> str:
    """The same for a term however it is spaced, cased or composed."""
    return " ".join(unicodedata.normalize("NFKC", term).casefold().split())[:120]


def _terms_of(student: User, course_id: int) -> set[str]:
    """The normalised terms that made cards in the course."""
    keys = Note.objects.filter(
        student=student, course_id=course_id, source=NoteSource.TERM
    ).values_list("source_key", flat=True)
    return {key.split(":", 2)[2] for key in keys if key}


@transaction.atomic
def edit_note(*, note: Note, changes: Mapping[str, Any], at: datetime) -> Note:
    """Change `front`, `back` or `course`; the cards of gaps that stay keep their state."""
    note = _locked(note)
    texts = _checked(note.kind, changes.get("front", note.front), changes.get("back", note.back))
    for name, value in {**changes, **texts}.items():
        setattr(note, name, value)
    note.updated_at = at
    note.save(update_fields=[*{**changes, **texts}, "updated_at"])
    _fit_cards(note, at)
    if "course" in changes:
        Card.objects.filter(note=note).update(course=note.course)
    return note


@transaction.atomic
def delete_note(*, note: Note, at: datetime) -> None:
    """The note and its cards; their reviews stay counted."""
    _locked(note).delete()


def _locked(note: Note) -> Note:
    found = Note.objects.select_for_update(of=("self",), no_key=True).filter(pk=note.pk).first()
    if found is None:
        raise NotFound
    return found


def _checked(kind: str, front: str, back: str) -> dict[str, str]:
    """The texts, stripped; raises Invalid for what makes no card."""
    texts = {"front": front.strip(), "back": back.strip()}
    errors: dict[str, list[Any]] = {}
    for name, text in texts.items():
        if len(text) > MAX_TEXT:
            errors[name] = [_("At most 8000 characters.")]
    if not texts["front"]:
        errors["front"] = [_("Write what is asked.")]
    elif kind == NoteKind.CLOZE:
        gaps = cloze.numbers(texts["front"])
        if not gaps:
            errors["front"] = [_("Mark at least one gap, like {{c1::this}}.")]
        elif len(gaps) > MAX_GAPS:
            errors["front"] = [_("At most 40 gaps with different numbers.")]
    elif not texts["back"]:
        errors["back"] = [_("Write the answer.")]
    if errors:
        raise Invalid(errors=errors)
    return texts


def _fit_cards(note: Note, at: datetime) -> None:
    """One card for a basic note, one for each number of a cloze: add what is missing, drop the rest."""
    wanted = cloze.numbers(note.front) if note.kind == NoteKind.CLOZE else [0]
    there = set(Card.objects.filter(note=note).values_list("ordinal", flat=True))
    if gone := there - set(wanted):
        Card.objects.filter(note=note, ordinal__in=gone).delete()
    Card.objects.bulk_create(
        Card(
            note=note,
            student_id=note.student_id,
            course_id=note.course_id,
            ordinal=ordinal,
            due=at,
            unplaced_due=at,
            created_at=at,
        )
        for ordinal in wanted
        if ordinal not in there
    )
