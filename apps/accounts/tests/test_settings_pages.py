"""Settings, devices and the teacher's application on the site."""

import io

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from apps.accounts import keys
from apps.accounts.models import Device, TeacherApplication
from apps.accounts.tests.factories import PASSWORD, ApplicationFactory, DeviceFactory
from apps.media.models import Purpose, Upload

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture():
    content = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(content, "PNG")
    return SimpleUploadedFile("me.png", content.getvalue(), "image/png")


def pdf(name="diploma.pdf"):
    return SimpleUploadedFile(name, PDF, "application/pdf")


# ── Profile ───────────────────────────────────────────────────────────────────────────────────
PROFILE = {"name": "Dana K.", "username": "dana", "bio": "Hello", "birthday": "1990-05-01"}


def test_the_profile_is_saved(site, student):
    answer = site(student).post("/settings/", PROFILE)

    assert answer.headers["Location"] == "/settings/"
    student.refresh_from_db()
    assert (student.name, student.username, student.birthday.year) == ("Dana K.", "dana", 1990)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("username", "stranger"),
        ("username", "Имя"),
        ("username", ""),
        ("birthday", "yesterday"),
        ("bio", "x" * 2001),
        ("bio", "\x00"),
    ],
)
def test_a_bad_profile_names_its_field_and_changes_nothing(site, student, stranger, field, value):
    answer = site(student).post("/settings/", {**PROFILE, field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    student.refresh_from_db()
    assert student.name == "Dana Kim"
    assert "Dana Kim" in answer.content.decode(), "the header shows the person as stored"


def test_a_picture_becomes_the_avatar_and_goes_again(site, student):
    client = site(student)

    assert client.post("/settings/avatar/", {"file": picture()}).status_code == 302
    student.refresh_from_db()
    assert student.avatar_url.endswith("256x256.webp")
    client.post("/settings/avatar/", {"remove": "1"})
    student.refresh_from_db()
    assert student.avatar_url == ""


@pytest.mark.parametrize("file", [pdf(), SimpleUploadedFile("a.png", b"nonsense"), ""])
def test_what_is_no_picture_is_no_avatar(site, student, file):
    assert site(student).post("/settings/avatar/", {"file": file}).status_code == 422


def test_language_and_time_zone(site, student):
    client = site(student)
    answer = client.post("/settings/language/", {"locale": "ru", "timezone": "Asia/Almaty"})

    assert answer.status_code == 302
    student.refresh_from_db()
    assert (student.locale, student.timezone) == ("ru", "Asia/Almaty")
    page = client.get("/settings/language/").content.decode()
    assert "Алматы (UTC+05:00)" in page
    bad = client.post("/settings/language/", {"locale": "ru", "timezone": "Mars/Olympus"})
    assert bad.status_code == 422


# ── Security ──────────────────────────────────────────────────────────────────────────────────
def test_a_new_password_ends_every_other_sign_in(site, api, student, client):
    tokens = api().post("/api/auth/login", {"email": student.email, "password": PASSWORD}).json()
    browser = site(student)
    old_cookie = browser.cookies["sessionid"].value
    answer = browser.post(
        "/settings/security/password/",
        {"old_password": PASSWORD, "password": "another-long-phrase"},
    )

    assert answer.status_code == 302
    assert browser.get("/settings/").status_code == 200
    assert browser.cookies["sessionid"].value != old_cookie
    bearer = api()
    bearer.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    assert bearer.get("/api/auth/me").status_code == 401
    browser.cookies["sessionid"] = old_cookie
    assert browser.get("/settings/").status_code == 302


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"old_password": "wrong"}, "old_password"), ({"password": "short"}, "password")],
)
def test_a_bad_change_of_password_names_its_field(site, student, changes, field):
    body = {"old_password": PASSWORD, "password": "another-long-phrase", **changes}
    answer = site(student).post("/settings/security/password/", body)

    assert answer.status_code == 422
    assert list(answer.context["password_form"].errors) == [field]


def test_the_present_password_can_not_be_guessed_without_limit(site, student):
    client = site(student)
    answers = [
        client.post(
            "/settings/security/password/",
            {"old_password": f"guess-{n}", "password": "another-long-phrase"},
        ).status_code
        for n in range(6)
    ]
    assert answers[-1] == 429


def test_a_new_address_waits_for_its_key(site, student):
    client = site(student)
    client.post("/settings/security/email/", {"email": "new@school.test", "password": PASSWORD})

    assert "new@school.test" in client.get("/settings/security/").content.decode()
    key = keys.verification_key(EmailAddress.objects.get(email="new@school.test"))
    client.post(f"/accounts/verify/{key}/")
    student.refresh_from_db()
    assert student.email == "new@school.test"


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("stranger@school.test", PASSWORD, "email"),
        ("student@school.test", PASSWORD, "email"),
        ("new@school.test", "wrong", "password"),
    ],
)
def test_a_bad_change_of_address_names_its_field(site, student, stranger, email, password, field):
    answer = site(student).post("/settings/security/email/", {"email": email, "password": password})
    assert answer.status_code == 422
    assert list(answer.context["email_form"].errors) == [field]


