"""The installed app's files, and what the worker may keep."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.core.caching import OFFLINE_COPY
from apps.courses.tests.factories import LessonFactory
from apps.enrollment.services import enroll
from apps.learning.models import NoteKind
from apps.learning.services.notes import add_note
from apps.learning.views import review
from apps.onboarding import services as onboarding
from eduplatform.pages import installed

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(settings, tmp_path):
    """`built(code)` is a front end whose worker is `code`."""
    settings.BASE_DIR = tmp_path
    settings.DEBUG = True

    def write(code: str) -> None:
        (tmp_path / "static" / "dist").mkdir(parents=True, exist_ok=True)
        (tmp_path / "static" / "dist" / "worker.js").write_text(code)

    write("one")
    return write


# ── The manifest ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("language", "today"), [("en", "Today"), ("ru", "Сегодня")])
def test_the_manifest_is_in_the_pages_language(client, language, today):
    answer = client.get(f"/manifest/{language}/")
    assert answer["Content-Type"] == "application/manifest+json"
    described = answer.json()
    assert (described["id"], described["start_url"], described["scope"]) == ("/", "/", "/")
    assert described["lang"] == language
    assert [each["url"] for each in described["shortcuts"]] == ["/review/", "/"]
    assert described["shortcuts"][1]["name"] == today
    shapes = {(each["sizes"], each["purpose"]) for each in described["icons"]}
    assert shapes >= {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    page = client.get("/", headers={"Accept-Language": language}).content.decode()
    assert f'<link rel="manifest" href="/manifest/{language}/">' in page


def test_other_languages_have_none(client):
    assert client.get("/manifest/de/").status_code == 404
    assert client.get("/offline/de/").status_code == 404


# ── The worker ────────────────────────────────────────────────────────────────────────────────
def test_the_worker_is_checked_at_each_visit_and_allowed(client, built):
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    again = client.get("/sw.js", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_a_deployment_that_changes_something_has_another_worker(client, built, monkeypatch):
    def served() -> bytes:
        return client.get("/sw.js").content

    first = served()
    assert served() == first
    built("two")
    second = served()
    assert second != first
    page = installed._offline_page
    monkeypatch.setattr(
        installed, "_offline_page", lambda language: page(language).replace("app.js", "app.2.js")
    )
    assert served() != second


def test_no_worker_without_a_front_end(client, built, tmp_path):
    (tmp_path / "static" / "dist" / "worker.js").unlink()
    assert client.get("/sw.js").status_code == 404


@pytest.mark.parametrize(("language", "title"), [("en", "No connection"), ("ru", "Нет сети")])
def test_the_offline_page_knows_nobody(site, student, language, title):
    page = site(student).get(f"/offline/{language}/")
    assert page["Content-Language"] == language
    text = page.content.decode()
    assert title in text and f'<html lang="{language}">' in text
    assert "data-signed-in" not in text and "data-visitor" not in text
    assert "csrfmiddlewaretoken" not in text


# ── What may be kept ──────────────────────────────────────────────────────────────────────────
def test_a_lesson_is_kept_for_whoever_reads_it(site, student, stranger):
    lesson = LessonFactory(is_preview=True)
    enroll(student=student, course=lesson.course, at=lesson.course.created_at)
    path = reverse("learning:lesson", args=[lesson.course.slug, lesson.pk])
    for reader in (student, stranger):
        answer = site(reader).get(path)
        assert answer[OFFLINE_COPY] == str(reader.pk)
        assert answer["Cache-Control"] == "private, no-store"
    assert OFFLINE_COPY not in site(student).get(path, headers={"HX-Request": "true"})
    assert OFFLINE_COPY not in Client().get(path)


def test_the_review_is_kept_with_more_cards_and_only_while_some_are_due(site, student, monkeypatch):
    path = reverse("learning:review_offline")
    assert OFFLINE_COPY not in site(student).get(path)
    monkeypatch.setattr(review, "HAND", 1)
    for number in range(3):
        front = f"Question {number}"
        add_note(
            student=student, kind=NoteKind.BASIC, front=front, back="It.", at=student.created_at
        )
    answer = site(student).get(path)
    assert answer[OFFLINE_COPY] == str(student.pk)
    assert answer.content.decode().count("data-ask ") == 3
    assert site(student).get("/review/").content.decode().count("data-ask ") == 1


@pytest.mark.parametrize(
    "path", ["/", "/settings/security/", "/payments/", "/messages/", "/review/"]
)
def test_other_pages_are_not_kept(site, student, path):
    onboarding.skip(user=student, at=timezone.now())
    answer = site(student).get(path)
    assert "/welcome/" not in answer.headers.get("Location", "")
    assert OFFLINE_COPY not in answer


def test_a_page_says_whose_it_is(site, student):
    onboarding.skip(user=student, at=timezone.now())
    assert f'data-signed-in="{student.pk}"' in site(student).get("/").content.decode()
    assert "data-visitor" in Client().get("/").content.decode()
