"""The event table: fed by the outbox in batches, partitioned by month, only growing."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from apps.accounts.events import PasswordResetAsked, TeacherRefused, UserRegistered
from apps.analytics import services
from apps.analytics.handlers import fact_of
from apps.analytics.models import TrackedEvent
from apps.core import bus
from apps.core.models import Delivery
from apps.enrollment.events import LessonCompleted

pytestmark = pytest.mark.django_db
NAME = "analytics.keep_in_event_table"


def completed(lesson_id: int = 3) -> LessonCompleted:
    return LessonCompleted(enrollment_id=1, student_id=2, course_id=5, lesson_id=lesson_id)


def test_events_become_rows_with_their_own_time():
    with transaction.atomic():
        bus.publish(completed())
    published = Delivery.objects.filter(subscriber=NAME).get().created_at
    bus.deliver_waiting(NAME)
    row = TrackedEvent.objects.get()
    assert (row.name, row.user_id, row.course_id, row.lesson_id) == ("lesson.completed", 2, 5, 3)
    assert row.data == {"enrollment_id": 1}
    assert row.at == published


def test_words_and_addresses_of_people_are_left_out():
    fact = fact_of(TeacherRefused(user_id=1, reason="The diploma is someone else's."))
    assert fact.data == {} and fact.user_id == 1
    assert fact_of(PasswordResetAsked(email="dana@school.test")).data == {}


def test_where_somebody_came_from_is_left_out():
    event = UserRegistered(user_id=5, role="student", address_hash="a", browser_hash="b")
    assert fact_of(event).data == {"role": "student", "referral_code": ""}


def test_a_batch_is_written_once():
    with transaction.atomic():
        for lesson_id in range(30):
            bus.publish(completed(lesson_id))
    bus.deliver_waiting(NAME)
    bus.deliver_waiting(NAME)
    assert TrackedEvent.objects.count() == 30


def test_every_event_of_the_lower_apps_is_kept():
    from apps.core.bus import known_events, subscribers_of

    lower = {"accounts", "courses", "payments", "enrollment", "learning", "search"}
    work = {"search.documents_left"}  # what is left to do, nothing that happened
    missing = [
        name
        for name, event_type in known_events().items()
        if name not in work
        and event_type.__module__.split(".")[1] in lower
        and NAME not in subscribers_of(event_type)
    ]
    assert missing == []


def test_rows_are_neither_changed_nor_deleted():
    services.record([services.Fact(name="view", at=datetime(2026, 1, 5, tzinfo=UTC))])
    with pytest.raises(DatabaseError), transaction.atomic():
        TrackedEvent.objects.update(name="click")
    with pytest.raises(DatabaseError), transaction.atomic():
        TrackedEvent.objects.all().delete()
    assert TrackedEvent.objects.get().name == "view"


def test_erasing_a_person_keeps_the_fact(student):
    at = datetime(2026, 1, 5, tzinfo=UTC)
    services.record([services.Fact(name="view", at=at, user_id=student.pk, data={"q": "x"})])
    assert services.export(student)["events"][0]["name"] == "view"
    services.erase(student, at)
    row = TrackedEvent.objects.get()
    assert row.user_id is None and row.data == {}


def test_partitions_reach_ahead_and_over_the_year():
    made = services.make_partitions(day=date(2031, 11, 30))
    assert made == [f"analytics_event_{m}" for m in ("2031_11", "2031_12", "2032_01", "2032_02")]
    assert services.make_partitions(day=date(2031, 11, 1)) == []
    services.record([services.Fact(name="view", at=datetime(2032, 1, 1, tzinfo=UTC))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM analytics_event_2032_01")
        assert cursor.fetchone()[0] == 1


def test_a_row_of_an_unforeseen_month_is_not_lost():
    services.record([services.Fact(name="view", at=datetime(1999, 1, 1, tzinfo=UTC))])
    assert TrackedEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_test_with_transactions_of_its_own_leaves_nothing():
    """The tests handed over by another worker run after it; the flush passes by this table."""
    services.record([services.Fact(name="view", at=datetime(2026, 1, 5, tzinfo=UTC))])
    call_command("flush", interactive=False, verbosity=0)
    assert not TrackedEvent.objects.exists()
