"""Getting in through the site: the pages, the session as a device, mails."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.accounts import keys, services
from apps.accounts.models import Device, TeacherApplication, User
from apps.accounts.tests.factories import PASSWORD, UserFactory
from apps.core import jobs
from apps.core.models import Job

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
SIGN_UP = "/accounts/signup/"
NEW = {
    "role": "student",
    "name": "Dana Kim",
    "email": "dana@example.org",
    "password": "a-long-enough-phrase",
}


def log_in(client, user, password=PASSWORD, **data):
    return client.post(LOGIN, {"email": user.email, "password": password, **data})


def send_mails():
    for job in Job.objects.filter(kind="accounts.mail", status="queued"):
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.status == "done", job.error


# ── Signing in ────────────────────────────────────────────────────────────────────────────────
def test_signing_in_goes_where_one_wanted_to(client, student):
    assert client.get("/settings/").headers["Location"] == "/accounts/login/?next=/settings/"
    answer = log_in(client, student, next="/settings/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/settings/")
    assert client.get("/settings/").status_code == 200


@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(client, student, wanted):
    assert log_in(client, student, next=wanted).headers["Location"] == "/"


def test_signing_in_makes_the_session_a_device(client, student):
    log_in(client, student)
    device = Device.objects.get()

    assert device.user == student
    assert device.session_key == client.session.session_key


def test_a_wrong_password_keeps_what_was_typed(client, student):
    answer = log_in(client, student, "wrong-password")

    assert answer.status_code == 422
    assert student.email in answer.content.decode()
    assert "wrong-password" not in answer.content.decode()
    unknown = client.post(LOGIN, {"email": "nobody@school.test", "password": "wrong-password"})
    assert unknown.status_code == 422
    assert unknown.context["form"].non_field_errors() == answer.context["form"].non_field_errors()


def test_site_and_api_count_the_same_guesses(client, api, student):
    for n in range(3):
        log_in(client, student, f"guess-{n}")
    for n in range(2):
        api().post("/api/auth/login", {"email": student.email, "password": f"guess-{n}"})

    assert log_in(client, student).status_code == 429
    assert (
        api().post("/api/auth/login", {"email": student.email, "password": PASSWORD}).status_code
        == 429
    )


def test_a_known_browser_is_not_locked_out(client, student, api):
    log_in(client, student)
    client.post("/accounts/logout/")
    for n in range(6):
        api().post(
            "/api/auth/login",
            {"email": student.email, "password": f"guess-{n}"},
            REMOTE_ADDR="198.51.100.1",
        )

    assert log_in(client, student).status_code == 302
    client.cookies.pop("known_device")
    Device.objects.update(address_hash="")
    client.post("/accounts/logout/")
    assert log_in(client, student).status_code == 429


def test_a_forged_device_cookie_makes_nobody_known(client, student):
    log_in(client, student)
    client.post("/accounts/logout/")
    client.cookies["known_device"] = str(Device.objects.get().pk)

    answers = [log_in(client, student, f"guess-{n}").status_code for n in range(6)]
    assert answers[-1] == 429


@pytest.mark.parametrize("field", ["email", "password"])
@pytest.mark.parametrize("value", ["", "\x00", "x" * 10_000, "' OR 1=1"])
def test_bad_sign_ins_are_told(client, student, field, value):
    answer = client.post(LOGIN, {"email": student.email, "password": PASSWORD, field: value})

    assert answer.status_code == 422


def test_staying_signed_in_is_a_choice(client, student):
    log_in(client, student, remember="on")
    assert not client.session.get_expire_at_browser_close()
    client.post("/accounts/logout/")
    log_in(client, student)
    assert client.session.get_expire_at_browser_close()


def test_logging_out_ends_the_device(client, student):
    log_in(client, student)
    assert client.get("/accounts/logout/").status_code == 405
    client.post("/accounts/logout/")

    assert Device.objects.get().revoked_at
    assert client.get("/settings/").status_code == 302


def test_the_session_s_device_is_noted_as_seen_now_and_then(site, student):
    client = site(student)
    session = client.session
    session["seen"] = 0
    session.save()
    long_ago = timezone.now() - timedelta(hours=1)
    Device.objects.update(seen_at=long_ago)
    client.get("/settings/")

    assert Device.objects.get().seen_at > long_ago


# ── Registering ───────────────────────────────────────────────────────────────────────────────
def test_registering_signs_in_and_asks_to_confirm_the_address(client):
    answer = client.post(f"{SIGN_UP}?ref=FRIEND", NEW)

    assert answer.status_code == 302
    user = User.objects.get()
    assert (user.name, user.role, user.email_verified) == ("Dana Kim", "student", False)
    assert "dana@example.org" in client.get("/settings/").content.decode()
    send_mails()
    assert mail.outbox[0].to == ["dana@example.org"]


def test_a_teacher_goes_on_to_the_application(client):
    answer = client.post(SIGN_UP, {**NEW, "role": "teacher"})

    assert answer.headers["Location"] == "/teach/apply/"
    assert TeacherApplication.objects.get().status == "pending"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "student@school.test"),
        ("password", "short"),
        ("password", "dana@example.org"),
        ("name", ""),
        ("name", "x" * 121),
        ("name", "\x00"),
        ("role", "admin"),
    ],
)
def test_bad_registrations_name_their_field_and_keep_the_rest(client, student, field, value):
    answer = client.post(SIGN_UP, {**NEW, field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    if field != "name":
        assert "Dana Kim" in answer.content.decode()
    assert User.objects.count() == 1


# ── Mails ─────────────────────────────────────────────────────────────────────────────────────
def test_the_mail_s_link_confirms_the_address(client, settings):
    client.post(SIGN_UP, NEW)
    send_mails()
    message = mail.outbox[0]
    url = next(word for word in message.body.split() if word.startswith(settings.SITE_URL))
    path = url.removeprefix(settings.SITE_URL)

    assert "Dana" not in message.body, "nobody writes to strangers through our mails"
    assert url in message.alternatives[0][0]
    assert client.get(path).status_code == 200
    assert not User.objects.get().email_verified, "looking isn't confirming"
    assert client.post(path).status_code == 302
    assert User.objects.get().email_verified
    assert client.get(path).status_code == 410


def test_mails_are_written_in_the_reader_s_language(db):
    user = UserFactory(email_verified=False, locale="ru")
    services.ask_for_verification(user=user, at=timezone.now())
    send_mails()

    assert mail.outbox[0].subject == "Подтвердите адрес почты"
    assert 'lang="ru"' in mail.outbox[0].alternatives[0][0]


@pytest.mark.parametrize("path", ["/accounts/verify/nonsense/", "/accounts/password/1-nonsense/"])
def test_dead_links_say_so(client, db, path):
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410


def test_a_forgotten_password_is_chosen_anew(client, student, settings, deliver_all):
    assert client.post("/accounts/password/", {"email": "nobody@school.test"}).status_code == 200
    assert client.post("/accounts/password/", {"email": student.email}).status_code == 200
    deliver_all()
    send_mails()
    assert len(mail.outbox) == 1
    url = next(word for word in mail.outbox[0].body.split() if word.startswith(settings.SITE_URL))
    path = url.removeprefix(settings.SITE_URL)

    assert client.get(path).status_code == 200
    assert client.post(path, {"password": "short"}).status_code == 422
    assert client.post(path, {"password": "another-long-phrase"}).status_code == 302
    assert client.get("/settings/").status_code == 200, "the owner is in"
    assert client.get(path).status_code == 410
    student.refresh_from_db()
    assert student.check_password("another-long-phrase")


def test_a_mail_server_that_fails_loses_no_registration(client, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
    client.post(SIGN_UP, NEW)
    job = Job.objects.get(kind="accounts.mail")
    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.status == "queued", "the mail is sent again later"
    assert User.objects.count() == 1


# ── Language ──────────────────────────────────────────────────────────────────────────────────
def test_a_visitor_chooses_a_language(client, db):
    answer = client.post("/language/", {"language": "ru", "next": LOGIN})

    assert answer.headers["Location"] == LOGIN
    assert "С возвращением" in client.get(LOGIN).content.decode()


def test_the_language_is_kept_with_the_account(site, student):
    client = site(student)
    client.post("/language/", {"language": "ru", "next": "https://evil.test/"})

    student.refresh_from_db()
    assert student.locale == "ru"
    client.post("/language/", {"language": "xx"})
    student.refresh_from_db()
    assert student.locale == "ru"


@pytest.mark.parametrize("name", ["login", "sign_up", "forgot_password"])
def test_pages_for_visitors_open_without_an_account_and_forbid_inline_code(client, db, name):
    answer = client.get(reverse(f"accounts:{name}"))

    assert answer.status_code == 200
    assert " style=" not in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_reset_keys_of_closed_accounts_are_dead(client, student):
    key = keys.reset_key(student)
    User.objects.update(is_active=False)

    assert client.get(f"/accounts/password/{key}/").status_code == 410


def test_signing_in_once_more_in_the_same_browser_replaces_the_device(client, student):
    client.force_login(student)
    client.force_login(student)

    assert client.get("/settings/").status_code == 200
    assert student.devices.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize("path", ["/", "/api/courses"])
def test_a_session_cookie_of_nonsense_is_nobody_s(client, db, path):
    answer = client.get(path, headers={"Cookie": 'sessionid="\\000\\000\\000\\000abcdef"'})

    assert answer.status_code == 200


@pytest.mark.parametrize("wanted", ["nowhere", '"><img src=x>', "accounts:settings", "?x", "#x"])
def test_what_is_no_address_leads_home(client, student, wanted):
    """Django would look for a view of that name."""
    assert client.post("/language/", {"language": "ru", "next": wanted}).headers["Location"] == "/"
    assert log_in(client, student, next=wanted).headers["Location"] == "/"
    assert client.get(LOGIN, {"next": wanted}).headers["Location"] == "/"
