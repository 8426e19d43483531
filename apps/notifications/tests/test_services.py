"""Telling people: once per key, where they want it, mailed after a claim, stopped by a link."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from apps.accounts.events import TeacherRefused, UserRegistered
from apps.accounts.tests.factories import UserFactory
from apps.core import bus
from apps.core.errors import Invalid, NotFound
from apps.courses.events import CoursePublished
from apps.courses.tests.factories import CourseFactory, DraftFactory
from apps.enrollment.events import EnrollmentCreated
from apps.notifications import selectors, services
from apps.notifications.kinds import KINDS
from apps.notifications.models import Dispatch, Notification, Preference
from apps.social.services import block, follow

pytestmark = pytest.mark.django_db


def tell(user, kind="enrolled", key="k", **params):
    return services.notify(
        user_id=user.pk,
        kind=kind,
        params=params or {"course": "Statistics"},
        url="/learn/statistics/",
        at=timezone.now(),
        key=key,
    )


def noon():
    """Tomorrow's: nobody's letters wait."""
    return (timezone.now() + timedelta(days=1)).replace(hour=12)


def publish(event):
    with transaction.atomic():
        bus.publish(event)


def test_the_same_key_tells_once(student):
    assert tell(student).pk == tell(student).pk
    assert Notification.objects.count() == Dispatch.objects.count() == 1


def test_words_follow_the_reader(student):
    from django.utils import translation

    told = tell(student, kind="review_received", student="Лена", course="SQL", rating=5)
    assert told.title == "Лена reviewed “SQL”: 5 of 5"
    with translation.override("ru"):
        assert "SQL" in told.title and told.title != "Лена reviewed “SQL”: 5 of 5"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_kind_has_words_that_take_their_params(language):
    from django.utils import translation

    params = dict.fromkeys(
        [
            "name",
            "course",
            "student",
            "teacher",
            "rating",
            "reason",
            "excerpt",
            "amount",
            "currency",
            "title",
            "body",
            "topic",
        ],
        "x",
    ) | {
        "amount": "29.50",
        "currency": "USD",
        "count": 5,
        "points": 100,
        "badge": "first-steps",
        "current": 5,
        "freezes": 1,
    }
    with translation.override(language):
        for shape in KINDS.values():
            assert shape.title_of(params) and shape.body_of(params) and str(shape.action)


def test_a_letter_is_sent_once_in_the_readers_language(student):
    student.locale = "ru"
    student.save()
    tell(student)
    now = noon()
    assert services.send_due(at=now) == 1
    assert services.send_due(at=now) == 0
    (letter,) = mail.outbox
    assert letter.to == [student.email] and "Statistics" in letter.subject
    assert "/learn/statistics/" in letter.body
    assert '<html lang="ru">' in letter.alternatives[0][0]
    assert Dispatch.objects.get().status == "sent"


def test_no_letter_to_an_unverified_address(student):
    student.email_verified = False
    student.save()
    tell(student)
    assert Dispatch.objects.count() == 0


def test_a_failed_letter_is_put_off_and_given_up(student, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens
    tell(student)
    at = noon()
    services.send_due(at=at)
    dispatch = Dispatch.objects.get()
    assert dispatch.status == "queued" and dispatch.attempts == 1
    assert dispatch.due_at > at and "Refused" in dispatch.last_error
    for _ in range(services.MAX_ATTEMPTS):
        at += timedelta(days=1)
        services.send_due(at=at)
    dispatch.refresh_from_db()
    assert dispatch.status == "dead" and dispatch.attempts == services.MAX_ATTEMPTS


def test_choices_hide_and_silence_but_receipts_are_mailed_always(student):
    services.choose(user=student, choices={"enrolled": {"in_app": False, "email": False}})
    services.choose(user=student, choices={"payment_received": {"email": False}})
    tell(student)
    tell(student, kind="payment_received", key="p", course="SQL", amount="29.00", currency="USD")
    assert list(selectors.notifications_of(student).values_list("kind", flat=True)) == [
        "payment_received"
    ]
    assert Dispatch.objects.get().notification.kind == "payment_received"
    assert selectors.preferences_of(student)["payment_received"]["email"] is True


def test_unknown_choices_are_told_by_field(student):
    with pytest.raises(Invalid) as refused:
        services.choose(
            user=student, choices={"nonsense": {"email": True}, "enrolled": {"fax": True}}
        )
    assert set(refused.value.errors) == {"nonsense", "enrolled.fax"}
    assert Preference.objects.count() == 0


def test_reading_is_ones_own(student, stranger):
    told = tell(student)
    with pytest.raises(NotFound):
        services.mark_read(user=stranger, notification_id=told.pk, at=timezone.now())
    at = timezone.now()
    assert services.mark_read(user=student, notification_id=told.pk, at=at).read_at == at
    later = services.mark_read(user=student, notification_id=told.pk, at=at + timedelta(hours=1))
    assert later.read_at == at


def test_what_came_before_a_moment_is_read_and_the_rest_waits(student):
    tell(student, key="old")
    new = tell(student, key="new")
    now = timezone.now()
    assert services.mark_all_read(user=student, at=now, before=new.created_at) == 1
    assert list(Notification.objects.of(student).unread()) == [new]


def test_events_below_tell_the_right_people(student, teacher, deliver_all):
    course = CourseFactory(owner=teacher, title="Statistics")
    publish(UserRegistered(user_id=student.pk, role="student"))
    publish(EnrollmentCreated(enrollment_id=1, student_id=student.pk, course_id=course.pk))
    publish(TeacherRefused(user_id=teacher.pk, reason="The link is dead."))
    deliver_all()
    kinds = set(Notification.objects.values_list("user__username", "kind"))
    assert kinds == {
        ("student", "welcome"),
        ("student", "badge_earned"),  # for being among the first
        ("student", "enrolled"),
        ("teacher", "student_joined"),
        ("teacher", "teacher_refused"),
    }


def test_export_and_erase(student):
    tell(student)
    services.choose(user=student, choices={"enrolled": {"email": False}})
    assert len(services.export(student)["notifications"]) == 1
    services.erase(student, timezone.now())
    assert services.export(student) == {"notifications": [], "preferences": []}


def test_followers_are_told_of_a_published_course_once_and_as_they_like(teacher, deliver_all):
    course = CourseFactory(owner=teacher)
    keen, tired, quiet, stranger = UserFactory.create_batch(4)
    for person in (keen, tired, quiet):
        follow(follower=person, followed=teacher, at=timezone.now())
    services.choose(user=quiet, choices={"course_by_followed": {"in_app": False}})
    services.choose(user=keen, choices={"course_by_followed": {"email": True}})
    block(blocker=tired, blocked=teacher, at=timezone.now())
    Notification.objects.all().delete()
    for _ in range(2):
        publish(CoursePublished(course_id=course.pk, owner_id=teacher.pk))
        deliver_all()
    told = Notification.objects.filter(kind="course_by_followed")
    assert sorted(told.values_list("user", "hidden")) == [(keen.pk, False), (quiet.pk, True)]
    assert [row.notification.user_id for row in Dispatch.objects.all()] == [keen.pk]


def test_a_course_that_is_a_draft_again_is_told_to_nobody(teacher, student, deliver_all):
    course = DraftFactory(owner=teacher)
    follow(follower=student, followed=teacher, at=timezone.now())
    publish(CoursePublished(course_id=course.pk, owner_id=teacher.pk))
    deliver_all()
    assert not Notification.objects.filter(kind="course_by_followed").exists()
