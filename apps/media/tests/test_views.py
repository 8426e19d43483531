from datetime import timedelta

import pytest
from django.utils import timezone

from apps.media import services

from .files import picture, upload


def store(owner, content, purpose, name="plan «А».pdf"):
    file = upload(content, name)
    return services.store_upload(owner=owner, file=file, purpose=purpose, at=timezone.now())


def test_public_picture(client, teacher):
    answer = client.get(store(teacher, picture(), "cover").variants["320"])

    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"]
    assert "public" in answer["Cache-Control"]
    assert answer.content[:4] == b"RIFF"


@pytest.mark.parametrize(
    "path",
    ["cover/ab/" + "0" * 30 + "-1x1.webp", "../private/document/ab/x", "%2e%2e/private/x",
     "cover/ab/../../../private/x", "private/attachment/ab/" + "0" * 30],
)  # fmt: skip
def test_nothing_else_is_public(client, db, path):
    answer = client.get(f"/media/{path}")
    assert answer.status_code in {302, 404}
    assert answer.status_code == 404 or answer["Location"].startswith("/accounts/login/")


def test_private_file_by_signed_address(client, student):
    plan = store(student, b"%PDF-1.7", "attachment")

    answer = client.get(services.signed_url(plan))

    assert answer.content == b"%PDF-1.7"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''plan%20")
    assert answer["Cache-Control"] == "private, no-store"


def test_signed_address_ends(client, student, monkeypatch):
    address = services.signed_url(store(student, b"%PDF-1.7", "attachment"))
    assert client.get(address + "x").status_code == 404
    monkeypatch.setattr(services, "SIGNED_URL_LIFETIME", timedelta(seconds=-1))
    assert client.get(address).status_code == 404


def test_erased_file_is_gone(client, student, django_capture_on_commit_callbacks):
    address = services.signed_url(store(student, b"%PDF-1.7", "attachment"))
    with django_capture_on_commit_callbacks(execute=True):
        services.erase(student, timezone.now())
    assert client.get(address).status_code == 404
