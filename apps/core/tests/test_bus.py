"""The outbox: stored with the change, delivered once, tried again, given up, retried by hand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from django.utils import timezone

from apps.core import bus
from apps.core.models import AuditEntry, Delivery

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class Happened(bus.Event):
    name: ClassVar[str] = "test.happened"
    number: int


calls: list[object] = []
fail_on: set[int] = set()


@bus.subscribe(Happened)
def note_single(event: Happened) -> None:
    AuditEntry.objects.create(action="single", target=str(event.number), at=timezone.now())
    if event.number in fail_on:
        raise RuntimeError("boom")


@bus.subscribe(Happened, batch=10)
def note_batch(events: list[Happened]) -> None:
    calls.append([event.number for event in events])
    if fail_on & {event.number for event in events}:
        raise RuntimeError("bad batch")


@pytest.fixture(autouse=True)
def forget():
    calls.clear()
    fail_on.clear()


def publish(*numbers: int) -> None:
    with transaction.atomic():
        for number in numbers:
            bus.publish(Happened(number=number))


def test_one_delivery_per_subscriber_in_the_same_transaction():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        bus.publish(Happened(number=1))
        _ = 1 / 0
    assert Delivery.objects.count() == 0
    publish(1)
    assert set(Delivery.objects.values_list("subscriber", flat=True)) == {
        f"{__name__.removeprefix('apps.').split('.')[0]}.note_single",
        f"{__name__.removeprefix('apps.').split('.')[0]}.note_batch",
    }


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_a_mistake():
    with pytest.raises(RuntimeError):
        bus.publish(Happened(number=1))


def test_delivery_and_effect_go_together(deliver_all):
    publish(7)
    deliver_all()
    assert AuditEntry.objects.get().target == "7"
    assert Delivery.objects.count() == 0


def test_failure_undoes_the_effect_counts_and_puts_off():
    fail_on.add(3)
    publish(3)
    delivery = Delivery.objects.get(subscriber__endswith="note_single")
    bus.deliver_one(delivery.pk)
    delivery.refresh_from_db()
    assert AuditEntry.objects.count() == 0
    assert delivery.attempts == 1 and "boom" in delivery.last_error and not delivery.dead
    assert delivery.due_at > timezone.now()


def test_given_up_after_ten_tries_and_revived_by_hand():
    fail_on.add(3)
    publish(3)
    delivery = Delivery.objects.get(subscriber__endswith="note_single")
    for _ in range(bus.MAX_ATTEMPTS):
        bus.deliver_one(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.dead and delivery.attempts == bus.MAX_ATTEMPTS
    bus.deliver_one(delivery.pk)
    assert Delivery.objects.get(pk=delivery.pk).attempts == bus.MAX_ATTEMPTS
    fail_on.clear()
    assert bus.retry(Delivery.objects.all(), at=timezone.now()) == 1
    bus.deliver_one(delivery.pk)
    assert not Delivery.objects.filter(pk=delivery.pk).exists()


def test_batches_are_handed_over_in_lists():
    publish(*range(25))
    bus.deliver_waiting("core.note_batch")
    assert [len(call) for call in calls] == [10, 10, 5]
    assert not Delivery.objects.filter(subscriber="core.note_batch").exists()


def test_single_events_are_delivered_a_portion_at_a_time(monkeypatch):
    woken = []
    monkeypatch.setattr(bus, "_wake", lambda _ids, names: woken.extend(names))
    monkeypatch.setattr(bus, "PORTION", 2)
    fail_on.add(2)
    publish(*range(1, 6))
    for turn, expected in enumerate((["1"], ["1", "3", "4"], ["1", "3", "4", "5"]), start=1):
        bus.deliver_waiting("core.note_single")
        noted = AuditEntry.objects.order_by("pk").values_list("target", flat=True)
        assert list(noted) == expected
        # the others have their turn, then it has its next; nothing is left after the third
        assert woken == ["core.note_single"] * min(turn, 2)
    assert Delivery.objects.get(subscriber="core.note_single").attempts == 1


def test_who_was_rung_for_meanwhile_isnt_woken_twice(monkeypatch):
    woken = []
    monkeypatch.setattr(bus, "_wake", lambda _ids, names: woken.extend(names))
    monkeypatch.setattr(bus, "PORTION", 1)
    monkeypatch.setattr(bus, "deliver_one", lambda _pk: bus._ring(["core.note_single"], ()))
    publish(1)
    bus.deliver_waiting("core.note_single")
    assert woken == ["core.note_single"]


def test_a_worker_that_was_told_is_told_again_only_when_it_has_looked():
    names = ["core.note_single", "core.note_batch"]
    for name in names:
        bus.deliver_waiting(name)
    assert bus._to_ring_for(names[:1]) == names[:1]
    assert bus._to_ring_for(names) == names[1:]
    assert bus._to_ring_for(names) == []
    bus.deliver_waiting(names[0])
    assert bus._to_ring_for(names) == names[:1]


def test_without_redis_every_commit_tells(settings):
    names = ["core.note_single", "core.note_batch"]
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert bus._to_ring_for(names) == bus._to_ring_for(names) == names
    publish(1)
    bus.deliver_waiting(names[0])
    assert AuditEntry.objects.get().target == "1"


def test_a_bad_event_holds_up_no_other_of_its_batch():
    fail_on.add(2)
    publish(1, 2, 3)
    bus.deliver_waiting("core.note_batch")
    left = Delivery.objects.filter(subscriber="core.note_batch")
    assert [row.payload["number"] for row in left] == [2]
    assert left[0].attempts == 1


def test_old_payloads_lose_unknown_fields():
    event = Happened(**Happened.upgrade({"number": 1, "gone": 2}, version=0))
    assert event.payload() == {"number": 1}


def test_the_sweeper_wakes_what_is_due_only():
    publish(1)
    assert bus.wake_due(at=timezone.now()) == 0
    assert bus.wake_due(at=timezone.now() + timedelta(minutes=1)) == 2


@pytest.mark.parametrize(("broker_is_there", "told_again"), [(True, 0), (False, 2)])
def test_what_the_workers_were_told_is_not_told_again_at_once(
    monkeypatch, broker_is_there, told_again
):
    """However long the queue is; but what the broker didn't take is told at the next sweep."""
    monkeypatch.setattr(bus, "_wake", lambda ids, batches: broker_is_there)
    publish(1)
    soon = timezone.now() + timedelta(minutes=1)
    assert bus.wake_due(at=soon) == 2
    assert bus.wake_due(at=soon + timedelta(seconds=10)) == told_again
    assert bus.wake_due(at=soon + timedelta(minutes=1)) == 2


