"""Talks go out with what a person asks for, and are gone when the person is."""

import pytest
from django.utils import timezone

from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.services import grant_seat
from apps.learning import personal_data
from apps.learning.models import TutorMessage, TutorThread
from apps.learning.services.tutor import ask_tutor, rate_reply, rate_talk

from .factories import TEXT

pytestmark = pytest.mark.django_db


def test_talks_are_handed_out_and_erased(student, stranger):
    course = CourseFactory()
    lesson = LessonFactory(course=course, content=TEXT)
    now = timezone.now()
    for person in (student, stranger):
        grant_seat(student_id=person.pk, course_id=course.pk, at=now)
        reply = ask_tutor(student=person, lesson=lesson, text="What is mitosis?", at=now)
        rate_reply(message=reply, value=-1, reason="vague", comment="And now?", at=now)
        rate_talk(thread=reply.thread, value=4, at=now)
    found = personal_data.export(student)
    said = found["talks_with_the_tutor"]
    assert [row["speaker"] for row in said] == ["student", "tutor"]
    assert (said[1]["reason"], said[1]["comment"]) == ("vague", "And now?")
    assert [row["understood"] for row in found["ratings_of_talks"]] == [4]
    personal_data.erase(student, now)
    assert TutorThread.objects.get().student == stranger
    assert TutorMessage.objects.count() == 2
