"""Registering, signing in, refreshing and signing out through the API."""

import time
from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from django.utils import timezone

from apps.accounts import tokens
from apps.accounts.models import Device, RefreshToken, User
from apps.accounts.tests.factories import PASSWORD, UserFactory
from apps.core.models import Job

pytestmark = pytest.mark.django_db
NEW = {
    "email": "Dana@Example.org",
    "password": "a-long-enough-phrase",
    "name": "Дана Ким",
    "role": "student",
}


def register(api, **changes):
    return api().post("/api/auth/register", {**NEW, **changes})


def login(api, user, password=PASSWORD, **kwargs):
    return api().post("/api/auth/login", {"email": user.email, "password": password}, **kwargs)


def bearer(api, answer):
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer['access']}")
    return client


def test_a_token_that_was_good_ends_with_its_time(api, student, monkeypatch):
    client = bearer(api, login(api, student).json())
    assert client.get("/api/auth/me").status_code == 200
    later = time.time() + settings.ACCESS_TOKEN_LIFETIME.total_seconds() + 1
    monkeypatch.setattr(tokens.time, "time", lambda: later)
    assert client.get("/api/auth/me").status_code == 401


def test_a_token_of_another_key_is_refused(api, student, settings):
    client = bearer(api, login(api, student).json())
    assert client.get("/api/auth/me").status_code == 200
    settings.ACCESS_TOKEN_KEY = "another key that is long enough for its algorithm"
    assert client.get("/api/auth/me").status_code == 401


# ── Registering ───────────────────────────────────────────────────────────────────────────────
def test_registering_answers_with_the_account_and_tokens_that_work(api):
    answer = register(api)

    assert answer.status_code == 201
    assert set(answer.json()) == {"user", "access", "refresh"}
    user = answer.json()["user"]
    assert user["email"] == "dana@example.org"
    assert user["username"] == "dana-kim"
    assert (user["role"], user["is_verified"], user["email_verified"]) == ("student", False, False)
    assert bearer(api, answer.json()).get("/api/auth/me").json() == user


def test_registering_announces_the_account_and_has_a_verification_mail_sent(api):
    register(api)

    job = Job.objects.get(kind="accounts.mail")
    assert job.owner.email == "dana@example.org"
    assert job.args["mail"] == "verify_email"


def test_the_account_speaks_the_language_it_was_opened_in(api):
    api().post("/api/auth/register", NEW, headers={"Accept-Language": "ru-RU,ru;q=0.9"})

    assert User.objects.get().locale == "ru"


def test_registering_as_a_teacher_opens_an_application(api):
    answer = register(api, role="teacher")

    client = bearer(api, answer.json())
    assert client.get("/api/teachers/application").json() == {"status": "pending"}


def test_an_unknown_referral_code_only_warns(api):
    answer = api().post("/api/auth/register?ref=NOPE", NEW)

    assert answer.status_code == 201
    assert len(answer.json()["warnings"]) == 1


def test_a_taken_address_is_told_under_its_field(api, student):
    answer = register(api, email=student.email.upper())

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["email"]
    assert User.objects.count() == 1


