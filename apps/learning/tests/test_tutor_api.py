"""The tutor through the API."""

import json

import pytest
from django.utils import timezone

from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.services import grant_seat
from apps.learning.models import TutorMessage, TutorRating

from .factories import TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(student):
    course = CourseFactory()
    grant_seat(student_id=student.pk, course_id=course.pk, at=timezone.now())
    return LessonFactory(course=course, title="How cells divide", content=TEXT)


@pytest.fixture
def address(lesson):
    return f"/api/lessons/{lesson.pk}/tutor/messages"


ASKED = {"text": "What does the spindle do?"}


def test_a_message_gets_its_reply_and_stands_in_the_talk(api, student, address):
    answer = api(student).post(address, ASKED, format="json")
    assert answer.status_code == 200
    message = answer.json()["message"]
    assert set(message) == {"id", "text", "citations"}
    said = api(student).get(address).json()["messages"]
    assert [row["speaker"] for row in said] == ["student", "tutor"]
    assert said[1]["id"] == message["id"]


def test_a_resent_message_is_one(api, student, address):
    headers = {"Idempotency-Key": "k" * 150}
    first = api(student).post(address, ASKED, format="json", headers=headers).json()
    assert api(student).post(address, ASKED, format="json", headers=headers).json() == first
    assert TutorMessage.objects.count() == 2


def test_a_stream_ends_with_the_message(api, student, address):
    answer = api(student).post(
        address, ASKED, format="json", headers={"Accept": "text/event-stream"}
    )
    assert answer["Content-Type"].startswith("text/event-stream")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    found = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
    assert [found[0]["type"], found[-1]["type"]] == ["state", "message"]


def test_a_stream_that_cant_begin_is_refused(api, student, address, settings):
    settings.TUTOR_MESSAGES_PER_MINUTE = 0
    answer = api(student).post(
        address, ASKED, format="json", headers={"Accept": "text/event-stream"}
    )
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert not TutorMessage.objects.exists()


@pytest.mark.parametrize("text", ["", "  ", "x" * 100_000, None, []])
def test_bad_messages_name_their_field(api, student, address, text):
    answer = api(student).post(address, {"text": text}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["text"])


def test_strangers_are_told_what_the_lesson_tells_them(api, stranger, address):
    assert api(stranger).post(address, ASKED, format="json").status_code == 403
    assert api().post(address, ASKED, format="json").status_code == 401


def test_a_reply_is_rated_once_and_by_its_reader(api, student, stranger, address):
    reply = api(student).post(address, ASKED, format="json").json()["message"]["id"]
    rating = f"/api/tutor/messages/{reply}/rating"
    assert api(stranger).post(rating, {"value": 1}, format="json").status_code == 404
    assert api(student).post(rating, {"value": 2}, format="json").status_code == 400
    for value in (1, -1):
        body = {"value": value, "reason": "told"}
        assert api(student).post(rating, body, format="json").status_code == 200
    kept = TutorRating.objects.get()
    assert (kept.message_id, kept.value, kept.reason) == (reply, -1, "told")
    own = TutorMessage.objects.get(reply__pk=reply)
    answer = api(student).post(f"/api/tutor/messages/{own.pk}/rating", {"value": 1}, format="json")
    assert answer.status_code == 404
