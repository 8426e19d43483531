"""Letters wait for the end of quiet hours, by the reader's own clock; what can't wait goes at once."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from apps.accounts.models import QuietHours
from apps.accounts.services import choose_quiet_hours, erase_person
from apps.core import personal_data
from apps.notifications import services
from apps.notifications.models import Dispatch, Notification

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NIGHT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def reachable(student):
    student.email_verified = True
    student.save(update_fields=["email_verified"])


def tell(user, at, kind="enrolled", key="k", **params):
    params = params or {"course": "SQL", "amount": "5", "currency": "USD"}
    return services.notify(user_id=user.pk, kind=kind, params=params, at=at, key=key)


def test_a_letter_of_the_night_goes_in_the_morning_the_site_tells_at_once(student):
    tell(student, NIGHT)
    assert services.send_due(at=NIGHT) == 0
    assert Dispatch.objects.get().due_at == MORNING
    assert Dispatch.objects.get().attempts == 0
    assert Notification.objects.of(student).count() == 1
    assert services.send_due(at=MORNING - timedelta(minutes=1)) == 0
    assert services.send_due(at=MORNING) == 1
    assert len(mail.outbox) == 1


def test_receipts_do_not_wait(student):
    tell(student, NIGHT, kind="payment_received")
    assert services.send_due(at=NIGHT) == 1


def test_it_is_the_readers_clock_that_counts(student):
    student.timezone = "Asia/Almaty"  # 23:30 in London is half past four there
    student.save(update_fields=["timezone"])
    tell(student, NIGHT)
    assert services.send_due(at=NIGHT + 3 * HOUR) == 0
    assert Dispatch.objects.get().due_at == datetime(2026, 3, 3, 3, tzinfo=UTC)


def test_who_switched_them_off_gets_letters_at_night(student):
    choose_quiet_hours(user=student, is_on=False, begins=time(22), ends=time(8))
    tell(student, NIGHT)
    assert services.send_due(at=NIGHT) == 1


def test_a_reminder_of_tonight_is_not_sent_tomorrow(student):
    tell(student, NIGHT - 2 * HOUR, kind="streak_at_risk", current=5, freezes=0)
    assert services.send_due(at=NIGHT) == 0
    assert services.send_due(at=MORNING) == 0
    assert Dispatch.objects.count() == 0 and mail.outbox == []


def test_a_reminder_goes_after_half_an_hour_and_not_when_its_time_is_over(student):
    evening = NIGHT - 4 * HOUR
    tell(student, evening, kind="streak_at_risk", current=5, freezes=0)
    assert services.send_due(at=evening) == 0
    assert services.send_due(at=evening + HOUR) == 1
    tell(student, evening, kind="streak_at_risk", key="late", current=5, freezes=0)
    assert services.send_due(at=MORNING + 4 * HOUR) == 0


@pytest.mark.parametrize(
    ("begins", "ends", "held"),
    [
        ("22:00", "08:00", {"22:00", "23:59", "00:00", "07:59"}),
        ("01:00", "02:00", {"01:00", "01:59"}),
        ("08:00", "22:00", {"08:00", "12:00", "21:59"}),
    ],
)
def test_from_the_beginning_until_just_before_the_end(begins, ends, held):
    hours = QuietHours(begins=time.fromisoformat(begins), ends=time.fromisoformat(ends))
    asked = {"00:00", "01:00", "01:59", "02:00", "07:59", "08:00", "12:00", "21:59", "22:00"}
    asked |= {"23:59"} | held
    assert {each for each in asked if hours.hold_at(time.fromisoformat(each))} >= held
    assert not hours.hold_at(time.fromisoformat(ends))


@pytest.mark.parametrize(
    ("at", "over"),
    [
        # the night in which the clock jumps from two to three: half past two is no time of it
        ("2026-03-29T00:30:00", "2026-03-29T01:30:00"),
        # the night in which the hour from two to three comes twice: 2:15 of either
        ("2026-10-25T00:15:00", "2026-10-25T00:30:00"),
        ("2026-10-25T01:15:00", "2026-10-25T01:30:00"),
    ],
)
def test_their_end_in_the_nights_of_a_change_of_clocks(at, over):
    hours = QuietHours(begins=time(22), ends=time(2, 30))
    at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    found = hours.over_at(at, ZoneInfo("Europe/Berlin"))
    assert found == datetime.fromisoformat(over).replace(tzinfo=UTC)


def test_hours_without_end_are_refused_by_the_table_too(student):
    with pytest.raises(IntegrityError), transaction.atomic():
        QuietHours.objects.create(user=student, begins=time(9), ends=time(9))


def test_they_are_exported_and_erased(student):
    choose_quiet_hours(user=student, is_on=True, begins=time(21), ends=time(6))
    exported = personal_data.export_all(student)
    assert exported["accounts"]["quiet_hours"] == {
        "is_on": True,
        "begins": "21:00",
        "ends": "06:00",
    }
    erase_person(student, NIGHT)
    assert QuietHours.objects.count() == 0
