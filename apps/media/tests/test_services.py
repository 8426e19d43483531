from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.core import personal_data
from apps.core.errors import Invalid, TooLarge, TooMany, WrongKind
from apps.media import selectors, services
from apps.media.models import Upload

from .files import archive, film, picture, upload

NOW = timezone.now()
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


def store(owner, content, purpose="attachment", name="file.bin", at=NOW):
    return services.store_upload(owner=owner, file=upload(content, name), purpose=purpose, at=at)


def test_cover_is_kept_in_three_public_sizes(teacher):
    cover = store(teacher, picture(), "cover", "My cover.png")

    assert sorted(cover.variants, key=int) == ["320", "640", "1280"]
    assert cover.url == cover.variants["1280"]
    assert cover.srcset.startswith(cover.variants["320"] + " 320w, ")
    assert (cover.width, cover.height, cover.kind) == (1280, 853, "image/webp")
    assert cover.path == "public/" + cover.url.removeprefix("/media/")
    assert cover.size == default_storage.size(cover.path)
    assert cover.name == "My cover.webp"
    assert "My" not in cover.path


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"%PDF-1.7 x", "application/pdf"), (archive(), "application/zip"),
     ("Строка текста, a < b".encode(), "text/plain")],
)  # fmt: skip
def test_attachments_are_kept_as_they_are_and_private(student, content, kind):
    kept = store(student, content)

    assert (kept.kind, kept.url, kept.srcset) == (kind, "", "")
    assert kept.path.startswith("private/attachment/")
    with selectors.open_private(kept) as file:
        assert file.read() == content


def test_private_picture_is_made_anew(student):
    diploma = store(student, picture(size=(50, 40)), "document", "diploma.jpg")
    assert (diploma.kind, diploma.url) == ("image/webp", "")
    assert diploma.path.startswith("private/document/")


@pytest.mark.parametrize(
    ("content", "purpose"),
    [
        (SVG, "avatar"), (SVG, "attachment"), (b"\n  <!DOCTYPE html><p>", "attachment"),
        (b"text <script>", "attachment"), (b"%PDF-1.7", "cover"), (archive(), "document"),
        (film(), "lesson_image"), (b"\x00\x01\x02", "attachment"), (b"MZ\x90\x00", "attachment"),
        (b"\xff\xd8\xff not really", "avatar"), (b"RIFF0000WEBP", "avatar"),
        (b"GIF89a", "attachment"), ("текст".encode("cp1251"), "attachment"),
    ],
)  # fmt: skip
def test_wrong_kinds(student, content, purpose):
    with pytest.raises(WrongKind):
        store(student, content, purpose, name="innocent.png")
    assert not Upload.objects.exists()


def test_limits_of_size_and_day(student, monkeypatch):
    with pytest.raises(TooLarge, match="20"):
        store(student, b"x" * (20 * services.MEGABYTE + 1), "avatar")

    monkeypatch.setattr(services, "BYTES_PER_DAY", 25)
    store(student, b"x" * 15)
    with pytest.raises(TooMany):
        store(student, b"x" * 15)
    store(student, b"x" * 15, at=NOW + timedelta(days=1))


def test_limit_of_number(student, stranger, monkeypatch):
    monkeypatch.setattr(services, "UPLOADS_PER_DAY", 2)
    store(student, b"one")
    with pytest.raises(WrongKind):
        store(student, SVG)  # counts as well: refusing takes work too
    with pytest.raises(TooMany):
        store(student, b"three")
    store(stranger, b"one")
    store(student, b"tomorrow", at=NOW + timedelta(days=1))


def test_unknown_purpose(student):
    with pytest.raises(Invalid) as refusal:
        store(student, b"text", "weapon")
    assert "purpose" in refusal.value.errors


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\r\nSet-Cookie: x", "x" * 400, "\ud800"])
def test_names_do_no_harm(student, name):
    kept = store(student, b"text", name="x")
    file = upload(b"text")
    file._name = name
    kept = services.store_upload(owner=student, file=file, purpose="attachment", at=NOW)
    assert kept.name.isprintable()
    assert len(kept.name) <= 150
    assert "/" not in kept.name


def test_personal_data(teacher, student, django_capture_on_commit_callbacks):
    avatar = store(teacher, picture(size=(90, 90)), "avatar", "me.png")
    scan = store(teacher, b"%PDF-1.7", "document", "diploma.pdf")
    cover = store(teacher, picture(), "cover", "Irina.png")
    theirs = store(student, b"text")

    exported = personal_data.export_all(teacher)["media"]["uploads"]
    assert [row["name"] for row in exported] == ["me.webp", "diploma.pdf", "Irina.webp"]

    with django_capture_on_commit_callbacks(execute=True):
        services.erase(teacher, NOW)

    for gone in (avatar, scan):
        assert not default_storage.exists(gone.path)
        gone.refresh_from_db()
        assert (gone.name, gone.path, gone.url) == ("", "", "")
    assert default_storage.exists(cover.path)
    assert default_storage.exists(theirs.path)
    assert Upload.objects.get(pk=cover.pk).name == ""