def test_a_subscriber_gone_from_the_code_holds_up_nobody():
    """After a release its deliveries wait for a person, and all others go on."""
    publish(1)
    Delivery.objects.filter(subscriber__endswith="note_single").update(subscriber="core.gone")
    assert bus.wake_due(at=timezone.now() + timedelta(minutes=1)) == 2
    bus.deliver_everything()
    left = Delivery.objects.get()
    assert left.subscriber == "core.gone" and left.attempts == 1 and "core.gone" in left.last_error


def test_the_unheard_wake_nobody_and_lose_nothing(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as heard:
        publish(1)
    with django_capture_on_commit_callbacks() as unheard, bus.unheard():
        publish(2)
    assert (len(heard), len(unheard)) == (1, 0)
    assert bus.deliver_everything() == 4
    assert AuditEntry.objects.count() == 2


def test_the_spared_are_told_nothing_until_it_is_over():
    publish(1)
    everybody = set(Delivery.objects.values_list("subscriber", flat=True))
    one = sorted(everybody)[0]
    Delivery.objects.all().delete()
    with bus.sparing(one):
        publish(2)
        assert set(Delivery.objects.values_list("subscriber", flat=True)) == everybody - {one}
        with bus.sparing("core"):
            publish(3)
    assert not Delivery.objects.filter(payload__number=3).exists()
    publish(4)
    told = Delivery.objects.filter(payload__number=4)
    assert set(told.values_list("subscriber", flat=True)) == everybody


def test_gathered_events_are_stored_by_one_insert_and_wake_once(
    django_assert_num_queries, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as heard, django_assert_num_queries(1):
        with bus.gathered():
            bus.publish(Happened(number=1))
            with bus.gathered():
                bus.publish(Happened(number=2))
    assert len(heard) == 1
    assert [row.payload["number"] for row in Delivery.objects.order_by("id")] == [1, 1, 2, 2]


def test_an_error_takes_gathered_events_with_it():
    with pytest.raises(ZeroDivisionError), transaction.atomic(), bus.gathered():
        bus.publish(Happened(number=1))
        raise ZeroDivisionError
    publish(2)
    assert {row.payload["number"] for row in Delivery.objects.all()} == {2}
