"""Two workers that look at once tell once."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection

from apps.accounts.tests.factories import UserFactory
from apps.core.models import Delivery
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts, reminders

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
EVENING = datetime(2026, 3, 3, 19, tzinfo=UTC)


def test_two_workers_tell_once(monkeypatch):
    for _ in range(20):
        acts.record(user_id=UserFactory().pk, deeds=[Deed("lesson", "1", MONDAY)])
    together, told = Barrier(2), []
    remind = reminders._remind

    def at_once(user_ids, at):
        together.wait(10)
        return remind(user_ids, at)

    monkeypatch.setattr(reminders, "_remind", at_once)

    def work():
        told.append(reminders.remind(at=EVENING))
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sum(told) == 20
    rows = Delivery.objects.filter(event="streak.at_risk", subscriber__startswith="notifications")
    assert rows.count() == 20
