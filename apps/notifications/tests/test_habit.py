"""Badges are told together, a streak at risk once and while it is; nothing once it's switched off."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import translation

from apps.core import bus
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.services import seats
from apps.gamification.models import Award
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts, choices, reminders
from apps.learning.services.notes import add_note
from apps.notifications import services
from apps.notifications.models import Dispatch, Notification

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
EVENING = datetime(2026, 3, 3, 19, tzinfo=UTC)
DAY = timedelta(days=1)


def study(user, at=MONDAY, rule="lesson"):
    with bus.happening(at):
        acts.record(user_id=user.pk, deeds=[Deed(rule, at.isoformat(), at)])


def remind(at=EVENING):
    with bus.happening(at):
        return reminders.remind(at=at)


def told(user, kind):
    return list(Notification.objects.of(user).filter(kind=kind).order_by("pk"))


# ── Badges ────────────────────────────────────────────────────────────────────────────────────
def test_a_badge_is_told_in_the_readers_language(student, deliver_all):
    study(student)
    deliver_all()
    [one] = told(student, "badge_earned")
    assert (one.title, one.body) == ("New badge: First Steps", "Complete a lesson. +20 XP.")
    assert one.url == "/awards/"
    with translation.override("ru"):
        assert one.title == "Новая награда: Первые шаги"
        assert one.body == "Пройти первый урок. +20 XP."


def test_many_badges_are_one_notification(student, deliver_all):
    for day in range(14):
        study(student, MONDAY + day * DAY)
        study(student, MONDAY + day * DAY, rule="quiz")
    deliver_all()
    count = Award.objects.filter(user=student).count()
    [one] = told(student, "badge_earned")
    assert count > 3 and one.title == f"{count} new badges"
    assert one.body.startswith("The latest: “") and one.body.endswith(" XP.")
    with translation.override("ru"):
        assert one.title.startswith(f"{count} нов")


def test_one_that_was_read_is_not_counted_up(student, deliver_all):
    study(student)
    deliver_all()
    services.mark_all_read(user=student, at=MONDAY)
    study(student, rule="perfect")
    deliver_all()
    assert [each.params["count"] for each in told(student, "badge_earned")] == [1, 1]


def test_a_badge_on_its_way_is_not_told_once_it_is_switched_off(student, deliver_all):
    study(student)
    choices.choose(user=student, changes={"is_on": False})
    deliver_all()
    assert told(student, "badge_earned") == []


# ── A streak at risk ──────────────────────────────────────────────────────────────────────────
def test_the_evening_says_how_long_it_is_and_what_keeps_it(student, deliver_all):
    for day in range(3):
        study(student, MONDAY + day * DAY)
    remind(EVENING + 2 * DAY)
    deliver_all()
    [one] = told(student, "streak_at_risk")
    assert one.title == "Keep your streak: 3 days"
    assert one.body == "One lesson or a few cards today keep it."
    with translation.override("ru"):
        assert one.title == "Сохраните серию: 3 дня"


def test_a_freeze_is_spoken_of(student, deliver_all):
    for day in range(7):
        study(student, MONDAY + day * DAY)
    remind(EVENING + 6 * DAY)
    deliver_all()
    [one] = told(student, "streak_at_risk")
    assert one.body.endswith("Without them a freeze is used up.")


def test_it_leads_to_the_cards_else_to_the_next_step(student, deliver_all):
    course = CourseFactory(status="published")
    lesson = LessonFactory(course=course)
    seats.enroll(student=student, course=course, at=MONDAY)
    study(student)
    remind()
    deliver_all()
    [one] = told(student, "streak_at_risk")
    assert one.url == f"/learn/{course.slug}/{lesson.pk}/"
    add_note(student=student, kind="basic", front="2 + 2", back="4", at=MONDAY)
    study(student, EVENING)
    remind(EVENING + DAY)
    deliver_all()
    assert told(student, "streak_at_risk")[1].url == "/review/"


def test_it_is_not_told_when_it_was_kept_meanwhile(student, deliver_all):
    study(student)
    remind()
    study(student, EVENING + timedelta(seconds=5))
    deliver_all()
    assert told(student, "streak_at_risk") == []


def test_learning_settles_it_and_takes_its_letter_back(student, deliver_all):
    student.email_verified = True
    student.save(update_fields=["email_verified"])
    study(student)
    remind()
    deliver_all()
    assert Dispatch.objects.filter(notification__kind="streak_at_risk").count() == 1
    study(student, EVENING + timedelta(minutes=10))
    deliver_all()
    [one] = told(student, "streak_at_risk")
    assert one.read_at == EVENING + timedelta(minutes=10)
    assert not Dispatch.objects.filter(notification__kind="streak_at_risk").exists()


def test_the_letter_is_written_in_the_readers_language(student, deliver_all):
    student.email_verified, student.locale = True, "ru"
    student.save(update_fields=["email_verified", "locale"])
    study(student)
    remind()
    deliver_all()
    services.send_due(at=EVENING + timedelta(hours=1))
    [letter] = [each for each in mail.outbox if "серию" in each.subject]
    assert letter.subject == "Сохраните серию: 1 день"
    assert "/review/" in letter.body or "/learn/" in letter.body
    assert "List-Unsubscribe" in letter.extra_headers


def test_switched_off_after_the_announcement_it_is_not_told(student, deliver_all):
    study(student)
    remind()
    choices.choose(user=student, changes={"is_on": False})
    deliver_all()
    assert told(student, "streak_at_risk") == []


@pytest.mark.parametrize("kind", ["streak_at_risk", "badge_earned"])
def test_switched_off_after_it_was_told_no_letter_goes(student, deliver_all, kind):
    student.email_verified = True
    student.save(update_fields=["email_verified"])
    services.choose(user=student, choices={kind: {"email": True}})
    study(student)
    remind()
    deliver_all()
    waiting = Dispatch.objects.filter(notification__kind=kind)
    assert waiting.count() == 1
    choices.choose(user=student, changes={"is_on": False})
    services.send_due(at=EVENING + timedelta(hours=1))
    assert mail.outbox == []
    assert not waiting.exists()
