"""Staff's pages for people and applications."""

import pytest
from django.utils import timezone

from apps.accounts.models import Role, TeacherApplication
from apps.accounts.tests.factories import AdminFactory, ApplicationFactory, UserFactory
from apps.core.models import AuditEntry
from apps.media.models import Purpose, Upload

pytestmark = pytest.mark.django_db
QUEUE = "/admin/accounts/teacherapplication/"
PEOPLE = "/admin/accounts/user/"


@pytest.fixture
def staff(site, admin):
    return site(admin)


def confirm(client, url, **data):
    return client.post(url, {"_form_submitted": "True", **data}, headers={"HX-Request": "true"})


@pytest.fixture
def application(db):
    found = ApplicationFactory(links=["https://example.org/me"])
    found.documents.add(
        Upload.objects.create(
            owner=found.user,
            purpose=Purpose.DOCUMENT,
            kind="application/pdf",
            name="diploma.pdf",
            size=10,
            path="private/a",
            created_at=timezone.now(),
        )
    )
    found.checks = {
        "documents": {"ok": True, "kinds": ["application/pdf"]},
        "name": {"ok": False},
        "links": [{"url": "https://example.org/me", "ok": True, "status": 200}],
    }
    found.save()
    return found


def test_the_queue_shows_those_who_wait_first(staff, application):
    ApplicationFactory(status="refused")
    rows = staff.get(QUEUE).context["cl"].result_list

    assert [row.status for row in rows] == ["pending", "refused"]


def test_an_application_is_shown_with_its_checks_and_documents(staff, application):
    page = staff.get(f"{QUEUE}{application.pk}/change/").content.decode()

    for text in (application.qualification, "diploma.pdf", "https://example.org/me: 200", "✗"):
        assert text in page


def test_documents_open_for_those_who_decide_alone(staff, site, moderator, application):
    document = application.documents.get()
    url = f"{QUEUE}{application.pk}/documents/{document.pk}/"

    assert staff.get(url).headers["Location"].startswith("/files/")
    assert staff.get(f"{QUEUE}{application.pk}/documents/{document.pk + 1}/").status_code == 404
    assert site(moderator).get(url).status_code == 403


def test_a_teacher_is_verified_from_the_queue(staff, application):
    url = f"{QUEUE}{application.pk}/verify/"
    assert staff.get(url).status_code == 200
    application.refresh_from_db()
    assert application.status == "pending", "looking decides nothing"

    assert confirm(staff, url).headers["HX-Redirect"] == QUEUE
    application.refresh_from_db()
    assert application.status == "verified"
    assert AuditEntry.objects.get().action == "teacher.verify"


def test_a_refusal_needs_its_reason(staff, application):
    url = f"{QUEUE}{application.pk}/refuse/"

    assert "HX-Redirect" not in confirm(staff, url, reason="").headers
    confirm(staff, url, reason="No proof.")
    application.refresh_from_db()
    assert (application.status, application.reason) == ("refused", "No proof.")


def test_several_are_verified_at_once(staff, application):
    other = ApplicationFactory()
    staff.post(QUEUE, {"action": "verify_selected", "_selected_action": [application.pk, other.pk]})
    assert set(TeacherApplication.objects.values_list("status", flat=True)) == {"verified"}


def test_people_are_found(staff, student, stranger):
    rows = staff.get(PEOPLE, {"q": "student@"}).context["cl"].result_list

    assert list(rows) == [student]


def test_a_role_is_changed_with_an_audit_entry(staff, student):
    assert staff.get(f"{PEOPLE}{student.pk}/change/").status_code == 200
    confirm(staff, f"{PEOPLE}{student.pk}/change_role/", role="moderator")

    student.refresh_from_db()
    assert (student.role, student.is_staff) == (Role.MODERATOR, True)
    entry = AuditEntry.objects.get()
    assert entry.details == {"old": "student", "new": "moderator"}


def test_accounts_are_banned_closed_and_opened_again(staff, student):
    for name, is_active, is_banned in [
        ("ban", False, True),
        ("reactivate", True, False),
        ("deactivate", False, False),
    ]:
        confirm(staff, f"{PEOPLE}{student.pk}/{name}/")
        student.refresh_from_db()
        assert (student.is_active, bool(student.banned_at)) == (is_active, is_banned)
    assert AuditEntry.objects.count() == 3


def test_nobody_bans_themselves(staff, admin):
    assert confirm(staff, f"{PEOPLE}{admin.pk}/ban/").status_code == 403
    other = AdminFactory()
    staff.post(PEOPLE, {"action": "ban_selected", "_selected_action": [admin.pk, other.pk]})

    admin.refresh_from_db()
    other.refresh_from_db()
    assert (admin.is_active, other.is_active) == (True, False)


@pytest.mark.parametrize("path", ["change_role", "ban", "deactivate"])
def test_moderators_change_nobody(site, moderator, student, path):
    assert (
        confirm(site(moderator), f"{PEOPLE}{student.pk}/{path}/", role="admin").status_code == 403
    )
    student.refresh_from_db()
    assert (student.role, student.is_active) == (Role.STUDENT, True)


def test_people_are_neither_edited_nor_deleted_by_form(staff, student):
    staff.post(f"{PEOPLE}{student.pk}/change/", {"email": "other@school.test", "role": "admin"})
    staff.post(f"{PEOPLE}{student.pk}/delete/", {"post": "yes"})

    student.refresh_from_db()
    assert (student.email, student.role) == ("student@school.test", Role.STUDENT)


def test_the_way_in_is_the_site_s(client, site, student, admin):
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").headers["Location"].startswith("/accounts/login/")
    answer = client.post("/admin/login/", {"username": admin.email, "password": "x"})
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert site(admin).get("/admin/password_change/").headers["Location"] == "/settings/security/"
    assert site(student).get("/admin/login/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_any_number(staff, rows, django_assert_max_num_queries):
    UserFactory.create_batch(rows)
    for _ in range(rows):
        ApplicationFactory()
    staff.get(QUEUE)
    for url, most in ((QUEUE, 9), (PEOPLE, 9)):
        with django_assert_max_num_queries(most):
            staff.get(url)
