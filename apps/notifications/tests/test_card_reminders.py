"""Time to review: told once for a day, on the site and by mail, with the count."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction

from apps.core import bus
from apps.learning.events import CardsDue
from apps.notifications.models import Notification
from apps.notifications.services import send_due

pytestmark = pytest.mark.django_db


def announce(student, count, day="2026-11-21"):
    with transaction.atomic():
        bus.publish(CardsDue(student_id=student.pk, count=count, day=day))


def test_a_student_is_told_once_for_a_day(student, deliver_all):
    for day in ("2026-11-21", "2026-11-21", "2026-11-22"):
        announce(student, 3, day)
    deliver_all()
    first, _second = Notification.objects.filter(kind="cards_due").order_by("pk")
    assert (first.user, first.url, first.params) == (student, "/review/", {"count": 3})
    assert first.title == "3 cards are waiting"
    assert first.body == "A few minutes now keep them in memory."


def test_the_reminder_is_mailed_in_the_readers_language(student, deliver_all):
    student.email_verified = True
    student.locale = "ru"
    student.save(update_fields=["email_verified", "locale"])
    announce(student, 21)
    deliver_all()
    send_due(at=(datetime.now(UTC) + timedelta(days=1)).replace(hour=12))
    [letter] = mail.outbox
    assert letter.subject == "21 карточка ждёт"
    assert "останется в памяти" in " ".join(letter.body.split())
    assert "/review/" in letter.body
