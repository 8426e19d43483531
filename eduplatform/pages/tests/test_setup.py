"""The operator's first-run page: states in words, tests by button, for administrators alone."""

import smtplib
import socket
import socketserver
import threading
from decimal import Decimal

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone, translation

from apps.ai.models import CreditDay, ModelCall
from apps.ai.tests.model_server import model_server
from apps.core import health, jobs
from apps.core.models import AuditEntry, Job
from apps.courses.tests.factories import CourseFactory
from apps.payments.models import Payment
from eduplatform.pages.setup import history, overview, work
from eduplatform.pages.setup.parts import State
from eduplatform.pages.setup.words import without_secrets

PAGE = "/admin/setup/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def production(settings):
    """Everything that the environment says, said well."""
    settings.DEBUG = False
    settings.DEMO_MODE = False
    settings.TEST_PAYMENTS = False
    settings.SECRET_KEY = "s" * 50
    settings.ACCESS_TOKEN_KEY = "a" * 50
    settings.SITE_URL = "https://school.test"
    settings.ALLOWED_HOSTS = ["school.test", "testserver"]
    settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = True
    settings.DEFAULT_FROM_EMAIL = "School <hello@school.test>"
    settings.EMAIL_HOST = "mail.school.test"
    settings.EMAIL_HOST_PASSWORD = "mail-password-nobody-may-see"
    cache.set(health.CANARY_KEY, timezone.now().isoformat())
    return settings


def part(key):
    return next(each for found in overview.sections() for each in found.parts if each.key == key)


def attempt(browser, key):
    answer = browser.post(reverse("admin:setup_try", args=[key]))
    assert answer.status_code == 302 and answer["Location"] == f"{PAGE}#{key}"
    return browser.session["setup-found"][key]


# ── Who ───────────────────────────────────────────────────────────────────────────────────────
def test_it_is_for_administrators_alone(site, moderator, admin, client):
    addresses = [
        ("get", PAGE),
        ("post", reverse("admin:setup_try", args=["mail"])),
        ("post", reverse("admin:setup_dismiss")),
    ]
    for method, address in addresses:
        assert getattr(client, method)(address).status_code == 302
        assert getattr(site(moderator), method)(address).status_code == 403
        client.logout()
    assert not AuditEntry.objects.exists() and mail.outbox == []
    assert site(admin).get(reverse("admin:setup_try", args=["mail"])).status_code == 405
    assert site(admin).post(reverse("admin:setup_try", args=["no-such"])).status_code == 404
    assert site(admin).post(reverse("admin:setup_try", args=["ai-gemini"])).status_code == 404
    assert PAGE in site(admin).get("/admin/").content.decode()
    assert PAGE not in site(moderator).get("/admin/").content.decode()


# ── States ────────────────────────────────────────────────────────────────────────────────────
def test_what_is_missing_is_named_with_its_variable(site, admin, settings):
    settings.DEBUG = settings.DEMO_MODE = True
    settings.SITE_URL = "http://localhost:8000"
    settings.EMAIL_BACKEND = "apps.core.mail.DevelopmentMailBackend"
    page = site(admin).get(PAGE).content.decode()
    for word in ("DEBUG", "SECRET_KEY", "EMAIL_URL", "SITE_URL", "GEMINI_API_KEY", "not set"):
        assert word in page
    states = {each.key: each.state for found in overview.sections() for each in found.parts}
    assert states["keys"] == states["mail"] == states["ai-gemini"] == State.NOT_SET
    assert states["mode"] == states["demo"] == states["addresses"] == states["https"]
    assert states["mode"] == State.UNSAFE and states["database"] == State.WORKS
    assert states["workers"] == State.BROKEN and states["offline"] == State.WORKS
    assert part("ai-anthropic").variables == (
        "ANTHROPIC_API_KEY",
        "AI_MID_MODELS",
        "AI_EXPENSIVE_MODELS",
    )


def test_with_all_in_place_only_the_mail_wants_a_test(site, admin, production):
    assert [each.key for each in overview.open_parts()] == ["mail"]
    browser = site(admin)
    assert "1 thing is left" in browser.get("/admin/", secure=True).content.decode()
    browser.post(reverse("admin:setup_try", args=["mail"]), secure=True)
    assert overview.open_parts() == []
    assert "Everything needed is in place" in browser.get(PAGE, secure=True).content.decode()
    assert "setup-notice" not in browser.get("/admin/", secure=True).content.decode()


