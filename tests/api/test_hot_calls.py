"""Calls with a token take a short way; every answer is the one of the long way."""

import time

import pytest

from apps.accounts.models import Device
from apps.core import limits
from apps.core.models import IdempotencyClaim
from apps.courses.tests.factories import CourseFactory, DraftFactory
from apps.enrollment.models import Enrollment
from apps.payments.tests.factories import PaidCourseFactory

from .caller import Caller, signed_in

pytestmark = pytest.mark.django_db
# what no view offers alone, so that REST framework is asked
LONG = {"Accept": "application/*"}


@pytest.fixture
def caller(student):
    return signed_in(student.email)


def told(answer) -> tuple:
    kept = ("Content-Type", "WWW-Authenticate", "Retry-After", "Cache-Control", "Vary")
    body = answer.json() if answer.content else None
    return answer.status_code, body, [answer.headers.get(name) for name in kept]


BODIES = [
    b"", b"{", b"[]", b"null", b"7", b'"x"', b'{"course": NaN}', b'{"course": 1e400}', b"\xff",
    b'{"course": "a\\u0000b"}', b'{"course": "\\ud800"}', b"[" * 100_000, b"{}",
    b'{"course": null}', b'{"course": true}', b'{"course": 0}', b'{"course": -1}',
    b'{"course": 99999999999999999999999}', b'{"course": 999999999}', b'{"course": []}',
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body[:24]))
def test_a_bad_body_is_told_as_ever(caller, body):
    short = caller.client.generic(
        "POST", "/api/enrollments", body, content_type="application/json", headers=caller.headers()
    )
    long = caller.client.generic(
        "POST",
        "/api/enrollments",
        body,
        content_type="application/json",
        headers={**caller.headers(), **LONG},
    )
    assert told(short) == told(long)
    assert short.status_code == 400


@pytest.mark.parametrize("way", [{}, LONG], ids=["short", "long"])
def test_a_body_too_large_is_refused(caller, way, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = {"course": CourseFactory().pk, "more": "x" * 100}
    assert caller.post("/api/enrollments", body, **way).status_code == 413
    assert not Enrollment.objects.exists()


def test_refusals_are_told_as_ever(caller):
    for course in (PaidCourseFactory(), DraftFactory(), CourseFactory(owner__email="a@b.example")):
        body = {"course": course.pk}
        answers = [caller.post("/api/enrollments", body, **way) for way in ({}, LONG)]
        if answers[0].status_code == 201:
            assert answers[1].status_code == 200
            assert answers[1].json() == answers[0].json()
        else:
            assert told(answers[0]) == told(answers[1])


def test_ones_own_course_and_a_course_that_is_paid(teacher):
    caller = signed_in(teacher.email)
    own = {"course": CourseFactory(owner=teacher).pk}
    paid = {"course": PaidCourseFactory().pk}
    assert caller.post("/api/enrollments", own).status_code == 409
    assert caller.post("/api/enrollments", paid).status_code == 402


def test_a_seat_looks_the_same_both_ways(caller):
    courses = CourseFactory.create_batch(2)
    bodies = [{"course": course.pk} for course in courses]
    short, long = (
        caller.post("/api/enrollments", body, **way) for body, way in zip(bodies, ({}, LONG))
    )
    assert short.status_code == long.status_code == 201
    assert list(short.json()) == list(long.json())
    listed = caller.get("/api/enrollments/me").json()["results"]
    assert listed == [long.json(), short.json()]
    again = caller.post("/api/enrollments", bodies[0])
    assert (again.status_code, again.json()) == (200, short.json())


@pytest.mark.parametrize("token", ["nonsense", "", "a.b.c"])
def test_a_token_of_nobody_is_told_as_ever(token):
    caller = Caller(token)
    caller.access = token
    headers = {"Authorization": f"Bearer {token}"}
    short = caller.post("/api/enrollments", {"course": 1}, **headers)
    long = caller.post("/api/enrollments", {"course": 1}, **headers, **LONG)
    assert told(short) == told(long)
    assert short.status_code == 401


def test_who_was_signed_out_or_banned_is_out_at_once(caller, student):
    course = {"course": CourseFactory().pk}
    Device.objects.update(revoked_at="2026-01-01T00:00Z")
    assert caller.post("/api/enrollments", course).status_code == 401
    Device.objects.update(revoked_at=None)
    type(student).objects.filter(pk=student.pk).update(is_active=False)
    assert caller.post("/api/enrollments", course).status_code == 401
    assert not Enrollment.objects.exists()


def test_the_limit_holds_and_each_call_counts_once(caller, student, settings, monkeypatch):
    counted = []

    class Counted(limits.Counting):
        def __init__(self, **asked):
            counted.append(asked)
            super().__init__(**asked)

    monkeypatch.setattr(limits, "Counting", Counted)
    caller.post("/api/enrollments", {"course": CourseFactory().pk})
    caller.post("/api/enrollments", {"course": DraftFactory().pk})
    caller.post("/api/enrollments", b"{")
    assert counted == [{"user_id": student.pk, "writes": True}] * 3
    monkeypatch.undo()
    settings.ACCOUNT_WRITES_PER_MINUTE = 0
    answer = caller.post("/api/enrollments", {"course": CourseFactory().pk})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert Enrollment.objects.count() == 1


def test_a_key_replays_and_conflicts_both_ways(caller):
    first, second = ({"course": course.pk} for course in CourseFactory.create_batch(2))
    made = caller.post("/api/enrollments", first, Idempotency_Key="k")
    again = [
        caller.post("/api/enrollments", first, Idempotency_Key="k", **way) for way in ({}, LONG)
    ]
    assert [(answer.status_code, answer.json()) for answer in again] == [(201, made.json())] * 2
    assert {answer["Idempotency-Replayed"] for answer in again} == {"true"}
    assert caller.post("/api/enrollments", second, Idempotency_Key="k").status_code == 409
    assert Enrollment.objects.count() == IdempotencyClaim.objects.count() == 1


def test_other_methods_are_refused_as_ever(caller):
    assert told(caller.get("/api/enrollments")) == told(caller.get("/api/enrollments", **LONG))
    refused = caller.get("/api/enrollments")
    assert (refused.status_code, refused["Allow"]) == (405, "POST, OPTIONS")


def test_without_redis_nobody_is_limited(caller, settings):
    settings.ACCOUNT_WRITES_PER_MINUTE = 0
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert caller.post("/api/enrollments", {"course": CourseFactory().pk}).status_code == 201


def test_a_token_that_is_out_counts_for_nobody(caller, student, monkeypatch):
    """Whoever took it can't use up the account's minute; no connection is left unread by it."""
    now = time.time()
    monkeypatch.setattr(limits.time, "time", lambda: now)  # within one minute
    Device.objects.update(revoked_at="2026-01-01T00:00Z")
    for _ in range(3):
        assert caller.post("/api/enrollments", {"course": 1}).status_code == 401
    counting = limits.Counting(user_id=student.pk, writes=True)
    counting.read()
    assert counting._counts == [1, 1]