def test_one_device_is_signed_out(site, student, stranger):
    other, foreign = DeviceFactory(user=student), DeviceFactory(user=stranger)
    client = site(student)

    assert client.post(f"/settings/devices/{foreign.pk}/").status_code == 404
    assert client.post(f"/settings/devices/{other.pk}/").status_code == 302
    other.refresh_from_db()
    assert other.revoked_at
    assert client.get("/settings/security/").status_code == 200
    own = Device.objects.get(user=student, revoked_at=None)
    client.post(f"/settings/devices/{own.pk}/")
    assert client.get("/settings/security/").status_code == 302


def test_signing_out_everywhere(site, student):
    DeviceFactory(user=student)
    client = site(student)
    client.post("/settings/devices/")

    assert not Device.objects.filter(user=student, revoked_at=None).exists()
    assert client.get("/settings/").status_code == 302


@pytest.mark.parametrize("devices", [1, 3])
def test_security_costs_the_same_for_any_number_of_devices(
    site, student, devices, django_assert_max_num_queries
):
    client = site(student)
    DeviceFactory.create_batch(devices, user=student)
    client.get("/settings/security/")
    with django_assert_max_num_queries(9):
        client.get("/settings/security/")


# ── Teaching ──────────────────────────────────────────────────────────────────────────────────
APPLY = "/teach/apply/"
BODY = {"qualification": "Twelve years of evening classes.", "links": "https://example.org/me"}


def test_an_application_is_sent_with_its_documents(site, student):
    client = site(student)
    answer = client.post(f"{APPLY}documents/", {"files": [pdf()]})
    document = Upload.objects.get()
    assert "diploma.pdf" in answer.content.decode()

    answer = client.post(APPLY, {**BODY, "documents": [document.pk]})

    assert answer.status_code == 302
    application = TeacherApplication.objects.get()
    assert application.links == ["https://example.org/me"]
    assert list(application.documents.all()) == [document]
    page = client.get(APPLY).content.decode()
    assert "diploma.pdf" in page
    assert "Twelve years" in page
    assert "Twelve years" in client.get(f"{APPLY}?edit").content.decode()


def test_a_bad_application_keeps_text_and_documents(site, student):
    client = site(student)
    client.post(f"{APPLY}documents/", {"files": [pdf()]})
    document = Upload.objects.get()
    answer = client.post(
        APPLY, {"qualification": "", "links": "javascript:alert(1)", "documents": [document.pk]}
    )

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"qualification", "links"}
    assert "javascript:alert(1)" in answer.content.decode()
    assert "diploma.pdf" in answer.content.decode()
    assert not TeacherApplication.objects.exists()


def test_foreign_documents_are_left_out(site, student, stranger):
    foreign = Upload.objects.create(
        owner=stranger,
        purpose=Purpose.DOCUMENT,
        kind="application/pdf",
        name="secret.pdf",
        size=1,
        path="x",
        created_at=timezone.now(),
    )
    client = site(student)
    answer = client.post(f"{APPLY}documents/", {"documents": [foreign.pk, "x", "9" * 30]})

    assert "secret.pdf" not in answer.content.decode()
    client.post(APPLY, {**BODY, "documents": [foreign.pk]})
    assert not TeacherApplication.objects.get().documents.exists()


def test_documents_are_pictures_or_pdf(site, student):
    file = SimpleUploadedFile("virus.exe", b"MZ\x90\x00")
    answer = site(student).post(f"{APPLY}documents/", {"files": [file]})

    assert answer.status_code == 422
    assert "virus.exe" in answer.content.decode()


def test_a_document_is_taken_out_again(site, student):
    client = site(student)
    client.post(f"{APPLY}documents/", {"files": [pdf()]})
    pk = Upload.objects.get().pk
    answer = client.post(f"{APPLY}documents/", {"documents": [pk], "remove": pk})

    assert "diploma.pdf" not in answer.content.decode()


@pytest.mark.parametrize(
    ("status", "shown"),
    [("refused", "No proof."), ("verified", "verified teacher"), ("pending", "Send application")],
)
def test_the_page_says_where_the_application_stands(site, status, shown):
    application = ApplicationFactory(status=status, reason="No proof.")

    assert shown in site(application.user).get(APPLY).content.decode()


def test_staff_does_not_apply(site, moderator):
    assert site(moderator).get(APPLY).status_code == 403
