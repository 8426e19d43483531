"""The path and the next step, over the API."""

import pytest
from django.utils import timezone

from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.tests.factories import ConceptFactory

from .knowing import pretested, teaches

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(student):
    found = CourseFactory()
    EnrollmentFactory(student=student, course=found)
    return found


def test_the_path_has_every_lesson_with_its_reason(api, student, course):
    known, new = (LessonFactory(course=course, title=title) for title in ("Known", "New"))
    concept, other = ConceptFactory.create_batch(2, course=course)
    teaches(known, concept)
    teaches(new, other)
    pretested(student, course, at=timezone.now(), skip=[concept])
    answer = api(student).get(f"/api/courses/{course.pk}/path")
    assert answer.status_code == 200
    rows = {row["lesson"]: row for row in answer.data["results"]}
    assert rows[known.pk] == {
        "lesson": known.pk,
        "title": "Known",
        "reason": "skip",
        "why": "You knew its concept in the pre-test.",
        "minutes": 10,
        "completed": False,
        "taken": False,
    }
    assert rows[new.pk]["reason"] == "learn"


def test_the_reasons_come_in_the_readers_language(api, student, course):
    LessonFactory(course=course)
    answer = api(student).get(f"/api/courses/{course.pk}/path", headers={"Accept-Language": "ru"})
    assert answer.data["results"][0]["why"].startswith("В порядке преподавателя")


def test_the_path_is_for_those_who_learn_in_the_course(api, stranger, course):
    LessonFactory(course=course)
    for user in (stranger, course.owner):
        assert api(user).get(f"/api/courses/{course.pk}/path").status_code == 404
    assert api().get(f"/api/courses/{course.pk}/path").status_code == 401


def test_the_next_step_says_why(api, student, course):
    lesson = LessonFactory(course=course, title="New")
    answer = api(student).get("/api/learning/next")
    assert answer.data == {
        "kind": "lesson",
        "title": "New",
        "reason": "learn",
        "why": "In the teacher’s order: this course names no concepts.",
        "url": f"/learn/{course.slug}/{lesson.pk}/",
        "minutes": 10,
        "course": course.pk,
        "lesson": lesson.pk,
    }


def test_with_nothing_to_do_it_says_so(api, stranger):
    answer = api(stranger).get("/api/learning/next")
    assert (answer.status_code, answer.data["kind"], answer.data["url"]) == (200, "none", None)
    assert answer.data["why"]
    assert api().get("/api/learning/next").status_code == 401
