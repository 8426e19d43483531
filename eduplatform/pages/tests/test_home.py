import pytest
from django.urls import reverse
from django.utils import timezone

from apps.core.caching import PUBLIC
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.services import complete_lesson, grant_seat
from apps.learning.models import LessonConcept, Prerequisite
from apps.learning.tests.factories import ConceptFactory
from apps.notifications.services import notify
from apps.onboarding import services as onboarding

pytestmark = pytest.mark.django_db

QUERIES = 15


def seat(student, *, lessons=2, done=0):
    course = CourseFactory()
    rows = LessonFactory.create_batch(lessons, course=course)
    now = timezone.now()
    grant_seat(student_id=student.pk, course_id=course.pk, at=now)
    for lesson in rows[:done]:
        complete_lesson(student=student, lesson=lesson, at=now)
    return course, rows


def test_visitors_see_the_landing_page_with_popular_courses(client):
    course = CourseFactory(title="Loved by many", student_count=9)
    answer = client.get("/")
    text = answer.content.decode()
    assert "Choose a course" in text and course.title in text
    assert answer["Cache-Control"] == PUBLIC
    assert "csrfmiddlewaretoken" not in text


def test_popular_courses_of_the_readers_language_come_first(client):
    CourseFactory(title="In English", language="en", student_count=9)
    CourseFactory(title="Русский", language="ru", student_count=1)
    text = client.get("/", headers={"accept-language": "ru"}).content.decode()
    assert text.index("Русский") < text.index("In English")


def test_a_newcomer_who_skips_the_welcome_is_led_to_the_catalogue(site, student):
    assert site(student).get("/").headers["Location"] == "/welcome/"
    onboarding.skip(user=student, at=timezone.now())
    CourseFactory(title="A beginning")
    answer = site(student).get("/")
    text = answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert "its first lesson is open" in text and "A beginning" in text


def test_the_next_lesson_comes_first(site, student):
    course, lessons = seat(student, lessons=3, done=1)
    text = site(student).get("/").content.decode()
    assert f"Lesson 2: {lessons[1].title}" in text
    assert f"/learn/{course.slug}/{lessons[1].pk}/" in text


def test_finished_courses_are_no_longer_continued(site, student):
    course, lessons = seat(student, lessons=1, done=1)
    text = site(student).get("/").content.decode()
    assert "Everything you began is finished" in text
    assert f"/learn/{course.slug}/" not in text


def test_others_seats_and_news_stay_theirs(site, student, stranger):
    course, _lessons = seat(stranger)
    notify(user_id=stranger.pk, kind="welcome", params={"name": "X1"}, at=timezone.now(), key="w")
    onboarding.skip(user=student, at=timezone.now())
    text = site(student).get("/").content.decode()
    assert "What’s new" not in text and "The first step" in text
    assert f"/learn/{course.slug}/" not in text and "X1" not in text


def test_a_teacher_sees_the_courses_at_a_glance(site, teacher, student):
    CourseFactory(owner=teacher, student_count=1234)
    assert "1,234" in site(teacher).get("/").content.decode()
    onboarding.skip(user=student, at=timezone.now())
    assert "Your teaching" not in site(student).get("/").content.decode()


def test_who_came_to_teach_is_led_to_the_studio(site, teacher):
    text = site(teacher).get("/").content.decode()
    assert "Your first course begins with a title" in text
    assert "its first lesson is open" not in text
    CourseFactory(owner=teacher, status="draft")
    assert "Your first course begins" not in site(teacher).get("/").content.decode()


def test_queries_dont_grow_with_courses(site, student, django_assert_num_queries):
    browser = site(student)
    seat(student)
    seat(student)
    browser.get("/")
    with django_assert_num_queries(QUERIES):
        browser.get("/")
    seat(student, lessons=4, done=2)
    with django_assert_num_queries(QUERIES):
        browser.get("/")


def test_the_bell_counts_what_is_new_and_asks_nothing_for_visitors(
    site, client, student, django_assert_max_num_queries
):
    client.get("/")
    with django_assert_max_num_queries(2):
        client.get("/")
    notify(user_id=student.pk, kind="welcome", params={"name": "D"}, at=timezone.now(), key="w")
    onboarding.skip(user=student, at=timezone.now())
    assert "Notifications, 1 new" in site(student).get(reverse("home")).content.decode()


def test_the_first_card_says_why(site, student):
    seat(student)
    text = site(student).get("/").content.decode()
    assert "In the teacher’s order: this course names no concepts." in text


def test_the_strip_shows_where_one_is_on_the_path(site, student):
    course, lessons = seat(student, lessons=3)
    concepts = [ConceptFactory(course=course, name=name) for name in ("Mean", "Variance", "Error")]
    for lesson, concept, following in zip(lessons, concepts, [*concepts[1:], None], strict=True):
        LessonConcept.objects.create(lesson=lesson, concept=concept)
        if following:
            Prerequisite.objects.create(course=course, advanced=following, prerequisite=concept)
    text = site(student).get("/").content.decode()
    assert "Your path through" in text
    assert "you are here" in text
    assert text.index("Mean") < text.index("Variance") < text.index("Error")
    assert "New to you. Opens 1 lesson." in text
