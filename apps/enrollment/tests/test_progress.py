"""Lessons done and courses completed: counted from live rows, announced once."""

from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.core.errors import NotAllowed, NotFound
from apps.core.models import Delivery
from apps.core.tests.threads import together
from apps.courses import services as courses
from apps.courses.models import Course
from apps.courses.tests.factories import LessonFactory, ModuleFactory
from apps.enrollment import selectors, services
from apps.enrollment.models import Enrollment, SeatStatus
from apps.enrollment.selectors import Progress

from .factories import CompletionFactory, EnrollmentFactory, ReviewFactory

pytestmark = pytest.mark.django_db


def course_of(lessons: int) -> Course:
    module = ModuleFactory()
    LessonFactory.create_batch(lessons, module=module, course=module.course)
    return module.course


def complete(student, lesson) -> Progress:
    return services.complete_lesson(student=student, lesson=lesson, at=timezone.now())


def announced(name: str) -> int:
    """How often the event was published, whoever hears it."""
    heard = list(Delivery.objects.filter(event=name).values_list("subscriber", flat=True))
    return heard.count(heard[0]) if heard else 0


def test_progress_grows_and_completes_by_itself(student):
    course = course_of(3)
    seat = EnrollmentFactory(student=student, course=course)
    first, second, third = course.lessons.in_order()
    assert complete(student, first) == Progress(1, 3, 33, "in_progress")
    assert complete(student, second) == Progress(2, 3, 66, "in_progress")
    assert complete(student, third) == Progress(3, 3, 100, "completed")
    seat.refresh_from_db()
    assert seat.completed_at
    assert (seat.completed_lessons, seat.progress_percent) == (3, 100)


def test_a_second_completing_changes_nothing(student):
    course = course_of(2)
    EnrollmentFactory(student=student, course=course)
    lesson = course.lessons.first()
    before = complete(student, lesson)
    seat = Enrollment.objects.get()
    assert complete(student, lesson) == before
    assert Enrollment.objects.get().last_activity_at == seat.last_activity_at


def test_without_a_seat_nothing_is_completed(stranger):
    lesson = LessonFactory()
    with pytest.raises(NotAllowed):
        complete(stranger, lesson)
    EnrollmentFactory(student=stranger, course=lesson.course, status=SeatStatus.CANCELLED)
    with pytest.raises(NotAllowed):
        complete(stranger, lesson)


def test_a_lesson_that_went_meanwhile_is_not_found(student):
    lesson = LessonFactory()
    EnrollmentFactory(student=student, course=lesson.course)
    gone = type(lesson).objects.get(pk=lesson.pk)
    lesson.delete()
    with pytest.raises(NotFound):
        complete(student, gone)


def test_a_completed_seat_stays_completed_when_lessons_come(student, deliver_all):
    course = course_of(1)
    EnrollmentFactory(student=student, course=course)
    complete(student, course.lessons.first())
    courses.add_lesson(
        module=course.modules.first(), title="More", at=timezone.now(), editor=course.owner
    )
    deliver_all()
    seat = Enrollment.objects.get()
    assert (seat.status, seat.progress_percent) == (SeatStatus.COMPLETED, 50)
    assert selectors.progress_summary(seat) == Progress(1, 2, 50, "completed")


def test_a_deleted_lesson_can_complete_the_course(student, deliver_all):
    course = course_of(2)
    EnrollmentFactory(student=student, course=course)
    first, second = course.lessons.in_order()
    complete(student, first)
    courses.delete_lesson(lesson=second, editor=course.owner, at=timezone.now())
    deliver_all()
    seat = Enrollment.objects.get()
    assert (seat.status, seat.progress_percent) == (SeatStatus.COMPLETED, 100)


def test_recounting_does_not_wake_a_seat_that_was_left():
    course = course_of(1)
    seat = EnrollmentFactory(course=course, status=SeatStatus.CANCELLED)
    CompletionFactory(enrollment=seat, lesson=course.lessons.first())
    services.recount_seats(course_id=course.pk, at=timezone.now())
    seat.refresh_from_db()
    assert (seat.status, seat.progress_percent) == (SeatStatus.CANCELLED, 100)


def test_recounting_many_seats_costs_the_same(django_assert_num_queries):
    course = course_of(2)
    for number in (1, 3):
        for seat in EnrollmentFactory.create_batch(number, course=course):
            CompletionFactory(enrollment=seat, lesson=course.lessons.first())
        with django_assert_num_queries(7):
            assert services.recount_seats(course_id=course.pk, at=timezone.now()) == number


@pytest.mark.django_db(transaction=True)
def test_the_last_two_lessons_at_once_complete_once(student):
    for _round in range(3):
        course = course_of(2)
        seat = EnrollmentFactory(student=student, course=course)
        lessons = list(course.lessons.all())
        Delivery.objects.all().delete()
        together(2, lambda n, lessons=lessons: complete(student, lessons[n]))
        seat.refresh_from_db()
        assert (seat.status, seat.progress_percent) == (SeatStatus.COMPLETED, 100)
        assert announced("enrollment.completed") == 1


@pytest.mark.django_db(transaction=True)
def test_one_lesson_clicked_six_times_at_once_is_done_once(student):
    course = course_of(2)
    EnrollmentFactory(student=student, course=course)
    lesson = course.lessons.first()
    results = together(6, lambda n: complete(student, lesson))
    assert {progress.completed for progress in results} == {1}
    assert announced("lesson.completed") == 1


@pytest.mark.django_db(transaction=True)
def test_progress_is_true_while_the_teacher_edits(deliver_all):
    course = course_of(2)
    crowd = UserFactory.create_batch(5)
    for person in crowd:
        EnrollmentFactory(student=person, course=course)
    lesson = course.lessons.first()
    module = course.modules.first()
    add = partial(courses.add_lesson, module=module, title="More", editor=course.owner)
    together(6, lambda n: add(at=timezone.now()) if n == 5 else complete(crowd[n], lesson))
    deliver_all()
    assert set(Enrollment.objects.values_list("completed_lessons", "progress_percent")) == {(1, 33)}


@pytest.mark.django_db(transaction=True)
def test_the_course_stands_still_while_a_lesson_is_completed(student):
    course = course_of(2)
    EnrollmentFactory(student=student, course=course)

    def edit(number):
        with transaction.atomic():
            Course.objects.select_for_update(of=("self",), nowait=True).get(pk=course.pk)

    with transaction.atomic():
        complete(student, course.lessons.first())
        with pytest.raises(OperationalError, match="could not obtain lock"):
            together(1, edit)
    together(1, edit)


# ── Proving and repairing ─────────────────────────────────────────────────────────────────────
def recount(*args: str) -> str:
    out = StringIO()
    call_command("recount", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_recount_finds_and_repairs_what_is_wrong():
    course = course_of(2)
    seat = EnrollmentFactory(course=course)
    CompletionFactory(enrollment=seat, lesson=course.lessons.first())
    ReviewFactory(enrollment=seat, rating=4)
    with pytest.raises(SystemExit):
        recount()
    assert "student_count is 0, counted 1" in recount("--repair", "--course", str(course.pk))
    course.refresh_from_db()
    seat.refresh_from_db()
    assert (course.student_count, course.rating_histogram) == (1, [0, 0, 0, 1, 0])
    assert seat.progress_percent == 50
    assert "1 courses counted, 0 differ" in recount()
