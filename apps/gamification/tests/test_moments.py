"""Celebrations: one for all that waits, once, never in the middle of learning."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.services.progress import complete_lesson
from apps.enrollment.services.seats import enroll
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.gamification.models import Habit, Moment
from apps.gamification.selectors.moments import celebration_for

from .test_habit_faces import DAY, MONDAY, learn, today  # noqa: F401

pytestmark = pytest.mark.django_db
MOMENT, SEEN = "/habit/moment/", "/habit/moment/seen/"


def wait(user, kind: str, key: str, points: int = 0, at=None) -> Moment:
    return Moment.objects.create(
        user=user, kind=kind, key=key, points=points, created_at=at or timezone.now()
    )


@pytest.mark.usefixtures("midday")
def test_a_badge_is_celebrated_once(site, student):
    learn(student, timezone.now())
    page = site(student)
    shown = page.get(MOMENT).content.decode()
    assert "First Steps" in shown
    assert "+20 XP" in shown
    upto = Moment.objects.get(user=student).pk
    assert f'data-moment="{upto}"' in shown
    answer = page.post(SEEN, {"upto": upto}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 204
    assert page.get(MOMENT).content == b""
    learn(student, timezone.now() + timedelta(seconds=1))
    shown = page.get(MOMENT).content.decode()
    assert "Level 2" in shown
    assert "First Steps" not in shown


def test_the_streak_comes_first_and_the_rest_beside_it(site, student, today):  # noqa: F811
    learn(student, *(MONDAY + n * DAY for n in range(3)))
    today(MONDAY + 2 * DAY)
    shown = site(student).get(MOMENT).content.decode()
    assert "Three days in a row" in shown
    assert "The next reward comes at 7 days." in shown
    assert "The badge “Streak Starter” is yours" in shown


def test_many_are_summed_up(student):
    now = timezone.now()
    wait(student, "level", "2")
    wait(student, "level", "4")
    wait(student, "streak", "3", 50)
    last = wait(student, "streak", "7", 150)
    for slug in ("first-steps", "ace", "quiz-novice"):
        last = wait(student, "badge", slug, 20)
    found = celebration_for(student, now + timedelta(seconds=1))
    assert (found.first.days, found.first.freezes) == (7, 1)
    assert [(each.level, each.kind) for each in found.others] == [(4, "level"), (0, "badge")]
    assert (found.more, found.points, found.upto) == (2, 260, last.pk)


def test_old_ones_fall_silent(site, student):
    wait(student, "level", "2", at=timezone.now() - timedelta(days=8))
    assert site(student).get(MOMENT).content == b""
    EnrollmentFactory(student=student)
    page = site(student).get("/").content.decode()
    assert "Good " in page and "load delay" not in page


@pytest.mark.parametrize("switch", ["is_on", "celebrates"])
def test_who_wants_none_gets_none(site, student, switch):
    learn(student, timezone.now())
    Habit.objects.update(**{switch: False})
    assert site(student).get(MOMENT).content == b""
    EnrollmentFactory(student=student)
    page = site(student).get("/").content.decode()
    assert "Good " in page and "load delay" not in page


def test_nobody_ends_somebody_elses_celebration(site, student, stranger):
    waiting = wait(student, "level", "2")
    site(stranger).post(SEEN, {"upto": waiting.pk})
    waiting.refresh_from_db()
    assert waiting.seen_at is None


@pytest.mark.parametrize("upto", ["", "x", "-1", "9" * 30, "9" * 5000, "١"])
def test_a_wrong_end_is_told(site, student, upto):
    assert site(student).post(SEEN, {"upto": upto}).status_code == 400


def test_without_scripts_the_end_leads_to_the_awards(site, student):
    waiting = wait(student, "level", "2")
    answer = site(student).post(SEEN, {"upto": waiting.pk})
    assert answer.status_code == 302
    assert answer["Location"] == "/awards/"


def test_the_end_of_a_course_is_celebrated_on_its_page_alone(site, student, deliver_all):
    course = CourseFactory(status="published", title="Plain lines")
    lesson = LessonFactory(course=course)
    enroll(student=student, course=course, at=timezone.now())
    page = site(student)
    assert page.post(f"/habit/course/{course.pk}/").status_code == 404
    complete_lesson(student=student, lesson=lesson, at=timezone.now())
    # its page is open before the event is done
    assert "+200 XP" in page.post(f"/habit/course/{course.pk}/").content.decode()
    deliver_all()
    shown = page.get(MOMENT).content.decode()
    assert "Plain lines" not in shown
    assert "Getting Started" in shown
