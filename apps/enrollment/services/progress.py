"""Lessons done, and the course completed by them."""

from datetime import datetime

from django.db import connection
from django.db.models import Count, Exists, Subquery
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from apps.accounts.models import User
from apps.core.bus import gathered, publish
from apps.core.errors import NotAllowed, NotFound
from apps.core.transactions import joined
from apps.courses.models import Lesson

from ..events import EnrollmentCompleted, LessonCompleted
from ..models import Enrollment
from ..selectors import Progress, percent_of

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

# Once, with how many live lessons of the seat were done before, and since when this one is.
_DONE = """
WITH made AS (
    INSERT INTO enrollment_lessoncompletion (enrollment_id, lesson_id, completed_at)
    VALUES (%(seat)s, %(lesson)s, %(at)s)
    ON CONFLICT (enrollment_id, lesson_id) DO NOTHING
    RETURNING id
)
SELECT EXISTS (SELECT FROM made), count(*), max(done.completed_at) FILTER (WHERE lesson.id = %(lesson)s)
FROM enrollment_lessoncompletion done
JOIN courses_lesson lesson ON lesson.id = done.lesson_id AND lesson.course_id = %(course)s
WHERE done.enrollment_id = %(seat)s
"""


@joined
def complete_lesson(*, student: User, lesson: Lesson, at: datetime) -> Progress:
    """Mark the lesson done on the student's seat; a second time changes nothing.

    At 100 % the seat completes by itself. Raises NotAllowed without an open seat.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_STILL, [lesson.course_id])
    seat, total = _locked_seat(student, lesson)
    made, done, since = _done(seat, lesson, at)
    if made:
        seat.last_activity_at = at
        with gathered():
            publish(
                LessonCompleted(
                    enrollment_id=seat.pk,
                    student_id=seat.student_id,
                    course_id=seat.course_id,
                    lesson_id=lesson.pk,
                )
            )
            bring_up_to(seat, done, total, at)
        seat.save(update_fields=PROGRESS_FIELDS)
    return Progress(done, total, percent_of(done, total), seat.status, since)


def _locked_seat(student: User, lesson: Lesson) -> tuple[Enrollment, int]:
    """The student's open seat, and the number of the course's lessons, of which this must be one."""
    lessons = Lesson.objects.filter(course_id=lesson.course_id)
    counted = lessons.order_by().values("course_id").annotate(count=Count("pk")).values("count")
    seats = Enrollment.objects.of(student).open().filter(course_id=lesson.course_id)
    seat = (
        seats.select_for_update(of=("self",))
        .annotate(total=Subquery(counted), is_there=Exists(lessons.filter(pk=lesson.pk)))
        .first()
    )
    if seat is None and lessons.filter(pk=lesson.pk).exists():
        raise NotAllowed(_("Enrol in the course first."))
    if seat is None or not seat.is_there:
        raise NotFound
    return seat, seat.total


def _done(seat: Enrollment, lesson: Lesson, at: datetime) -> tuple[bool, int, datetime]:
    """Whether the lesson is done only now, how many of the seat's are, and since when it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DONE, {"seat": seat.pk, "lesson": lesson.pk, "course": seat.course_id, "at": at}
        )
        made, before, since = cursor.fetchone()
    return made, before + made, since or at


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