def test_two_of_one_name_get_two_usernames(api):
    register(api)
    other = register(api, email="other@example.org").json()["user"]["username"]

    assert other.startswith("dana-kim-")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "a" * 300 + "@example.org"),
        ("email", None),
        ("email", ["a@example.org"]),
        ("password", "short"),
        ("password", "1234567890123"),
        ("password", "password123"),
        ("password", "x" * 200),
        ("name", ""),
        ("name", "x" * 5000),
        ("name", {"a": 1}),
        ("role", "admin"),
        ("role", "moderator"),
        ("role", 7),
    ],
)
def test_bad_registrations_name_their_field(api, field, value):
    answer = register(api, **{field: value})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "path", ["register", "login", "refresh", "forgot-password", "reset-password"]
)
@pytest.mark.parametrize("body", ['{"email": "a\\u0000b"}', "[]", "{", '"text"', "null", "[1]"])
def test_no_body_is_more_than_bad_input(api, path, body):
    answer = api().post(f"/api/auth/{path}", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_registrations_from_one_address_are_limited(api, settings):
    settings.ADDRESS_LIMIT_FACTOR = 1
    answers = [register(api, email="bad").status_code for _ in range(21)]

    assert answers == [400] * 20 + [429]


# ── Signing in ────────────────────────────────────────────────────────────────────────────────
def test_signing_in_opens_a_device(api, student):
    answer = login(api, student, headers={"User-Agent": "Phone/1"})

    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == student.pk
    assert Device.objects.get().user_agent == "Phone/1"


def test_the_access_token_says_who_for_five_minutes(api, student):
    claims = jwt.decode(login(api, student).json()["access"], options={"verify_signature": False})

    assert (claims["user_id"], claims["role"], claims["is_verified"]) == (
        student.pk,
        "student",
        False,
    )
    assert claims["exp"] - claims["iat"] == 300
    assert claims["jti"]


def test_a_wrong_password_and_an_unknown_address_look_the_same(api, student):
    wrong = login(api, student, "wrong-password")
    unknown = api().post(
        "/api/auth/login", {"email": "nobody@school.test", "password": "wrong-password"}
    )

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


def test_guesses_are_counted_alike_for_unknown_addresses(api):
    body = {"email": "nobody@school.test", "password": "wrong-password"}
    answers = [api().post("/api/auth/login", body).status_code for _ in range(6)]

    assert answers == [401] * 5 + [429]


def test_an_unknown_address_costs_one_hash_too(api, student, monkeypatch):
    hashes = []
    from apps.accounts.services import passwords

    monkeypatch.setattr(passwords, "make_password", hashes.append)
    api().post("/api/auth/login", {"email": "nobody@school.test", "password": "guess"})

    assert hashes == ["guess"]


def test_five_wrong_passwords_lock_the_account_for_strangers_whatever_address_they_forge(
    api, student
):
    answers = [
        login(api, student, f"guess-{n}", headers={"X-Forwarded-For": f"10.0.0.{n}"})
        for n in range(30)
    ]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 25
    assert int(answers[-1]["Retry-After"]) > 0
    right = login(api, student)
    assert right.status_code == 429


def test_a_success_counts_nothing(api, student):
    assert [login(api, student).status_code for _ in range(8)] == [200] * 8


def test_the_owner_gets_in_from_a_known_address(api, student):
    login(api, student, REMOTE_ADDR="192.0.2.7")
    for n in range(10):
        login(api, student, f"guess-{n}", REMOTE_ADDR="198.51.100.1")

    assert login(api, student, REMOTE_ADDR="198.51.100.1").status_code == 429
    assert login(api, student, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_the_lock_opens_after_a_quarter_of_an_hour(student):
    from apps.accounts import services

    start = timezone.now()

    def guess(password, at):
        services.check_credentials(
            email=student.email, password=password, client=services.Client(), at=at
        )

    for _ in range(5):
        with pytest.raises(services.WrongCredentials):
            guess("wrong", start)
    with pytest.raises(services.TooManyGuesses):
        guess(PASSWORD, start + timedelta(minutes=14))
    guess(PASSWORD, start + timedelta(minutes=16))


def test_a_closed_account_looks_like_a_wrong_password(api):
    assert login(api, UserFactory(is_active=False)).status_code == 401


def test_an_old_token_in_the_header_does_not_hinder_signing_in(api, student):
    answer = login(api, student, headers={"Authorization": "Bearer stale"})

    assert answer.status_code == 200


# ── Refreshing ────────────────────────────────────────────────────────────────────────────────
def refresh(api, token):
    return api().post("/api/auth/refresh", {"refresh": token})


def test_a_refresh_token_is_exchanged_for_a_new_pair(api, student):
    first = login(api, student).json()
    second = refresh(api, first["refresh"])

    assert second.status_code == 200
    assert set(second.json()) == {"access", "refresh"}
    assert second.json()["refresh"] != first["refresh"]
    assert bearer(api, second.json()).get("/api/auth/me").status_code == 200


def test_a_refresh_token_used_again_ends_the_whole_family(api, student):
    first = login(api, student).json()
    second = refresh(api, first["refresh"]).json()

    assert refresh(api, first["refresh"]).status_code == 401
    assert refresh(api, second["refresh"]).status_code == 401
    assert bearer(api, second).get("/api/auth/me").status_code == 401
    assert login(api, student).status_code == 200


def test_another_device_outlives_the_reuse(api, student):
    other = login(api, student).json()
    first = login(api, student).json()
    refresh(api, first["refresh"])
    refresh(api, first["refresh"])

    assert bearer(api, other).get("/api/auth/me").status_code == 200


def test_an_expired_refresh_token_is_refused(api, student):
    token = login(api, student).json()["refresh"]
    RefreshToken.objects.update(expires_at=timezone.now())

    assert refresh(api, token).status_code == 401


def test_no_refresh_token_is_kept_in_the_clear(api, student):
    token = login(api, student).json()["refresh"]

    assert RefreshToken.objects.get().token_hash != token


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 500, 5, None, {}])
def test_other_things_are_no_refresh_tokens(api, db, token):
    assert refresh(api, token).status_code in (400, 401)


