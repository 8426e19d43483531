"""The account in the API: profile, address, password."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from apps.accounts import keys, services
from apps.accounts.models import User
from apps.accounts.tests.factories import PASSWORD, UserFactory
from apps.core.models import Job
from apps.media.models import Purpose, Upload

pytestmark = pytest.mark.django_db


def upload_of(user, purpose, **fields):
    return Upload.objects.create(
        owner=user,
        purpose=purpose,
        kind="image/webp",
        name="picture.webp",
        size=10,
        path="a/b.webp",
        created_at=timezone.now(),
        **fields,
    )


# ── Profile ───────────────────────────────────────────────────────────────────────────────────
def test_the_profile_is_changed_field_by_field(api, student):
    answer = api(student).patch(
        "/api/auth/me",
        {"name": "Dana K.", "bio": "Hello", "timezone": "Asia/Almaty", "locale": "ru"},
    )

    assert answer.status_code == 200
    assert answer.json()["name"] == "Dana K."
    student.refresh_from_db()
    assert (student.bio, student.timezone, student.locale) == ("Hello", "Asia/Almaty", "ru")
    assert student.username == "student"


def test_what_the_server_sets_stays(api, student):
    api(student).patch(
        "/api/auth/me",
        {
            "role": "admin",
            "is_verified": True,
            "email_verified": False,
            "email": "x@y.test",
            "id": 1,
        },
    )

    fresh = User.objects.get(pk=student.pk)
    assert (fresh.role, fresh.is_verified, fresh.email) == ("student", False, student.email)


def test_a_taken_username_is_told(api, student, stranger):
    answer = api(student).patch("/api/auth/me", {"username": stranger.username})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["username"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("username", "Имя"),
        ("username", "UPPER"),
        ("username", "../admin"),
        ("username", ""),
        ("bio", "x" * 2001),
        ("bio", ["x"]),
        ("locale", "de"),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../etc/passwd"),
        ("avatar", 10**30),
        ("avatar", "1"),
        ("avatar", True),
    ],
)
def test_bad_profiles_name_their_field(api, student, field, value):
    answer = api(student).patch("/api/auth/me", {field: value})

    assert answer.status_code == 400
    assert list(answer.json().get("errors", {field: 0})) == [field]


def test_an_avatar_is_an_upload_of_ones_own(api, student, stranger):
    variants = {"96": "/media/a-96.webp", "320": "/media/a-320.webp", "640": "/media/a-640.webp"}
    own = upload_of(student, Purpose.AVATAR, variants=variants)
    foreign = upload_of(stranger, Purpose.AVATAR, variants=variants)
    document = upload_of(student, Purpose.DOCUMENT)
    client = api(student)

    assert client.patch("/api/auth/me", {"avatar": own.pk}).json()["avatar"] == "/media/a-320.webp"
    for other in (foreign.pk, document.pk, 999_999):
        answer = client.patch("/api/auth/me", {"avatar": other})
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["avatar"]
    assert client.patch("/api/auth/me", {"avatar": None}).json()["avatar"] is None


# ── Address ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def newcomer(db):
    user = UserFactory(email_verified=False)
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return user


def key_of(user):
    return keys.verification_key(EmailAddress.objects.get(user=user))


def test_the_key_from_the_mail_verifies_the_address_once(api, newcomer):
    key = key_of(newcomer)

    assert api(newcomer).post("/api/auth/verify-email", {"key": key}).json()["email_verified"]
    assert api(newcomer).post("/api/auth/verify-email", {"key": key}).status_code == 400


def test_keys_of_others_and_nonsense_verify_nothing(api, newcomer, stranger):
    for user, key in [(stranger, key_of(newcomer)), (newcomer, "nonsense"), (newcomer, "x" * 400)]:
        answer = api(user).post("/api/auth/verify-email", {"key": key})
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["key"]
    newcomer.refresh_from_db()
    assert not newcomer.email_verified


def test_the_mail_is_sent_again_a_few_times(api, newcomer):
    client = api(newcomer)
    answers = [client.post("/api/auth/resend-verification").status_code for _ in range(6)]

    assert answers == [204] * 5 + [429]
    assert Job.objects.filter(kind="accounts.mail").count() == 5


def test_a_verified_address_needs_no_mail(api, student):
    assert api(student).post("/api/auth/resend-verification").status_code == 409


def test_a_new_address_takes_over_when_its_key_comes_back(student):
    now = timezone.now()
    services.change_email(
        user=student, email="New@school.test", password=PASSWORD, client=services.Client(), at=now
    )
    student.refresh_from_db()
    assert student.email == "student@school.test"

    services.verify_email(
        key=keys.verification_key(EmailAddress.objects.get(email="new@school.test")), at=now
    )

    student.refresh_from_db()
    assert (student.email, student.email_verified) == ("new@school.test", True)
    assert [row.email for row in EmailAddress.objects.filter(user=student)] == ["new@school.test"]


@pytest.mark.parametrize("change", ["reset", "change"])
def test_a_new_password_ends_what_the_old_one_asked_for(student, change):
    """Whoever knew the old password can't move the account to an address of theirs any more."""
    now = timezone.now()
    services.change_email(
        user=student,
        email="burglar@example.net",
        password=PASSWORD,
        client=services.Client(),
        at=now,
    )
    key = keys.verification_key(EmailAddress.objects.get(email="burglar@example.net"))
    if change == "reset":
        services.reset_password(key=keys.reset_key(student), password="a new good one", at=now)
    else:
        services.change_password(
            user=student, old=PASSWORD, new="a new good one", client=services.Client(), at=now
        )

    with pytest.raises(services.InvalidKey):
        services.verify_email(key=key, at=now)


