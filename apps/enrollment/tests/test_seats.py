"""Taking, leaving, losing a seat; once each, whatever is doubled or overtaken."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from apps.accounts.tests.factories import UserFactory
from apps.core import bus, kept
from apps.core.errors import Conflict, PaymentRequired
from apps.core.models import Delivery
from apps.core.tests.threads import together
from apps.courses.models import Course
from apps.courses.tests.factories import CourseFactory, DraftFactory, LessonFactory
from apps.enrollment import handlers, selectors, services
from apps.enrollment.models import Enrollment, SeatStatus
from apps.payments import services as payments
from apps.payments.events import PaymentProcessed
from apps.payments.models import PaymentStatus
from apps.payments.providers import Fact, Outcome
from apps.payments.tests.factories import PaidCourseFactory, PaymentFactory

from .factories import EnrollmentFactory

pytestmark = pytest.mark.django_db


def enroll(student, course):
    return services.enroll(student=student, course=course, at=timezone.now())


def students(course):
    course.refresh_from_db()
    return course.student_count


def test_a_free_course_seats_at_once_and_only_once(student):
    course = CourseFactory()
    seat, made = enroll(student, course)
    assert made
    assert seat.status == SeatStatus.ENROLLED
    assert enroll(student, course) == (seat, False)
    assert students(course) == 1


def test_a_paid_course_needs_the_money_first(student):
    course = PaidCourseFactory()
    with pytest.raises(PaymentRequired):
        enroll(student, course)
    PaymentFactory(buyer=student, course=course, status=PaymentStatus.SUCCEEDED)
    assert enroll(student, course)[1]


def test_one_does_not_enrol_in_ones_own_course_or_in_a_draft(student, teacher):
    with pytest.raises(Conflict):
        enroll(teacher, CourseFactory(owner=teacher))
    with pytest.raises(Conflict):
        enroll(student, DraftFactory())


def test_a_seat_outlives_the_courses_archiving(student):
    seat = EnrollmentFactory(student=student, course=CourseFactory(status="archived"))
    assert enroll(student, seat.course) == (seat, False)
    lesson = LessonFactory(course=seat.course)
    assert lesson in selectors.lessons_open_to(student)


def test_a_seat_that_was_left_is_taken_up_where_it_was(student):
    course = CourseFactory()
    first, _last = LessonFactory(course=course), LessonFactory(course=course)
    seat, _ = enroll(student, course)
    services.complete_lesson(student=student, lesson=first, at=timezone.now())
    services.cancel_seat(enrollment=seat, at=timezone.now())
    assert students(course) == 0
    assert not selectors.has_open_seat(student, course.pk)
    again, made = enroll(student, course)
    assert (again.pk, made, again.status) == (seat.pk, True, SeatStatus.IN_PROGRESS)
    assert selectors.progress_summary(again).percent == 50
    assert students(course) == 1


def test_cancelling_twice_counts_once(student):
    course = CourseFactory()
    seat, _ = enroll(student, course)
    for _again in range(2):
        services.cancel_seat(enrollment=seat, at=timezone.now())
    assert students(course) == 0


def test_a_finished_course_is_not_left():
    seat = EnrollmentFactory(status=SeatStatus.COMPLETED, completed_at=timezone.now())
    with pytest.raises(Conflict):
        services.cancel_seat(enrollment=seat, at=timezone.now())


# ── The state machine ─────────────────────────────────────────────────────────────────────────
ALLOWED = {
    "begin": {"enrolled": "in_progress"},
    "complete": {"enrolled": "completed", "in_progress": "completed"},
    "certify": {"completed": "certified"},
    "cancel": {"enrolled": "cancelled", "in_progress": "cancelled"},
    "refund": dict.fromkeys(["enrolled", "in_progress", "completed", "certified"], "refunded"),
    "reopen": {"cancelled": "enrolled", "refunded": "enrolled"},
}


@pytest.mark.parametrize("status", SeatStatus.values)
@pytest.mark.parametrize("move", ALLOWED)
def test_every_state_and_every_move(move, status):
    seat = Enrollment(status=status)
    args = [timezone.now()] if move == "complete" else []
    if status in ALLOWED[move]:
        getattr(seat, move)(*args)
        assert seat.status == ALLOWED[move][status]
    else:
        with pytest.raises(TransitionNotAllowed):
            getattr(seat, move)(*args)


# ── Money ─────────────────────────────────────────────────────────────────────────────────────
def tell(payment, outcome):
    fact = Fact(
        reference=str(payment.reference),
        provider_reference=f"p-{payment.pk}",
        outcome=outcome,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
    )
    payments.apply_fact(payment_id=payment.pk, fact=fact, at=timezone.now())


def test_a_payment_seats_its_buyer_and_a_refund_frees_the_seat(student, deliver_all):
    payment = PaymentFactory(buyer=student)
    tell(payment, Outcome.SUCCEEDED)
    assert not selectors.has_open_seat(student, payment.course_id)
    deliver_all()
    assert selectors.has_open_seat(student, payment.course_id)
    tell(payment, Outcome.REFUNDED)
    deliver_all()
    assert Enrollment.objects.get().status == SeatStatus.REFUNDED
    assert students(payment.course) == 0
    with pytest.raises(PaymentRequired):
        enroll(student, payment.course)


def test_the_same_event_twice_seats_once(student):
    payment = PaymentFactory(buyer=student, status=PaymentStatus.SUCCEEDED)
    event = PaymentProcessed(
        payment_id=payment.pk, buyer_id=student.pk, course_id=payment.course_id
    )
    handlers.seat_the_buyer(event)
    handlers.seat_the_buyer(event)
    assert Enrollment.objects.count() == 1
    assert students(payment.course) == 1


def test_a_refund_that_overtakes_leaves_no_seat(student, deliver_all):
    payment = PaymentFactory(buyer=student)
    tell(payment, Outcome.SUCCEEDED)
    tell(payment, Outcome.REFUNDED)
    deliver_all()
    assert not selectors.has_open_seat(student, payment.course_id)


def test_killed_after_the_commit_the_sweeper_still_seats(student, monkeypatch):
    payment = PaymentFactory(buyer=student)
    tell(payment, Outcome.SUCCEEDED)
    # the process died here: no worker was woken, the delivery is a committed row
    assert not selectors.has_open_seat(student, payment.course_id)
    monkeypatch.setattr(bus, "_wake", lambda ids, batches: [bus.deliver_one(pk) for pk in ids])
    bus.wake_due(at=timezone.now())
    assert not selectors.has_open_seat(student, payment.course_id)
    bus.wake_due(at=timezone.now() + timedelta(minutes=1))
    assert selectors.has_open_seat(student, payment.course_id)
    assert not Delivery.objects.filter(subscriber="enrollment.seat_the_buyer").exists()


# ── By one statement ──────────────────────────────────────────────────────────────────────────
def enroll_at_once(student, course_id):
    return services.enroll_at_once(student=student, course_id=course_id, at=timezone.now())


def outbox(seat):
    """What was told of this seat: who hears which event."""
    ids = {
        "enrollment_id": seat.pk, "course_id": seat.course_id, "student_id": seat.student_id,
    }  # fmt: skip
    rows = list(Delivery.objects.values_list("event", "version", "subscriber", "payload"))
    Delivery.objects.all().delete()
    assert all(ids[key] == value for *_row, payload in rows for key, value in payload.items())
    return sorted((*row, sorted(payload)) for *row, payload in rows)


def test_a_seat_at_once_is_the_seat_by_steps(student, stranger):
    course = CourseFactory()
    Course.objects.filter(pk=course.pk).update(student_count=900)
    by_steps, _made = services.grant_seat(
        student_id=student.pk, course_id=course.pk, at=timezone.now()
    )
    told = outbox(by_steps)
    revision = Course.objects.get().revision
    at_once = enroll_at_once(stranger, course.pk)
    assert at_once is not None
    assert outbox(at_once) == told != []
    assert Course.objects.get().revision == revision + 1
    assert students(course) == 902
    stored = Enrollment.objects.get(pk=at_once.pk)
    fields = [field.attname for field in Enrollment._meta.concrete_fields]
    assert [getattr(stored, name) for name in fields] == [getattr(at_once, name) for name in fields]
    own = {"id", "student_id", "enrolled_at", "last_activity_at"}
    assert all(getattr(stored, name) == getattr(by_steps, name) for name in {*fields} - own)


def test_what_stands_in_the_way_leaves_no_trace(student, teacher):
    with_seat, left = CourseFactory(), CourseFactory()
    EnrollmentFactory(student=student, course=with_seat)
    EnrollmentFactory(student=student, course=left, status=SeatStatus.CANCELLED)
    unseated = [PaidCourseFactory(), DraftFactory(), CourseFactory(status="archived")]
    Delivery.objects.all().delete()
    for course in [with_seat, left, *unseated]:
        assert enroll_at_once(student, course.pk) is None
        assert students(course) == 0
    own = CourseFactory(owner=teacher)
    assert enroll_at_once(teacher, own.pk) is None
    assert enroll_at_once(student, own.pk + 10**6) is None
    assert Enrollment.objects.count() == 2
    assert not Delivery.objects.exists()


def test_a_seat_at_once_goes_with_its_callers_transaction(student):
    course = CourseFactory()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enroll_at_once(student, course.pk)
        _ = 1 / 0
    assert not Enrollment.objects.exists() and not Delivery.objects.exists()
    assert students(course) == 0


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_of_the_course_is_forgotten(student, stranger):
    course = CourseFactory()

    def shown() -> bytes:
        return kept.kept(f"course:{course.pk}", "test", lambda: b"%d" % students(course))

    assert shown() == b"0"
    enroll_at_once(student, course.pk)
    assert shown() == b"1"
    with bus.unheard():
        enroll_at_once(stranger, course.pk)
    assert shown() == b"2"


@pytest.mark.django_db(transaction=True)
def test_clicks_of_both_ways_are_one_seat(student):
    course = CourseFactory()
    ways = [lambda: enroll_at_once(student, course.pk), lambda: enroll(student, course)]
    results = together(8, lambda n: ways[n % 2]())
    made = [seat for seat in results[::2] if seat] + [seat for seat, new in results[1::2] if new]
    assert len(made) == 1
    assert Enrollment.objects.count() == students(course) == 1
    assert_announced_once("enrollment.created")
    assert_announced_once("course.counted")


@pytest.mark.django_db(transaction=True)
def test_a_crowd_at_once_is_counted_and_announced(db):
    course = CourseFactory()
    crowd = UserFactory.create_batch(8)
    seats = together(8, lambda n: enroll_at_once(crowd[n], course.pk))
    assert students(course) == len({seat.pk for seat in seats}) == 8
    told = Delivery.objects.filter(event="enrollment.created").values_list("payload", flat=True)
    assert {row["enrollment_id"] for row in told} == {seat.pk for seat in seats}


@pytest.mark.django_db(transaction=True)
def test_eight_clicks_at_once_are_one_seat(student):
    course = CourseFactory()
    results = together(8, lambda n: enroll(student, course))
    assert sorted(made for _seat, made in results) == [False] * 7 + [True]
    assert Enrollment.objects.count() == students(course) == 1
    assert_announced_once("enrollment.created")


@pytest.mark.django_db(transaction=True)
def test_many_students_at_once_are_all_counted(db):
    course = CourseFactory()
    crowd = UserFactory.create_batch(8)
    together(8, lambda n: enroll(crowd[n], course))
    assert students(course) == 8


def assert_announced_once(name: str) -> None:
    per_subscriber = Delivery.objects.filter(event=name).values_list("subscriber", flat=True)
    assert len(per_subscriber) == len(set(per_subscriber))
