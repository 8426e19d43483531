"""What every change of a course has in common: the lock before it, the records after it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Model, Sum
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotFound
from apps.courses.cache import forget_courses
from apps.courses.events import CourseChanged, LessonChanged
from apps.courses.models import Course, CourseVersion, Lesson

from .snapshots import snapshot_of

# A run of the same kind of edits by one author is one version, so that autosaving makes few.
# Deletions stand by themselves: what they took is in the version before.
RUN = timedelta(minutes=10)
RUNS = {CourseVersion.Kind.OUTLINE, CourseVersion.Kind.LESSON}
# what may take the last lesson away
TAKES = {CourseVersion.Kind.DELETED, CourseVersion.Kind.RESTORED}


def lock_course(course_id: int) -> Course:
    """The row as it is now, locked until the end of the transaction."""
    course = Course.objects.select_for_update(of=("self",)).filter(pk=course_id).first()
    if course is None:
        raise NotFound
    return course


def finish_change(
    *,
    course: Course,
    editor: User,
    kind: CourseVersion.Kind,
    at: datetime,
    subject_id: int | None = None,
    lessons: Iterable[int] = (),
) -> None:
    """Recount, raise the revision, keep a version, and announce; `lessons` changed in their text."""
    sums = Lesson.objects.filter(course=course).aggregate(
        lessons=Count("pk"), minutes=Sum("duration_minutes", default=0)
    )
    if kind in TAKES and course.is_published and not sums["lessons"]:
        raise Conflict(_("A published course keeps at least one lesson. Archive it instead."))
    course.lesson_count = sums["lessons"]
    course.duration_minutes = sums["minutes"]
    course.revision += 1
    course.updated_at = at
    course.save(update_fields=["lesson_count", "duration_minutes", "revision", "updated_at"])
    keep_version(course=course, author=editor, kind=kind, subject_id=subject_id, at=at)
    forget_courses([course.pk])
    publish(CourseChanged(course_id=course.pk))
    for lesson_id in lessons:
        publish(LessonChanged(course_id=course.pk, lesson_id=lesson_id))


def keep_version(
    *,
    course: Course,
    author: User,
    kind: CourseVersion.Kind,
    at: datetime,
    subject_id: int | None = None,
) -> None:
    """Store the course as it is now; a run of edits goes on in the version that began it."""
    snapshot = snapshot_of(course)
    last = CourseVersion.objects.filter(course=course).defer("snapshot").first()
    if (
        last is not None
        and kind in RUNS
        and (last.kind, last.subject_id, last.author_id) == (kind, subject_id, author.pk)
        and last.created_at <= at < last.created_at + RUN
    ):
        last.snapshot = snapshot
        last.updated_at = at
        last.save(update_fields=["snapshot", "updated_at"])
        return
    CourseVersion.objects.create(
        course=course,
        number=last.number + 1 if last else 1,
        author=author,
        kind=kind,
        subject_id=subject_id,
        snapshot=snapshot,
        created_at=at,
        updated_at=at,
    )


def assign(row: Model, changes: Mapping[str, Any], *, allowed: Iterable[str]) -> list[str]:
    """Set the allowed fields and check them; the names of those that differ now.

    Raises Invalid with the messages of each field that can't hold its value.
    """
    unknown = set(changes) - set(allowed)
    if unknown:
        raise TypeError(f"Not to be changed: {', '.join(sorted(unknown))}")
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    try:
        row.clean_fields(exclude={f.name for f in row._meta.fields} - set(changes))
    except ValidationError as error:
        raise Invalid(errors=error.message_dict) from error
    return changed
