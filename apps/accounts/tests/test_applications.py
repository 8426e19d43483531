"""Teachers' applications: sent, checked, decided."""

import pytest
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Role, TeacherApplication
from apps.accounts.tests.factories import ApplicationFactory, TeacherFactory
from apps.core import outbound
from apps.core.errors import NotAllowed
from apps.core.models import AuditEntry, Job
from apps.media.models import Purpose, Upload

pytestmark = pytest.mark.django_db
URL = "/api/teachers/application"
BODY = {"qualification": "Twelve years of evening classes.", "links": ["https://example.org/me"]}


def document_of(user, purpose=Purpose.DOCUMENT):
    return Upload.objects.create(
        owner=user,
        purpose=purpose,
        kind="application/pdf",
        name="diploma.pdf",
        size=10,
        path="a/b.pdf",
        created_at=timezone.now(),
    )


def test_a_student_applies_with_a_document(api, student):
    document = document_of(student)
    answer = api(student).post(URL, {**BODY, "documents": [document.pk]})

    assert answer.status_code == 200
    assert answer.json() == {"status": "pending"}
    application = TeacherApplication.objects.get(user=student)
    assert list(application.documents.all()) == [document]
    assert Job.objects.get().kind == "accounts.check_application"


def test_without_an_application_there_is_none(api, student):
    assert api(student).get(URL).status_code == 404


def test_foreign_documents_do_not_exist(api, student, stranger):
    for upload in (document_of(stranger), document_of(student, Purpose.AVATAR)):
        answer = api(student).post(URL, {**BODY, "documents": [upload.pk]})
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["documents.0"]
    assert not TeacherApplication.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("qualification", ""),
        ("qualification", "x" * 5000),
        ("links", ["javascript:alert(1)"]),
        ("links", ["https://example.org"] * 6),
        ("links", "https://example.org"),
        ("documents", [True]),
        ("documents", ["x"]),
        ("documents", {"a": 1}),
    ],
)
def test_bad_applications_name_their_field(api, student, field, value):
    answer = api(student).post(URL, {**BODY, field: value})

    assert answer.status_code == 400
    assert next(iter(answer.json()["errors"])).startswith(field)


def test_staff_does_not_apply(api, moderator):
    assert api(moderator).post(URL, BODY).status_code == 403


def test_a_verified_teacher_does_not_apply_again(api):
    application = ApplicationFactory(status="verified")

    assert api(application.user).post(URL, BODY).status_code == 409


def test_the_queue_shows_the_newest_first_to_admins_alone(api, admin, moderator, student):
    older = ApplicationFactory()
    newer = ApplicationFactory()
    ApplicationFactory(status="refused")

    rows = api(admin).get("/api/admin/teachers/pending").json()["results"]

    assert [row["id"] for row in rows] == [newer.user_id, older.user_id]
    assert rows[0]["email"] == newer.user.email
    assert rows[0]["application"]["qualification"] == newer.qualification
    for user in (moderator, student, older.user):
        assert api(user).get("/api/admin/teachers/pending").status_code == 403


def test_the_queue_costs_the_same_however_long(api, admin, django_assert_num_queries):
    client = api(admin)
    for rows in (1, 3):
        while TeacherApplication.objects.count() < rows:
            application = ApplicationFactory()
            application.documents.add(document_of(application.user))
        with django_assert_num_queries(2):
            client.get("/api/admin/teachers/pending")


def test_verifying_makes_a_teacher(api, admin, student):
    application = ApplicationFactory(user=student)
    url = f"/api/admin/teachers/{student.pk}/verify"

    answer = api(admin).post(url)

    assert answer.status_code == 200
    assert answer.json()["application"]["status"] == "verified"
    student.refresh_from_db()
    assert (student.role, student.is_verified) == (Role.TEACHER, True)
    assert AuditEntry.objects.get().action == "teacher.verify"
    assert api(admin).post(url).status_code == 200, "again changes nothing"
    assert AuditEntry.objects.count() == 1
    application.refresh_from_db()
    assert application.decided_by == admin


def test_refusing_tells_why_and_leaves_the_door_open(api, admin, student):
    ApplicationFactory(user=student)
    url = f"/api/admin/teachers/{student.pk}/refuse"

    assert api(admin).post(url, {"reason": " "}).status_code == 400
    assert api(admin).post(url, {"reason": "No proof."}).status_code == 200
    assert api(student).get(URL).json() == {"status": "refused", "reason": "No proof."}
    assert api(student).post(URL, BODY).json() == {"status": "pending"}


def test_a_verified_teacher_is_not_refused(api, admin):
    application = ApplicationFactory(user=TeacherFactory(), status="verified")
    url = f"/api/admin/teachers/{application.user_id}/refuse"

    assert api(admin).post(url, {"reason": "Late."}).status_code == 409


def test_who_was_a_teacher_may_become_one_again(api, admin, student):
    ApplicationFactory(user=student)
    url = f"/api/admin/teachers/{student.pk}/verify"
    api(admin).post(url)
    services.change_role(user=student, role=Role.STUDENT, by=admin, at=timezone.now())

    student.refresh_from_db()
    assert api(student).post(URL, BODY).json() == {"status": "pending"}
    assert api(admin).post(url).status_code == 200
    student.refresh_from_db()
    assert (student.role, student.is_verified) == (Role.TEACHER, True)


@pytest.mark.parametrize("action", ["verify", "refuse"])
def test_only_admins_decide_and_only_on_applications(
    api, admin, moderator, teacher, student, action
):
    application = ApplicationFactory()
    url = f"/api/admin/teachers/{application.user_id}/{action}"

    for user in (moderator, teacher, student, application.user):
        assert api(user).post(url, {"reason": "No."}).status_code == 403
    for missing in (student.pk, 10**9, 10**30):
        answer = api(admin).post(f"/api/admin/teachers/{missing}/{action}", {"reason": "No."})
        assert answer.status_code == 404
    with pytest.raises(NotAllowed):
        services.verify_teacher(application=application, by=moderator, at=timezone.now())


# ── Pre-checks ────────────────────────────────────────────────────────────────────────────────
def checked(application, monkeypatch, answers=None):
    def fetch(url):
        found = (answers or {})[url]
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(outbound, "fetch", fetch)
    services.check_application(application_id=application.pk)
    application.refresh_from_db()
    return application.checks


def test_the_checks_look_at_document_name_and_links(monkeypatch):
    application = ApplicationFactory(
        user__name="Ирина Соколова",
        links=["https://good.test/", "https://gone.test/", "http://10.0.0.1/"],
    )
    document = document_of(application.user)
    Upload.objects.filter(pk=document.pk).update(name="Diploma Sokolova Irina.pdf")
    application.documents.add(document)

    checks = checked(
        application,
        monkeypatch,
        {
            "https://good.test/": outbound.Answer(200, "text/html", b""),
            "https://gone.test/": outbound.Answer(404, "text/html", b""),
            "http://10.0.0.1/": outbound.OutboundError("address"),
        },
    )

    assert checks["documents"] == {"ok": True, "kinds": ["application/pdf"]}
    assert checks["name"] == {"ok": True}
    assert [link["ok"] for link in checks["links"]] == [True, False, False]


def test_the_checks_claim_nothing_that_is_not_there(monkeypatch):
    checks = checked(ApplicationFactory(user__name="Sam Stone"), monkeypatch)

    assert checks == {
        "documents": {"ok": False, "kinds": []},
        "name": {"ok": False},
        "links": [],
    }
