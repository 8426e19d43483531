"""The cast and the helpers of every test."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.utils import timezone, translation
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.accounts.tests.factories import (
    AdminFactory,
    ModeratorFactory,
    TeacherFactory,
    UserFactory,
)
from apps.core import bus, catalogues, kept, moment, realtime
from apps.core.models import Delivery


def pytest_configure():
    """Compiled catalogues aren't committed; what the tests read in Russian has to be there."""
    catalogues.compile_all(settings.BASE_DIR, ["ru"])
    post_migrate.connect(empty_unmanaged_tables)


def empty_unmanaged_tables(sender, **kwargs):
    """What tests with transactions of their own leave in tables that Django's flush passes over.

    The flush after such a test sends the signal; the tests that another worker hands over run after.
    """
    for model in sender.get_models():
        if not model._meta.managed:
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {model._meta.db_table}")


@pytest.fixture(autouse=True)
def fresh_cache():
    """No test sees what another cached or counted."""
    cache.clear()


@pytest.fixture(autouse=True)
def kept_answers(monkeypatch):
    """A test's transaction is never committed: what it changes is forgotten at once."""

    def at_once(act):
        act()
        transaction.on_commit(act, robust=True)

    monkeypatch.setattr(kept, "after_commit", at_once)
    monkeypatch.setattr(kept, "_away_until", 0.0)
    # no moment ends while a test runs, and none goes on into the next one
    monkeypatch.setattr(moment, "clock", lambda: 0.0)
    moment.end()


@pytest.fixture(autouse=True)
def patient_sockets(monkeypatch):
    """A frame on its way to a page isn't given up because the machine is busy."""
    monkeypatch.setattr(realtime, "SEND_SECONDS", 30.0)


@pytest.fixture(autouse=True)
def nobodys_language():
    """No test speaks the language, or lives in the time zone, of another one's last request."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path_factory):
    """What tests upload lies apart from the development's files."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "media"


@pytest.fixture
def student(db) -> User:
    return UserFactory(email="student@school.test", username="student", name="Dana Kim")


@pytest.fixture
def stranger(db) -> User:
    """Somebody signed in who has nothing to do with what is tested."""
    return UserFactory(email="stranger@school.test", username="stranger", name="Sam Stone")


@pytest.fixture
def teacher(db) -> User:
    return TeacherFactory(email="teacher@school.test", username="teacher", name="Irina Sokolova")


@pytest.fixture
def moderator(db) -> User:
    return ModeratorFactory(email="moderator@school.test", username="moderator", name="Max Reed")


@pytest.fixture
def admin(db) -> User:
    return AdminFactory(email="admin@school.test", username="admin", name="Ada Lind")


@pytest.fixture
def api():
    """`api(user)` is an API client signed in as the user; `api()` is anonymous."""

    def client(user: User | None = None) -> APIClient:
        found = APIClient()
        if user is not None:
            found.force_authenticate(user)
            found.credentials(HTTP_AUTHORIZATION="of the test")
        return found

    return client


@pytest.fixture
def site(client):
    """`site(user)` is a browser-like client signed in as the user."""

    def sign_in(user: User):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def deliver_all(db):
    """Run what the outbox holds, and what that publishes in turn; a failing handler fails the test."""

    def run(rounds: int = 10) -> None:
        for _ in range(rounds):
            waiting = list(Delivery.objects.waiting().order_by("id").values_list("pk", flat=True))
            if not waiting:
                return
            for delivery_id in waiting:
                bus._run_one(delivery_id)
        raise AssertionError("events keep coming")

    return run
