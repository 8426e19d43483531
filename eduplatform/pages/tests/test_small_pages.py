import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from apps.accounts.services import submit_application
from apps.core import mail
from apps.courses.tests.factories import CourseFactory

pytestmark = pytest.mark.django_db


# ── Mails ─────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def kept_mail(settings, tmp_path, monkeypatch):
    settings.DEMO_MODE = True
    monkeypatch.setattr(mail, "FOLDER", tmp_path)
    letter = EmailMultiAlternatives("Привет, Dana", "Open https://x.test/key", to=["d@x.test"])
    letter.attach_alternative("<p>Hello <b>there</b></p>", "text/html")
    mail.DevelopmentMailBackend().send_messages([letter])


def test_the_last_mails_are_shown(client, kept_mail):
    answer = client.get("/dev/mails/")
    text = answer.content.decode()
    assert "Привет, Dana" in text and "d@x.test" in text
    assert 'href="https://x.test/key"' in text
    assert "frame-src" in answer["Content-Security-Policy"]


def test_the_html_part_stands_in_a_frame_of_its_own(client, kept_mail):
    mail_id = client.get("/dev/mails/").context["opened"].id
    answer = client.get(f"/dev/mails/{mail_id}/html")
    assert "<b>there</b>" in answer.content.decode()
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get("/dev/mails/other.0/html").status_code == 404


def test_mails_are_shown_nowhere_else(client, settings, kept_mail):
    settings.DEMO_MODE = False
    assert client.get("/dev/mails/").status_code == 404


# ── The API's description ─────────────────────────────────────────────────────────────────────
def test_the_schema_and_its_page_are_open(client):
    assert client.get("/api/schema").status_code == 200
    page = client.get("/api/docs")
    assert "swagger-ui" in page.content.decode()
    policy = page["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy + ";"


# ── Robots and icons ──────────────────────────────────────────────────────────────────────────
def test_robots_and_icon(client):
    assert "Disallow: /admin/" in client.get("/robots.txt").content.decode()
    assert client.get("/favicon.ico")["Location"].endswith("favicon.svg")


# ── The admin's first page ────────────────────────────────────────────────────────────────────
def test_figures_on_the_admins_first_page(site, admin, student):
    CourseFactory()
    submit_application(user=student, qualification="Q", links=[], documents=[], at=timezone.now())
    answer = site(admin).get("/admin/")
    shown = {figure.label: figure.value for figure in answer.context["figures"]}
    assert shown["Teachers waiting"] == "1"
    assert shown["Courses"] == "1"
    assert "unsafe-eval" in answer["Content-Security-Policy"]


def test_a_moderator_sees_only_what_is_theirs(site, moderator):
    figures = site(moderator).get("/admin/").context["figures"]
    assert [str(figure.label) for figure in figures] == ["Courses"]


def test_the_site_keeps_its_strict_policy(client):
    assert "unsafe" not in client.get("/")["Content-Security-Policy"]


def test_the_side_bar_holds_what_the_person_may_open(site, admin, moderator):
    def links(user):
        groups = site(user).get("/admin/").context["sidebar_navigation"]
        return [item["link"] for group in groups for item in group["items"]]

    assert "/admin/payments/payment/" in links(admin)
    assert links(moderator) == [
        "/admin/",
        "/admin/messaging/messagereport/",
        "/admin/courses/category/",
        "/admin/courses/course/",
        "/admin/courses/courseversion/",
        "/admin/enrollment/review/",
        "/admin/learning/tutormessage/",
        "/admin/learning/question/",
        "/admin/learning/quiz/",
        "/admin/community/communityban/",
        "/admin/community/comment/",
        "/admin/community/forumcategory/",
        "/admin/community/report/",
        "/admin/community/standing/",
        "/admin/community/topic/",
    ]
