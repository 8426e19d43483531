"""Idempotency-Key: one effect and the first answer, whatever is repeated."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.models import AuditEntry, IdempotencyClaim

from . import endpoints

pytestmark = [pytest.mark.django_db, pytest.mark.urls("apps.core.tests.endpoints")]


def post(client, text="once", key="k1"):
    return client.post("/api/write", {"text": text}, headers={"Idempotency-Key": key})


def test_the_first_answer_again(api, student):
    client = api(student)
    first, second = post(client), post(client)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert AuditEntry.objects.count() == 1


def test_another_body_conflicts(api, student):
    client = api(student)
    post(client)
    assert post(client, text="other").status_code == 409
    assert AuditEntry.objects.count() == 1


def test_keys_are_ones_own(api, student, stranger):
    assert post(api(student)).json() != post(api(stranger)).json()


def test_an_error_undoes_the_effect_and_frees_the_key(api, student):
    client = api(student)
    assert post(client, text="refuse").status_code == 409
    assert AuditEntry.objects.count() == IdempotencyClaim.objects.count() == 0
    assert post(client, text="once").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_keys_that_cannot_be_used(api, student, key):
    answer = post(api(student), key=key)
    assert answer.status_code == 400 and "Idempotency-Key" in answer.json()["errors"]


def test_an_abandoned_claim_is_taken_over_after_its_lease(api, student):
    client = api(student)
    post(client)
    long_ago = timezone.now() - timedelta(minutes=5)
    IdempotencyClaim.objects.update(status_code=None, answer="", leased_until=long_ago)
    assert post(client).status_code == 201
    assert AuditEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_that_is_still_running_conflicts_then_replays(api, student):
    endpoints.hold.clear()
    endpoints.entered.clear()
    answers = []

    def first():
        answers.append(post(api(student), text="wait"))
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert endpoints.entered.wait(10)
    during = post(api(student), text="wait")
    endpoints.hold.set()
    thread.join(10)
    assert during.status_code == 409 and during["Retry-After"] == "2"
    assert answers[0].status_code == 201
    assert post(api(student), text="wait").json() == answers[0].json()
    assert AuditEntry.objects.count() == 1
