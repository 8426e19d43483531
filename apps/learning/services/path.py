"""What a student decides on the path: take a lesson that could be skipped, or count it as known."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import Conflict, NotAllowed
from apps.courses.models import Course, Lesson
from apps.enrollment import selectors as enrollment
from apps.enrollment import services as seats

from ..models import KnownLesson, TakenLesson
from ..selectors.path import CoursePath, way_through


@transaction.atomic
def take_lesson(*, student: User, lesson: Lesson, at: datetime) -> None:
    """Take the lesson all the same; a second time changes nothing."""
    _check_seat(student, lesson.course_id)
    _take(student, [lesson], at)


@transaction.atomic
def skip_lesson(*, student: User, lesson: Lesson, at: datetime) -> None:
    """Take that back: the lesson is skipped again, as long as what it teaches is known."""
    _check_seat(student, lesson.course_id)
    TakenLesson.objects.filter(student=student, lesson=lesson).delete()


@transaction.atomic
def take_every_lesson(*, student: User, course: Course, at: datetime) -> int:
    """Take all that the path would skip now; how many those were."""
    skipped = [step.lesson for step in _way(student, course, at).skipped]
    _take(student, skipped, at)
    return len(skipped)


def _take(student: User, lessons: Iterable[Lesson], at: datetime) -> None:
    TakenLesson.objects.bulk_create(
        [TakenLesson(student=student, lesson=lesson, taken_at=at) for lesson in lessons],
        ignore_conflicts=True,
    )


@transaction.atomic
def count_as_known(
    *, student: User, course: Course, at: datetime, lesson: Lesson | None = None
) -> int:
    """Complete what the path skips, one lesson or all of them; how many were completed.

    Nothing was read, so it is no evidence and makes no cards: what is known is checked instead.
    Raises Conflict for a lesson that the student's answers don't show to be known.
    """
    way = _way(student, course, at)
    known = way.skipped
    if lesson is not None:
        known = [step for step in known if step.lesson.pk == lesson.pk]
        if not known:
            raise Conflict(_("Your answers don’t show yet that you know this lesson."))
    KnownLesson.objects.bulk_create(
        [KnownLesson(student=student, lesson=step.lesson, counted_at=at) for step in known],
        ignore_conflicts=True,
    )
    for step in known:
        seats.complete_lesson(student=student, lesson=step.lesson, at=at)
    return len(known)


def _way(student: User, course: Course, at: datetime) -> CoursePath:
    found = way_through(student, course, at)
    if found is None:
        raise NotAllowed(_("Enrol in the course first."))
    return found


def _check_seat(student: User, course_id: int) -> None:
    if not enrollment.has_open_seat(student, course_id):
        raise NotAllowed(_("Enrol in the course first."))
