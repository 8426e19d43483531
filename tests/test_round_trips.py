"""How often the hot writes of the API ask the database, BEGIN, SAVEPOINT and COMMIT included.

Each begins with who is asking and what it is about; a key costs a claim before and its answer after.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core.models import Delivery
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.services import grant_seat
from apps.learning.models import Card
from apps.learning.services.notes import add_note

from .api.caller import signed_in

pytestmark = pytest.mark.django_db(transaction=True)

A_KEY = 2


@pytest.fixture
def caller(student):
    return signed_in(student.email)


def trips(caller, address, body=None, **headers) -> int:
    caller.get("/api/auth/me")
    with CaptureQueriesContext(connection) as asked:
        answer = caller.post(address, body, **headers)
    assert answer.status_code in (200, 201), answer.content
    return len(asked)


def test_enrolling(caller):
    first, second = (CourseFactory() for _ in range(2))
    # who asks; then the seat, the count of students and both events at once
    assert trips(caller, "/api/enrollments", {"course": first.pk}) == 1 + 1
    # with a key in a transaction, for the answer is stored with the effect
    keyed = trips(caller, "/api/enrollments", {"course": second.pk}, Idempotency_Key="k")
    assert keyed == 1 + 3 + A_KEY
    assert {row.event for row in Delivery.objects.all()} >= {"course.counted", "enrollment.created"}
    # again, the long way: what was tried at once, the course, BEGIN, no seat, both locks, COMMIT
    assert trips(caller, "/api/enrollments", {"course": first.pk}) == 1 + 1 + 6


def test_completing_a_lesson(caller, student):
    course = CourseFactory()
    grant_seat(student_id=student.pk, course_id=course.pk, at=timezone.now())
    lessons = [LessonFactory(course=course) for _ in range(3)]
    first, second, third = (f"/api/progress/lessons/{each.pk}/complete" for each in lessons)
    # BEGIN, the course's lock, the seat's lock, the mark, the event, the seat, COMMIT
    assert trips(caller, first) == 2 + 7
    assert trips(caller, second, Idempotency_Key="k") == 2 + 7 + A_KEY
    assert trips(caller, third) == 2 + 7  # with the end of the course
    assert trips(caller, third) == 2 + 5  # again: neither event nor seat


def test_grading_a_card(caller, student):
    for front in "ab":
        add_note(student=student, kind="basic", front=front, back="?", at=timezone.now())
    first, second = (f"/api/flashcards/{each.pk}/review" for each in Card.objects.order_by("pk"))
    # BEGIN, the card's lock, the schedule, the review, the card, what it is about, the event, COMMIT
    assert trips(caller, first, {"rating": 3}) == 2 + 8
    assert trips(caller, second, {"rating": 3}, Idempotency_Key="k") == 2 + 8 + A_KEY