def test_a_new_address_that_somebody_takes_meanwhile_is_refused(student, stranger):
    now = timezone.now()
    services.change_email(
        user=student, email="new@school.test", password=PASSWORD, client=services.Client(), at=now
    )
    User.objects.filter(pk=stranger.pk).update(email="new@school.test")

    with pytest.raises(services.AddressTaken):
        services.verify_email(
            key=keys.verification_key(EmailAddress.objects.get(email="new@school.test")), at=now
        )


# ── Password ──────────────────────────────────────────────────────────────────────────────────
def test_forgetting_the_password_tells_nobody_who_has_an_account(api, student, deliver_all):
    known = api().post("/api/auth/forgot-password", {"email": student.email.upper()})
    unknown = api().post("/api/auth/forgot-password", {"email": "nobody@school.test"})

    assert known.status_code == unknown.status_code == 204
    assert not Job.objects.exists(), "what differs happens out of the request"
    deliver_all()
    assert Job.objects.get().owner == student


def test_reset_asks_for_both_run_the_same_queries(api, student, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for email in (student.email, "nobody@school.test"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            api().post("/api/auth/forgot-password", {"email": email})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_reset_mails_for_one_account_are_limited(student):
    for _ in range(8):
        services.prepare_reset_mail(email=student.email, at=timezone.now())

    assert Job.objects.count() == 5


def test_the_key_from_the_mail_sets_a_password_once_and_signs_out_everywhere(api, student):
    tokens = api().post("/api/auth/login", {"email": student.email, "password": PASSWORD}).json()
    student.refresh_from_db()
    body = {"key": keys.reset_key(student), "password": "another-long-phrase"}

    assert api().post("/api/auth/reset-password", body).status_code == 204
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    assert client.get("/api/auth/me").status_code == 401
    assert api().post("/api/auth/reset-password", body).status_code == 400
    login = {"email": student.email, "password": "another-long-phrase"}
    assert api().post("/api/auth/login", login).status_code == 200


def test_a_reset_lets_the_owner_in_past_a_strangers_guesses(api, student):
    for n in range(6):
        api().post("/api/auth/login", {"email": student.email, "password": f"guess-{n}"})
    body = {"key": keys.reset_key(student), "password": "another-long-phrase"}
    api().post("/api/auth/reset-password", body)

    login = {"email": student.email, "password": "another-long-phrase"}
    assert api().post("/api/auth/login", login).status_code == 200


@pytest.mark.parametrize("key", ["nonsense", "1-", "-", "zzzzzzzzzzzzzzzzz-a", "1-x-y", "я-я"])
def test_nonsense_resets_nothing(api, student, key):
    answer = api().post("/api/auth/reset-password", {"key": key, "password": "another-long-phrase"})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["key"]


def test_a_weak_new_password_is_told_and_the_key_still_works(api, student):
    key = keys.reset_key(student)
    weak = api().post("/api/auth/reset-password", {"key": key, "password": "student"})

    assert list(weak.json()["errors"]) == ["password"]
    good = api().post("/api/auth/reset-password", {"key": key, "password": "another-long-phrase"})
    assert good.status_code == 204


def test_a_key_from_a_mail_grows_old(api, student, settings):
    key = keys.reset_key(student)
    settings.PASSWORD_RESET_TIMEOUT = -1

    assert keys.user_of_reset_key(key) is None


# ── Personal data ─────────────────────────────────────────────────────────────────────────────
def test_export_and_erasure(api, student):
    api().post("/api/auth/login", {"email": student.email, "password": PASSWORD})
    from apps.accounts.selectors import personal_data

    assert personal_data(student)["email"] == "student@school.test"
    services.erase_person(student, timezone.now())

    student.refresh_from_db()
    assert "student" not in f"{student.email}{student.username}{student.name}"
    assert not student.is_active
    assert not student.devices.filter(revoked_at=None).exists()
    assert not student.devices.exclude(user_agent="").exists()


def test_sweeping_forgets_what_expired(api, student):
    api().post("/api/auth/login", {"email": student.email, "password": PASSWORD})
    later = timezone.now() + timedelta(days=61)
    services.forget_old_devices(at=later)
    device = student.devices.get()
    assert device.revoked_at == later
    assert not device.refresh_tokens.exists()

    services.forget_old_devices(at=later + timedelta(days=91))
    assert not student.devices.exists()
