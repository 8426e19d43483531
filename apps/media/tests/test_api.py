from apps.media import services
from apps.media.models import Upload

from .files import picture, upload


def send(client, content, purpose="cover", name="a.png"):
    data = {"file": upload(content, name), "purpose": purpose}
    return client.post("/api/uploads", data, format="multipart")


def test_upload(api, teacher):
    answer = send(api(teacher), picture())

    assert answer.status_code == 201
    kept = Upload.objects.get()
    assert answer.data == {
        "id": kept.pk, "url": kept.url, "kind": "image/webp", "size": kept.size,
    }  # fmt: skip
    assert kept.owner == teacher
    assert api().get(kept.url).status_code == 200


def test_private_upload_answers_a_signed_address(api, student):
    answer = send(api(student), b"%PDF-1.7", "attachment", "plan.pdf")
    assert answer.data["url"].startswith("/files/")
    assert api().get(answer.data["url"]).content == b"%PDF-1.7"


def test_signed_out(api, db):
    assert send(api(), picture()).status_code == 401


def test_bad_input(api, student):
    client = api(student)
    assert set(client.post("/api/uploads", {}, format="multipart").data["errors"]) == {
        "file", "purpose",
    }  # fmt: skip
    answer = send(client, picture(), "weapon")
    assert (answer.status_code, list(answer.data["errors"])) == (400, ["purpose"])
    answer = send(client, b"")
    assert (answer.status_code, list(answer.data["errors"])) == (400, ["file"])
    assert client.post("/api/uploads", {"file": "text", "purpose": "cover"}).status_code == 415
    assert send(client, b"<svg>").status_code == 415


def test_too_large_is_refused_before_it_is_read(api, student, monkeypatch):
    monkeypatch.setattr(services, "LARGEST", 10)
    monkeypatch.setattr("apps.media.api.FORM_OVERHEAD", 0)
    assert send(api(student), picture()).status_code == 413


def test_too_large_for_its_purpose(api, student, monkeypatch):
    rule = services.RULES["avatar"]
    monkeypatch.setitem(services.RULES, "avatar", type(rule)(10, rule.kinds, rule.shape))
    answer = send(api(student), picture(), "avatar")
    assert answer.status_code == 413
    assert "10" in answer.data["detail"]


def test_too_many(api, student, monkeypatch):
    monkeypatch.setattr(services, "UPLOADS_PER_DAY", 0)
    answer = send(api(student), picture())
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
