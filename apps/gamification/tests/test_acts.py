"""The log and what follows from it: once per cause, capped where it can be farmed, taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.services.progress import complete_lesson
from apps.enrollment.services.seats import enroll
from apps.gamification.models import Act, Award, CourseTotal, DayTotal, Habit, Moment
from apps.gamification.selectors import summary_of
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def lesson(number: int, at: datetime = MONDAY) -> Deed:
    return Deed("lesson", str(number), at)


def test_a_lesson_brings_points_a_badge_a_day_and_a_place(student, deliver_all):
    course = CourseFactory(status="published")
    first = LessonFactory(course=course)
    LessonFactory(course=course)
    enroll(student=student, course=course, at=MONDAY)
    complete_lesson(student=student, lesson=first, at=MONDAY)
    deliver_all()
    habit = Habit.objects.get(user=student)
    assert habit.xp == 20 + 20  # the lesson, and First Steps
    assert Award.objects.get(user=student).badge == "first-steps"
    day = DayTotal.objects.get(user=student)
    assert (day.lessons, day.points, day.studied, day.acts) == (1, 40, 20, 1)
    totals = CourseTotal.objects.filter(user=student, course=course)
    assert sorted(totals.values_list("points", flat=True)) == [20, 20]
    assert Moment.objects.get(user=student).key == "first-steps"
    now = summary_of(student, MONDAY)
    assert (now.streak.current, now.streak.active_today, now.level) == (1, True, 1)


def test_the_same_cause_counts_once(student):
    for _ in range(3):
        acts.record(user_id=student.pk, deeds=[lesson(1), lesson(1)])
    assert Act.objects.filter(user=student, rule="lesson").count() == 1


def test_a_script_gets_no_more_than_a_day_allows(student):
    for number in range(45):
        acts.record(user_id=student.pk, deeds=[lesson(number)])
    given = Act.objects.filter(user=student, rule="lesson").values_list("points", flat=True)
    assert (sum(given), len(given)) == (800, 45)


def test_a_review_taken_back_takes_its_points_and_its_day(student):
    review = Deed("review", "7", MONDAY)
    acts.settle(user_id=student.pk, deed=review, holds=True, at=MONDAY)
    assert summary_of(student, MONDAY).streak.current == 1
    for _ in range(2):
        acts.settle(user_id=student.pk, deed=review, holds=False, at=MONDAY)
    now = summary_of(student, MONDAY)
    assert (now.xp, now.streak.current, now.streak.total) == (0, 0, 0)
    acts.settle(user_id=student.pk, deed=review, holds=True, at=MONDAY)
    assert summary_of(student, MONDAY).xp == 2


def test_a_late_act_mends_the_streak(student):
    for number in (0, 2, 3):
        acts.record(user_id=student.pk, deeds=[lesson(number, MONDAY + number * DAY)])
    assert summary_of(student, MONDAY + 3 * DAY).streak.current == 2
    acts.record(user_id=student.pk, deeds=[lesson(1, MONDAY + DAY)])
    assert summary_of(student, MONDAY + 3 * DAY).streak.current == 4
    assert Act.objects.filter(user=student, rule="streak").get().points == 50


def test_the_log_only_grows(student):
    acts.record(user_id=student.pk, deeds=[lesson(1)])
    for change in ("UPDATE gamification_act SET points = 9", "DELETE FROM gamification_act"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
