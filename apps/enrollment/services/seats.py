"""Taking, leaving and losing a seat.

The course's row is locked before the seat's, here and wherever both are needed.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from apps.accounts.models import User
from apps.core.bus import gathered, publish
from apps.core.errors import Conflict, PaymentRequired
from apps.core.transactions import joined
from apps.courses import services as courses
from apps.courses.models import Course
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
            raise Conflict(_("This course isn't open for enrolment."))
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
