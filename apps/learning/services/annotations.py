"""A student's own notes and bookmarks in lessons: kept, changed without loss, deleted for a while."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.errors import Conflict, Invalid, NotFound
from apps.courses.models import Lesson

from ..models import Activity, Annotation, Verb
from . import statements
from .statements import Thing

MAX_TEXT = 8000
MAX_QUOTE = 1000
MAX_PER_LESSON = 200
MAX_PER_STUDENT = 5000
KEPT_SECONDS = 3600


class ChangedMeanwhile(Conflict):
    message = _("This note was changed elsewhere meanwhile.")


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a note stands: words and where they begin, a section, a second of the video; or nowhere."""

    quote: str = ""
    section: str = ""
    start: int | None = None
    second: int | None = None


@transaction.atomic
def annotate(
    *,
    student: User,
    lesson: Lesson,
    at: datetime,
    text: str = "",
    spot: Spot = Spot(),
    key: str = "",
) -> tuple[Annotation, bool]:
    """A note, or without a text a bookmark; the one that this `key` made before, if any."""
    text = _checked(text)
    if len(spot.quote) > MAX_QUOTE:
        raise Invalid(errors={"quote": [_("Choose a shorter passage.")]})
    User.objects.select_for_update(no_key=True).get(pk=student.pk)  # counted one after another
    own = Annotation.objects.filter(student=student)
    if key and (known := own.filter(key=key).first()):
        return known, False
    _check_room(own, lesson.pk)
    made = Annotation.objects.create(
        student=student,
        course_id=lesson.course_id,
        lesson=lesson,
        lesson_title=lesson.title,
        text=text,
        quote=spot.quote,
        section=spot.section[:300],
        start=spot.start,
        second=spot.second,
        key=key,
        created_at=at,
        updated_at=at,
    )
    statements.record(
        actor_id=student.pk,
        verb=Verb.ANNOTATED if text else Verb.BOOKMARKED,
        object=Thing(activity=Activity.NOTE, id=made.pk),
        at=at,
        course_id=lesson.course_id,
        lesson_id=lesson.pk,
        key=f"annotation:{made.pk}",
    )
    return made, True


@transaction.atomic
def change_annotation(*, annotation: Annotation, text: str, seen: int, at: datetime) -> Annotation:
    """Give the note a text; `seen` is the revision it was written over.

    Raises ChangedMeanwhile when another change came between; the same text again changes nothing.
    """
    text = _checked(text)
    rows = Annotation.objects.filter(pk=annotation.pk)
    changed = rows.filter(revision=seen).exclude(text=text)
    changed.update(text=text, revision=F("revision") + 1, updated_at=at)
    now = rows.first()
    if now is None:
        raise NotFound
    if now.text != text:
        raise ChangedMeanwhile
    return now


@transaction.atomic
def delete_annotation(*, annotation: Annotation) -> None:
    """Delete the note; `restore_annotation` brings it back within the hour."""
    kept = Annotation.objects.filter(pk=annotation.pk).values().first()
    if kept is None:
        raise NotFound
    cache.set(_key(annotation.student_id, annotation.pk), kept, KEPT_SECONDS)
    Annotation.objects.filter(pk=annotation.pk).delete()


@transaction.atomic
def restore_annotation(*, student: User, annotation_id: int) -> Annotation:
    """The note as it was deleted; Conflict when that is too long ago."""
    kept: dict[str, Any] | None = cache.get(_key(student.pk, annotation_id))
    if kept is None:
        raise Conflict(_("That was too long ago to be taken back."))
    User.objects.select_for_update(no_key=True).get(pk=student.pk)
    _check_room(Annotation.objects.filter(student=student), kept["lesson_id"])
    try:
        with transaction.atomic():
            return Annotation.objects.create(**kept)
    except IntegrityError as error:
        raise Conflict(_("The note is back already.")) from error


def _check_room(own: QuerySet[Annotation], lesson_id: int) -> None:
    if own.filter(lesson_id=lesson_id).count() >= MAX_PER_LESSON:
        raise Invalid(errors={"text": [_("A lesson holds at most 200 notes of yours.")]})
    if own.count() >= MAX_PER_STUDENT:
        raise Invalid(errors={"text": [_("You can keep at most 5000 notes.")]})


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > MAX_TEXT:
        raise Invalid(errors={"text": [_("At most 8000 characters.")]})
    return text


def _key(student_id: int, annotation_id: int) -> str:
    return f"learning:annotation:{student_id}:{annotation_id}"
