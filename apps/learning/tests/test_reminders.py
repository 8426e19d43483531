"""The reminder: once a study day, while the student is awake and not at it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.core.models import Delivery
from apps.core.tests.threads import together
from apps.learning.models import Card, MemorySettings
from apps.learning.services import notes, reminders, reviews

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_card(student, at=NOON - DAY) -> Card:
    note, _made = notes.add_note(student=student, kind="basic", front="a", back="b", at=at)
    return note.cards.get()


def announced() -> list[dict]:
    rows = Delivery.objects.filter(subscriber="analytics.keep_in_event_table", event="cards.due")
    return list(rows.order_by("pk").values_list("payload", flat=True))


@pytest.mark.django_db
def test_a_student_is_reminded_once_a_study_day(student, stranger):
    for _ in range(3):
        a_card(student)
    assert reminders.remind(at=NOON) == 1
    assert reminders.remind(at=NOON + HOUR) == 0
    assert announced() == [{"student_id": student.pk, "count": 3, "day": "2026-11-21"}]
    assert reminders.remind(at=NOON + DAY) == 1
    assert len(announced()) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "hour", "told"),
    [
        ("UTC", 8, 0),
        ("UTC", 9, 1),
        ("UTC", 20, 1),
        ("UTC", 21, 0),
        ("Asia/Vladivostok", 12, 0),  # 22:00 there
        ("Asia/Vladivostok", 23, 1),  # 09:00 there
    ],
)
def test_nobody_is_woken(student, zone, hour, told):
    student.timezone = zone
    student.save(update_fields=["timezone"])
    a_card(student)
    assert reminders.remind(at=NOON.replace(hour=hour, minute=30 if hour != 8 else 59)) == told


@pytest.mark.django_db
def test_who_is_at_it_needs_no_reminder(student):
    a_card(student)
    card = a_card(student)
    reviews.review_card(card=card, rating=3, at=NOON - HOUR / 2)
    assert reminders.remind(at=NOON) == 0
    assert reminders.remind(at=NOON + HOUR) == 1


@pytest.mark.django_db
def test_nothing_due_and_nobody_there(student, stranger):
    reviews.review_card(card=a_card(student), rating=4, at=NOON - 3 * HOUR)
    a_card(stranger)
    stranger.is_active = False
    stranger.save(update_fields=["is_active"])
    assert reminders.remind(at=NOON) == 0
    assert not MemorySettings.objects.exists()


@pytest.mark.django_db
def test_a_card_due_later_today_counts(student):
    card = a_card(student)
    reviews.review_card(card=card, rating=4, at=NOON - 8 * DAY + 10 * HOUR)  # due at 22:00
    assert reminders.remind(at=NOON) == 1


@pytest.mark.django_db
def test_all_students_are_reached_in_batches(student, stranger, teacher, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 2)
    for person in (student, stranger, teacher):
        a_card(person)
    assert reminders.remind(at=NOON) == 3
    assert set(MemorySettings.objects.values_list("reminded_on", flat=True)) == {date(2026, 11, 21)}


@pytest.mark.django_db(transaction=True)
def test_sweepers_at_once_send_one(student):
    a_card(student)
    for day in range(5):
        found = together(6, lambda _number: reminders.remind(at=NOON + day * DAY))
        assert sum(found) == 1
    assert len(announced()) == 5