def test_faults_of_settings(production):
    production.ACCESS_TOKEN_KEY = production.SECRET_KEY
    assert part("keys").state == State.BROKEN
    production.ACCESS_TOKEN_KEY = "short"
    assert "ACCESS_TOKEN_KEY" in part("keys").text
    production.ALLOWED_HOSTS = ["other.test"]
    assert part("addresses").state == State.BROKEN
    production.ALLOWED_HOSTS = [".school.test"]
    assert part("addresses").state == State.WORKS
    production.ALLOWED_HOSTS = ["*"]
    assert part("addresses").state == State.UNSAFE
    production.SECURE_SSL_REDIRECT = False
    assert part("https").state == State.UNSAFE
    production.TEST_PAYMENTS = True
    assert part("payment-test").is_open


def test_data_that_is_not_there(production, tmp_path):
    production.REDIS_URL = "redis://127.0.0.1:9/0"
    CourseFactory(status="published", published_at=timezone.now())
    assert part("search").state == State.BROKEN
    tmp_path.chmod(0o500)
    production.MEDIA_ROOT = tmp_path / "media"
    assert part("files").text
    production.CACHES = {
        "default": {**production.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}
    }
    assert part("cache").state == State.BROKEN


def test_secrets_are_never_shown(site, admin, production):
    production.AI_KEYS = {"gemini": "gemini-key-nobody-may-see"}
    page = site(admin).get(PAGE, secure=True).content.decode()
    assert "nobody-may-see" not in page and "s" * 50 not in page and "a" * 50 not in page
    said = without_secrets("535 mail-password-nobody-may-see\nis wrong.")
    assert said == "535 ••• is wrong"


# ── The notice ────────────────────────────────────────────────────────────────────────────────
def test_a_dismissed_notice_comes_back_with_something_new(site, admin, production):
    browser = site(admin)
    browser.post(reverse("admin:setup_dismiss"), secure=True)
    assert "setup-notice" not in browser.get("/admin/", secure=True).content.decode()
    assert "Remind me again" in browser.get(PAGE, secure=True).content.decode()
    production.ALLOWED_HOSTS = ["*"]
    assert "2 things are left" in browser.get("/admin/", secure=True).content.decode()
    browser.post(reverse("admin:setup_dismiss"), secure=True)
    browser.post(reverse("admin:setup_dismiss"), {"show": "1"}, secure=True)
    assert "setup-notice" in browser.get("/admin/", secure=True).content.decode()
    assert [each.action for each in AuditEntry.objects.order_by("id")] == [
        "setup.dismissed",
        "setup.dismissed",
        "setup.shown",
    ]


# ── Mail ──────────────────────────────────────────────────────────────────────────────────────
def test_a_test_mail_goes_to_oneself_and_is_noted(site, admin, settings):
    browser = site(admin)
    found = attempt(browser, "mail")
    assert found["is_ok"] and admin.email in found["text"]
    assert mail.outbox[0].to == [admin.email]
    assert admin.email in browser.get(PAGE).content.decode()
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.action) == (admin.pk, "setup.tried")
    assert entry.details.keys() == {"key", "code", "of", "ms"} and entry.details["code"] == "ok"
    assert part("mail").state == State.WORKS
    settings.EMAIL_HOST_PASSWORD = "another"
    assert part("mail").state == State.UNTRIED


class RefusingMail(socketserver.StreamRequestHandler):
    said = b"550 go away, secret-of-mail"

    def handle(self):
        self.wfile.write(b"220 mail\r\n")
        for line in self.rfile:
            refused = line.upper().startswith(b"MAIL")
            self.wfile.write(self.said + b"\r\n" if refused else b"250 ok\r\n")


@pytest.fixture
def mail_server(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), RefusingMail) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_HOST_PASSWORD = "secret-of-mail"
        yield server
        server.shutdown()


def test_what_the_mail_server_refuses_is_told_without_secrets(site, admin, mail_server):
    found = attempt(site(admin), "mail")
    assert not found["is_ok"] and "550 go away, •••" in found["text"]
    assert part("mail").state == State.BROKEN
    with translation.override("ru"):
        assert part("mail").word == "не работает"


def test_a_mail_server_that_is_away(site, admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    assert "couldn’t be reached" in attempt(site(admin), "mail")["text"]


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (smtplib.SMTPAuthenticationError(535, b"bad"), "user name or password: 535 bad"),
        (smtplib.SMTPRecipientsRefused({}), "takes no mail for"),
        (TimeoutError(), "didn’t answer within"),
    ],
)
def test_other_faults_of_mail(site, admin, error, word, monkeypatch):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    assert word in attempt(site(admin), "mail")["text"]


# ── Data and work ─────────────────────────────────────────────────────────────────────────────
def test_a_value_and_a_file_come_back(site, admin, settings):
    browser = site(admin)
    assert attempt(browser, "cache")["is_ok"] and attempt(browser, "files")["is_ok"]
    assert not list(settings.MEDIA_ROOT.rglob("*.txt"))


