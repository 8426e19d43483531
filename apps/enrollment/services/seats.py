"""Taking, leaving and losing a seat.

The course's row is locked before the seat's, here and wherever both are needed.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from apps.accounts.models import User
from apps.core.bus import OUTBOX, Letters, gathered, publish
from apps.core.errors import Conflict, PaymentRequired
from apps.core.statements import row_of
from apps.core.transactions import joined
from apps.courses import services as courses
from apps.courses.events import CourseCounted
from apps.courses.models import Course, CourseStatus
from apps.payments.selectors import has_paid

from .. import selectors
from ..events import EnrollmentCancelled, EnrollmentCreated
from ..models import Enrollment, SeatStatus

_SEAT = """
INSERT INTO enrollment_enrollment
    (student_id, course_id, status, completed_lessons, progress_percent, enrolled_at,
     last_activity_at)
VALUES (%s, %s, %s, 0, 0, %s, %s)
ON CONFLICT (student_id, course_id) DO NOTHING
RETURNING *
"""
# The event of the seat learns its number from the row.
_OUTBOX = OUTBOX.format(
    payload="""CASE letter.payload ? 'enrollment_id' WHEN true
        THEN letter.payload || jsonb_build_object('enrollment_id', seat.id) ELSE letter.payload END""",
    rows="seat,",
)

# The first seat in a free, published course of somebody else, with all that belongs to it.
_AT_ONCE = f"""
WITH seat AS (
    INSERT INTO enrollment_enrollment
        (student_id, course_id, status, completed_lessons, progress_percent, enrolled_at,
         last_activity_at)
    SELECT %s::bigint, course.id, '{SeatStatus.ENROLLED}', 0, 0, %s::timestamptz, %s::timestamptz
    FROM courses_course course
    WHERE course.id = %s AND course.status = '{CourseStatus.PUBLISHED}' AND course.price_minor = 0
        AND course.owner_id <> %s
    ON CONFLICT (student_id, course_id) DO NOTHING
    RETURNING id, course_id
), counted AS ({courses.STUDENT_MORE}), published AS ({_OUTBOX})
SELECT id FROM seat
"""  # noqa: S608


def enroll_at_once(*, student: User, course_id: int, at: datetime) -> Enrollment | None:
    """A new seat by one statement, where nothing stands in the way; else `enroll` tells what does.

    It needs no transaction, and runs in its caller's if there is one.
    """
    letters = Letters(
        [
            CourseCounted(course_id=course_id),
            EnrollmentCreated(enrollment_id=0, student_id=student.pk, course_id=course_id),
        ]
    )
    made = row_of(_AT_ONCE, [student.pk, at, at, course_id, student.pk, *letters.params])
    if made is None:
        return None
    letters.announce(f"course:{course_id}")
    return Enrollment(
        pk=made[0], student=student, course_id=course_id, enrolled_at=at, last_activity_at=at
    )


@joined
def enroll(*, student: User, course: Course, at: datetime) -> tuple[Enrollment, bool]:
    """The student's seat in the course, and whether it was taken just now.

    Raises Conflict for one's own course or one that isn't published, PaymentRequired for a paid
    one that is not paid for.
    """
    if course.owner_id == student.pk:
        raise Conflict(_("This is your own course: open it in the studio."))
    if not (course.is_published and course.is_free):
        seat = selectors.seat_of(student, course.pk)
        if seat is not None:
            return seat, False
        if not course.is_published:
            raise Conflict(_("This course isn’t open for enrolment."))
        if not has_paid(student, course.pk):
            raise PaymentRequired(_("This course has to be paid for first."))
    return grant_seat(student_id=student.pk, course_id=course.pk, at=at)


@joined
def grant_seat(*, student_id: int, course_id: int, at: datetime) -> tuple[Enrollment, bool]:
    """Seat the student without asking for anything; a seat that was left is taken up again."""
    seat = _new_seat(student_id, course_id, at)
    if seat is None:
        _lock_course(course_id)
        seats = Enrollment.objects.select_for_update(of=("self",))
        seat = seats.get(student_id=student_id, course_id=course_id)
        if seat.is_open:
            return seat, False
        seat.reopen()
        seat.last_activity_at = at
        seat.save(update_fields=["status", "last_activity_at"])
    with gathered():
        courses.count_students(course_id=course_id, change=+1)
        publish(
            EnrollmentCreated(enrollment_id=seat.pk, student_id=student_id, course_id=course_id)
        )
    return seat, True


def _new_seat(student_id: int, course_id: int, at: datetime) -> Enrollment | None:
    """The student's first seat in the course, unless there is one, be it made at this moment.

    Nobody else knows a row that isn't committed, so it may be had before the course's lock.
    """
    given = [student_id, course_id, SeatStatus.ENROLLED, at, at]
    return next(iter(Enrollment.objects.raw(_SEAT, given)), None)


@transaction.atomic
def cancel_seat(*, enrollment: Enrollment, at: datetime) -> Enrollment:
    """The student leaves the course; progress is kept for a return. A finished one isn't left."""
    _lock_course(enrollment.course_id)
    seat = Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
    if not seat.is_open:
        return seat
    if not can_proceed(seat.cancel):
        raise Conflict(_("You have finished this course: there is nothing to cancel."))
    seat.cancel()
    _vacate(seat, at)
    return seat


@transaction.atomic
def free_seat(*, student_id: int, course_id: int, at: datetime) -> None:
    """The seat of a refunded payment ends, unless another payment stands for it."""
    _lock_course(course_id)
    seat = (
        Enrollment.objects.select_for_update(of=("self",))
        .open()
        .filter(student_id=student_id, course_id=course_id)
        .first()
    )
    if seat is not None and not has_paid(User(pk=student_id), course_id):
        seat.refund()
        _vacate(seat, at)


def _lock_course(course_id: int) -> None:
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course_id)


def _vacate(seat: Enrollment, at: datetime) -> None:
    seat.last_activity_at = at
    seat.save(update_fields=["status", "last_activity_at"])
    courses.count_students(course_id=seat.course_id, change=-1)
    publish(
        EnrollmentCancelled(
            enrollment_id=seat.pk, student_id=seat.student_id, course_id=seat.course_id
        )
    )