# ── Signing out ───────────────────────────────────────────────────────────────────────────────
def test_logging_out_ends_the_device(api, student):
    tokens = login(api, student).json()
    answer = bearer(api, tokens).post("/api/auth/logout", {"refresh": tokens["refresh"]})

    assert answer.status_code == 204
    assert bearer(api, tokens).get("/api/auth/me").status_code == 401
    assert refresh(api, tokens["refresh"]).status_code == 401


def test_nobody_logs_out_another(api, student, stranger):
    tokens = login(api, student).json()
    answer = api(stranger).post("/api/auth/logout", {"refresh": tokens["refresh"]})

    assert answer.status_code == 400
    assert bearer(api, tokens).get("/api/auth/me").status_code == 200


def test_forged_access_tokens_are_refused(api, student):
    forged = jwt.encode(
        {"user_id": student.pk, "device": 1}, "another-key-of-32-bytes-at-least!", "HS256"
    )
    unsigned = jwt.encode({"user_id": student.pk, "device": 1}, None, "none")

    for token in (forged, unsigned, "nonsense", ""):
        assert bearer(api, {"access": token}).get("/api/auth/me").status_code == 401


# ── Devices ───────────────────────────────────────────────────────────────────────────────────
def test_the_devices_signed_in_and_which_one_asks(api, student):
    login(api, student)
    tokens = login(api, student).json()

    devices = bearer(api, tokens).get("/api/auth/sessions").json()["results"]

    assert [device["current"] for device in devices] == [True, False]


def test_one_device_is_signed_out_by_its_owner_alone(api, student, stranger):
    tokens = login(api, student).json()
    device = Device.objects.get()

    assert api(stranger).delete(f"/api/auth/sessions/{device.pk}").status_code == 404
    assert bearer(api, tokens).get("/api/auth/me").status_code == 200
    assert bearer(api, tokens).delete(f"/api/auth/sessions/{device.pk}").status_code == 204
    assert bearer(api, tokens).get("/api/auth/me").status_code == 401
    assert api(student).delete(f"/api/auth/sessions/{device.pk}").status_code == 404
    assert api(student).delete("/api/auth/sessions/999999999999999999999").status_code == 404


def test_signing_out_everywhere(api, student, stranger):
    mine = [login(api, student).json() for _ in range(2)]
    other = login(api, stranger).json()

    assert bearer(api, mine[0]).delete("/api/auth/sessions").status_code == 204
    assert {bearer(api, tokens).get("/api/auth/me").status_code for tokens in mine} == {401}
    assert bearer(api, other).get("/api/auth/me").status_code == 200


def test_a_device_in_use_is_noted_now_and_then(api, student):
    tokens = login(api, student).json()
    long_ago = timezone.now() - timedelta(hours=1)
    Device.objects.update(seen_at=long_ago)
    bearer(api, tokens).get("/api/auth/me")

    assert Device.objects.get().seen_at > long_ago


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "auth/me"),
        ("patch", "auth/me"),
        ("post", "auth/logout"),
        ("get", "auth/sessions"),
        ("delete", "auth/sessions"),
        ("delete", "auth/sessions/1"),
        ("post", "auth/verify-email"),
        ("post", "auth/resend-verification"),
        ("get", "teachers/application"),
        ("post", "teachers/application"),
        ("get", "admin/teachers/pending"),
        ("post", "admin/teachers/1/verify"),
        ("post", "admin/teachers/1/refuse"),
    ],
)
def test_without_credentials_the_door_is_shut(api, db, method, path):
    answer = getattr(api(), method)(f"/api/{path}")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
