"""The curriculum and the lesson through the API: each reader sees what is theirs."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from apps.courses import services as courses
from apps.courses.tests.factories import DraftFactory, LessonFactory, ModuleFactory
from apps.enrollment import services
from apps.enrollment.models import SeatStatus
from apps.enrollment.tests.factories import EnrollmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(teacher):
    module = ModuleFactory(course__owner=teacher)
    LessonFactory.create_batch(2, module=module, course=module.course)
    LessonFactory(module=ModuleFactory(course=module.course), course=module.course)
    return module.course


def completed(response):
    lessons = [row for module in response.json()["modules"] for row in module["lessons"]]
    return [row.get("completed") for row in lessons]


def test_the_curriculum_is_public_and_marks_what_is_done(api, course, student):
    url = f"/api/courses/{course.pk}/curriculum"
    anonymous = api().get(url)
    assert anonymous.json()["course"] == course.pk
    assert completed(anonymous) == [None, None, None]
    EnrollmentFactory(student=student, course=course)
    lesson = course.lessons.in_order().first()
    services.complete_lesson(student=student, lesson=lesson, at=timezone.now())
    assert completed(api(student).get(url)) == [True, False, False]
    assert completed(api().get(url)) == [None, None, None]


def test_the_curriculum_follows_every_change(api, course):
    url = f"/api/courses/{course.pk}/curriculum"
    before = api().get(url).json()
    courses.add_lesson(
        module=course.modules.first(), title="New", at=timezone.now(), editor=course.owner
    )
    after = api().get(url).json()
    assert len(completed_ids(after)) == len(completed_ids(before)) + 1


def completed_ids(data):
    return [row["id"] for module in data["modules"] for row in module["lessons"]]


def test_the_curriculum_is_right_without_redis(api, course, monkeypatch):
    monkeypatch.setattr(cache, "get", lambda *args, **kwargs: None)
    monkeypatch.setattr(cache, "set", lambda *args, **kwargs: False)
    assert len(completed_ids(api().get(f"/api/courses/{course.pk}/curriculum").json())) == 3


def test_a_kept_curriculum_costs_no_query_and_size_costs_nothing(
    api, course, django_assert_num_queries
):
    url = f"/api/courses/{course.pk}/curriculum"
    with django_assert_num_queries(4):
        api().get(url)
    with django_assert_num_queries(0):
        api().get(url)


def test_the_curriculum_of_what_is_hidden(api, teacher, stranger, moderator, student):
    draft = DraftFactory(owner=teacher)
    url = f"/api/courses/{draft.pk}/curriculum"
    for client, code in (
        (api(), 404),
        (api(stranger), 404),
        (api(teacher), 200),
        (api(moderator), 200),
    ):
        assert client.get(url).status_code == code
    assert api().get("/api/courses/999999/curriculum").status_code == 404
    archived = EnrollmentFactory(student=student, course__status="archived").course
    assert api(student).get(f"/api/courses/{archived.pk}/curriculum").status_code == 200


def test_who_may_read_a_lesson(api, course, student, stranger, teacher, moderator, admin):
    lesson = course.lessons.first()
    url = f"/api/lessons/{lesson.pk}"
    EnrollmentFactory(student=student, course=course)
    for person in (student, teacher, moderator, admin):
        response = api(person).get(url)
        assert response.status_code == 200, person
        assert "<strong>lesson</strong>" in response.data["content_html"]
    assert api(stranger).get(url).status_code == 403
    assert api().get(url).status_code == 401
    assert api(stranger).get("/api/lessons/999999").status_code == 404
    assert api().get("/api/lessons/999999").status_code == 404


def test_a_preview_is_for_everybody_while_its_course_is_published(api, stranger, teacher):
    lesson = LessonFactory(is_preview=True)
    assert api().get(f"/api/lessons/{lesson.pk}").status_code == 200
    hidden = LessonFactory(is_preview=True, course=DraftFactory(owner=teacher))
    assert api(stranger).get(f"/api/lessons/{hidden.pk}").status_code == 404
    assert api().get(f"/api/lessons/{hidden.pk}").status_code == 404


@pytest.mark.parametrize("status", [SeatStatus.CANCELLED, SeatStatus.REFUNDED])
def test_a_seat_that_ended_opens_nothing(api, student, course, status):
    EnrollmentFactory(student=student, course=course, status=status)
    assert api(student).get(f"/api/lessons/{course.lessons.first().pk}").status_code == 403


def test_writing_a_lesson_stays_with_its_teacher(api, course, teacher, student, stranger):
    EnrollmentFactory(student=student, course=course)
    url = f"/api/lessons/{course.lessons.first().pk}"
    assert api(teacher).patch(url, {"title": "Better"}).data["title"] == "Better"
    for person, code in ((student, 403), (stranger, 403), (None, 401)):
        client = api(person) if person else api()
        assert client.patch(url, {"title": "Mine"}).status_code == code
        assert client.delete(url).status_code == code
    assert api(teacher).delete(url).status_code == 204


# ── The course by its id ──────────────────────────────────────────────────────────────────────
def test_a_seat_opens_a_course_that_is_no_longer_on_sale(api, student, stranger):
    course = EnrollmentFactory(student=student, course__status="archived").course

    assert api(student).get(f"/api/courses/{course.pk}").json()["status"] == "archived"
    assert api(stranger).get(f"/api/courses/{course.pk}").status_code == 404
    assert api().get(f"/api/courses/{course.pk}").status_code == 404
