"""A real worker, a real broker: nothing is lost when a process is killed or the broker is away."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone
from kombu import pools

from apps.accounts.events import UserRegistered
from apps.analytics.models import TrackedEvent
from apps.core import bus
from apps.core.models import Delivery
from apps.notifications.models import Notification

# how many subscribers the event has
HEARD_BY = len(bus._by_event[UserRegistered.name])

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture
def worker(settings):
    """Start Celery workers on the test's database; `worker()` gives the process."""
    started = []
    address = urlsplit(os.environ["DATABASE_URL"])
    address = address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    env = {key: value for key, value in os.environ.items() if key != "PYTEST_VERSION"}
    env |= {"DATABASE_URL": address, "DEBUG": "1"}

    def start():
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "celery",
                "-A",
                "eduplatform",
                "worker",
                "-P",
                "solo",
                "-l",
                "ERROR",
                "-Q",
                "events",
            ],
            env=env,
            cwd=settings.BASE_DIR,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def until(condition, seconds=100):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail("it didn't come to that in time")
        time.sleep(0.1)


def register(user, times=1):
    for _ in range(times):
        with transaction.atomic():
            bus.publish(UserRegistered(user_id=user.pk, role="student"))


def tracked(user):
    """What the append-only table has of the user's registration, and not of what it brought."""
    return TrackedEvent.objects.filter(user_id=user.pk, name=UserRegistered.name)


def welcomed():
    return Notification.objects.filter(kind="welcome")


def sweep():
    bus.wake_due(at=timezone.now() + timedelta(minutes=1))


def all_delivered():
    """Whoever was told while nobody listened, or the store was slow, is told again."""
    sweep()
    return not Delivery.objects.exists()


def test_killed_between_commit_and_delivery_the_event_arrives_once(student, worker, monkeypatch):
    # the process dies after the commit: nobody is woken
    monkeypatch.setattr(bus, "_wake", lambda *ids: None)
    register(student)
    monkeypatch.undo()
    assert Delivery.objects.count() == HEARD_BY and Notification.objects.count() == 0
    worker()
    until(all_delivered)
    assert welcomed().count() == tracked(student).count() == 1


def test_a_worker_killed_at_work_leaves_each_effect_once(student, worker):
    first = worker()
    register(student, times=150)
    until(lambda: tracked(student).exists() or Delivery.objects.count() < 145 * HEARD_BY)
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    worker()
    until(all_delivered)
    assert tracked(student).count() == 150
    assert welcomed().count() == 1


@pytest.fixture
def broker_away(monkeypatch):
    """Nobody listens where Celery's broker should be."""
    celery = current_app._get_current_object()

    def forget_connections():
        pools.reset()
        celery._pool = None
        celery.amqp._producer_pool = None

    monkeypatch.setattr(bus, "_broker_away_until", 0.0)
    monkeypatch.setattr(celery.conf, "broker_write_url", "redis://127.0.0.1:9/0")
    forget_connections()
    yield
    forget_connections()


def test_a_broker_that_is_away_costs_little_and_loses_nothing(student, broker_away):
    started = time.monotonic()
    register(student, times=10)
    spent = time.monotonic() - started
    assert Delivery.objects.count() == 10 * HEARD_BY
    assert spent < 2, f"ten requests waited {spent:.1f} s for a broker that is away"
