import pytest
from django.utils import timezone

from apps.courses.tests.factories import CourseFactory, DraftFactory, LessonFactory
from apps.enrollment.services import complete_lesson, grant_seat

pytestmark = pytest.mark.django_db


def learn(student, title, *, finish):
    course = CourseFactory(title=title)
    lesson = LessonFactory(course=course)
    grant_seat(student_id=student.pk, course_id=course.pk, at=timezone.now())
    if finish:
        complete_lesson(student=student, lesson=lesson, at=timezone.now())


def read(client, username):
    return client.get(f"/profile/{username}/")


def test_shows_published_courses_of_a_teacher(client, teacher):
    CourseFactory(owner=teacher, title="Public course")
    DraftFactory(owner=teacher, title="Secret draft")
    text = read(client, "teacher").content.decode()
    assert "Public course" in text and "Secret draft" not in text
    assert teacher.email not in text


def test_others_see_what_is_finished_not_what_is_being_learnt(site, student, stranger):
    learn(student, "Done with", finish=True)
    learn(student, "Still at it", finish=False)
    others = read(site(stranger), "student").content.decode()
    assert "Done with" in others and "Still at it" not in others
    own = read(site(student), "Student").content.decode()
    assert "Still at it" in own and "Edit profile" in own


def test_nobody_is_found_under_a_foreign_or_closed_name(client, student):
    assert read(client, "nobody").status_code == 404
    student.is_active = False
    student.save()
    assert read(client, "student").status_code == 404
