"""Lessons done, and the course completed by them."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from apps.accounts.models import User
from apps.core.bus import publish
from apps.core.errors import NotAllowed, NotFound
from apps.courses.models import Lesson

from ..events import EnrollmentCompleted, LessonCompleted
from ..models import Enrollment
from ..selectors import Progress, percent_of, progress_summary

PROGRESS_FIELDS = [
    "status",
    "completed_lessons",
    "progress_percent",
    "completed_at",
    "last_activity_at",
]

# While a lesson is being completed, none of its course can come or go: those who change a course lock
# its row. Shared, so that students don't wait for one another.
_HOLD_STILL = "SELECT 1 FROM courses_course WHERE id = %s FOR SHARE"


@transaction.atomic
def complete_lesson(*, student: User, lesson: Lesson, at: datetime) -> Progress:
    """Mark the lesson done on the student's seat; a second time changes nothing.

    At 100 % the seat completes by itself. Raises NotAllowed without an open seat.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_STILL, [lesson.course_id])
    if not Lesson.objects.filter(pk=lesson.pk).exists():
        raise NotFound
    seat = (
        Enrollment.objects.select_for_update(of=("self",))
        .of(student)
        .open()
        .filter(course_id=lesson.course_id)
        .first()
    )
    if seat is None:
        raise NotAllowed(_("Enrol in the course first."))
    _completion, made = seat.completions.get_or_create(
        lesson_id=lesson.pk, defaults={"completed_at": at}
    )
    if not made:
        return progress_summary(seat)
    publish(
        LessonCompleted(
            enrollment_id=seat.pk,
            student_id=seat.student_id,
            course_id=seat.course_id,
            lesson_id=lesson.pk,
        )
    )
    seat.last_activity_at = at
    progress = progress_summary(seat)
    bring_up_to(seat, progress.completed, progress.total, at)
    seat.save(update_fields=PROGRESS_FIELDS)
    return Progress(progress.completed, progress.total, progress.percent, seat.status)


def bring_up_to(seat: Enrollment, completed: int, total: int, at: datetime) -> None:
    """Set a locked seat's counted progress, and complete it at 100 %; the caller saves it."""
    seat.completed_lessons = completed
    seat.progress_percent = percent_of(completed, total)
    if seat.progress_percent == 100 and can_proceed(seat.complete):
        seat.complete(at)
        publish(
            EnrollmentCompleted(
                enrollment_id=seat.pk, student_id=seat.student_id, course_id=seat.course_id
            )
        )
    elif completed and can_proceed(seat.begin):
        seat.begin()