def test_a_folder_that_takes_no_files(site, admin, settings, tmp_path):
    (tmp_path / "taken").write_text("a file where a folder should be")
    settings.MEDIA_ROOT = tmp_path / "taken" / "media"
    found = attempt(site(admin), "files")
    assert not found["is_ok"] and "MEDIA_ROOT" in found["text"]


def test_a_value_that_is_lost(site, admin, monkeypatch):
    monkeypatch.setattr(cache, "get", lambda *args: None)
    from eduplatform.pages.setup import stores

    assert stores.write_value(admin).code == "lost"


@pytest.mark.django_db(transaction=True)
def test_a_job_done_by_a_worker(site, admin, monkeypatch):
    monkeypatch.setattr(jobs, "_send", jobs.run)
    found = attempt(site(admin), "workers")
    assert found["is_ok"] and Job.objects.get().status == "done"


def test_a_job_that_nobody_takes(site, admin, monkeypatch):
    monkeypatch.setattr(work, "JOB_SECONDS", 0.0)
    found = attempt(site(admin), "workers")
    assert not found["is_ok"] and "No worker took the job" in found["text"]


def test_a_message_comes_back_through_the_layer(site, admin, monkeypatch):
    browser = site(admin)
    assert attempt(browser, "sockets")["is_ok"] and part("sockets").state == State.WORKS
    monkeypatch.setattr(health, "channels_echo", lambda: False)
    assert not attempt(browser, "sockets")["is_ok"] and part("sockets").state == State.BROKEN


# ── Money ─────────────────────────────────────────────────────────────────────────────────────
def test_a_test_charge_stores_nothing(site, admin, settings):
    settings.TEST_PAYMENTS = True
    found = attempt(site(admin), "payment-test")
    assert found["is_ok"] and not Payment.objects.exists()
    settings.TEST_PAYMENTS = False
    assert part("payments").state == State.NOT_SET
    assert site(admin).post(reverse("admin:setup_try", args=["payment-test"])).status_code == 404


# ── AI ────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def server(settings):
    with model_server() as running:
        settings.AI_BASE_URL = running.address
        settings.AI_API_KEY = "key-that-nobody-may-see"
        settings.AI_MODELS = {"cheap": ["small"], "mid": ["big"], "expensive": []}
        settings.AI_PRICES = {"small": (Decimal(2), Decimal(10))}
        running.answer = '{"ok": true}'
        yield running


def test_one_small_question_stands_in_the_ledger(site, admin, server):
    browser = site(admin)
    page = browser.get(PAGE).content.decode()
    assert "Ask small" in page and "at most about $0.00" in page and "nobody-may-see" not in page
    found = attempt(browser, "ai-own")
    assert found["is_ok"] and "$0.004" in found["text"]
    call = ModelCall.objects.get()
    assert (call.task, call.model, call.user_id, call.result) == ("trial", "small", None, "ok")
    assert len(server.requests) == 1 and not CreditDay.objects.exists()
    assert part("ai-own").state == State.WORKS


@pytest.mark.parametrize(
    ("mode", "word"),
    [("locked", "AI_API_KEY"), ("limited", "quota"), ("failing", "trouble of its own")],
)
def test_a_refusal_is_told_in_words(site, admin, server, mode, word):
    server.script = [mode]
    found = attempt(site(admin), "ai-own")
    assert not found["is_ok"] and word in found["text"]
    assert part("ai-own").state == State.BROKEN and len(server.requests) == 1


def test_a_spent_day_asks_nobody(site, admin, server, settings):
    settings.AI_SITE_MICRO_PER_DAY = 0
    found = attempt(site(admin), "ai-own")
    assert "AI_SITE_DOLLARS_PER_DAY" in found["text"] and server.requests == []


# ── Limits ────────────────────────────────────────────────────────────────────────────────────
def test_tests_are_limited(site, admin, monkeypatch):
    monkeypatch.setattr("eduplatform.pages.setup.views.TRIALS", 1)
    browser = site(admin)
    attempt(browser, "mail")
    answer = browser.post(reverse("admin:setup_try", args=["mail"]), follow=True)
    assert "Too many tests in a row" in answer.content.decode() and len(mail.outbox) == 1


def test_nothing_is_tried_within_a_transaction(site, admin, monkeypatch, django_db_blocker):
    from django.db import connection

    depth = len(connection.savepoint_ids)
    seen = []

    def look(user):
        seen.append(len(connection.savepoint_ids))
        from eduplatform.pages.setup.parts import Found

        return Found(True, "ok")

    monkeypatch.setattr("eduplatform.pages.setup.mail.send", look)
    attempt(site(admin), "mail")
    assert seen == [depth]
    assert history.last_trial("mail", "of others") is None


def test_in_russian(site, admin):
    admin.locale = "ru"
    admin.save(update_fields=["locale"])
    page = site(admin).get(PAGE).content.decode()
    assert "Настройка" in page and "не задано" in page
