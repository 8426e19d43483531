"""The API, the pages and the stop link of notifications."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors import quiet_hours_of
from apps.notifications import selectors, services
from apps.notifications.models import Notification
from apps.notifications.unsubscribe import unsubscribe_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(student):
    return [
        services.notify(
            user_id=student.pk,
            kind="enrolled",
            params={"course": f"Course {n}"},
            url="/courses/",
            at=timezone.now(),
            key=f"k{n}",
        )
        for n in range(3)
    ]


def test_list_pages_by_cursor_newest_first(api, student, told):
    first = api(student).get("/api/notifications/me?limit=2").json()
    assert [row["id"] for row in first["results"]] == [told[2].pk, told[1].pk]
    second = api(student).get(first["next"]).json()
    assert [row["id"] for row in second["results"]] == [told[0].pk]
    assert second["next"] is None
    back = api(student).get(second["previous"]).json()
    assert [row["id"] for row in back["results"]] == [told[2].pk, told[1].pk]


def test_read_one_then_all(api, student, told):
    client = api(student)
    assert client.get("/api/notifications/unread-count").json() == {"count": 3}
    assert client.patch(f"/api/notifications/{told[0].pk}/read").json()["read_at"]
    assert len(client.get("/api/notifications/me?unread=true").json()["results"]) == 2
    assert client.post("/api/notifications/read-all").json() == {"count": 2}
    assert client.get("/api/notifications/unread-count").json() == {"count": 0}


def test_foreign_and_missing_are_not_there(api, stranger, told):
    for pk in (told[0].pk, 10**12):
        answer = api(stranger).patch(f"/api/notifications/{pk}/read")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["me", "unread-count", "preferences"])
def test_nobody_signed_in(api, path):
    answer = api().get(f"/api/notifications/{path}")
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")


def test_staff_tell_one_person(api, moderator, student, teacher):
    body = {"user": student.pk, "kind": "announcement", "title": "100% new", "body": "Read it."}
    assert api(teacher).post("/api/notifications", body).status_code == 403
    answer = api(moderator).post("/api/notifications", body)
    assert answer.status_code == 201 and answer.json()["title"] == "100% new"
    wrong = api(moderator).post("/api/notifications", {"user": 10**12, "title": "\x00"})
    assert wrong.status_code == 400


def test_bad_announcements_say_the_field(api, moderator):
    answer = api(moderator).post(
        "/api/notifications", {"user": "x", "title": "", "body": "b" * 3000}
    )
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"user", "title", "body"}


def test_a_number_without_end_is_no_id(api, moderator):
    body = '{"user": 1e400, "title": "t", "body": "b"}'
    answer = api(moderator).post("/api/notifications", body, content_type="application/json")

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"user"}


def test_preferences(api, student):
    client = api(student)
    before = client.get("/api/notifications/preferences").json()["preferences"]
    assert before["enrolled"] == {"in_app": True, "email": True}
    body = {"preferences": {"enrolled": {"email": False}}}
    after = client.put("/api/notifications/preferences", body).json()["preferences"]
    assert after["enrolled"] == {"in_app": True, "email": False}
    wrong = client.put(
        "/api/notifications/preferences", {"preferences": {"enrolled": {"fax": True}}}
    )
    assert wrong.status_code == 400 and "enrolled.fax" in wrong.json()["errors"]


def test_page_shows_ones_own_and_opens(site, student, told):
    browser = site(student)
    page = browser.get("/notifications/")
    assert page.status_code == 200 and "Course 2" in page.content.decode()
    assert browser.get(f"/notifications/{told[2].pk}/").url == "/courses/"
    assert selectors.unread_count(student) == 2
    assert browser.post("/notifications/read-all/").status_code == 302
    assert selectors.unread_count(student) == 0


def test_foreign_notification_is_not_opened(site, stranger, told):
    assert site(stranger).get(f"/notifications/{told[0].pk}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_at_most_ten_queries_however_many_rows(
    site, student, told, rows, django_assert_max_num_queries
):
    browser = site(student)
    Notification.objects.filter(pk__in=[row.pk for row in told[rows:]]).delete()
    with django_assert_max_num_queries(10):
        browser.get("/notifications/")


def test_the_table_shows_what_can_reach_one(student, teacher, admin):
    def labels(user):
        return {str(row["label"]) for row in selectors.preference_rows(user)}

    assert "Reviews of your courses" not in labels(student)
    assert "Reviews of your courses" in labels(teacher)
    assert "Teachers’ applications" in labels(admin) - labels(teacher)


def test_switching_on_the_page(site, student):
    body = {"kinds": ["enrolled"], "channel": "email"}
    answer = site(student).post(
        reverse("notifications:preferences"), body, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204
    assert selectors.preferences_of(student)["enrolled"]["email"] is False


def test_the_stop_link_needs_no_sign_in_and_asks_first(client, told, student):
    path = unsubscribe_url(told[0]).removeprefix("http://localhost:8000")
    assert client.get(path).status_code == 200
    assert selectors.preferences_of(student)["enrolled"]["email"] is True
    assert client.post(path).status_code == 200
    assert selectors.preferences_of(student)["enrolled"]["email"] is False


def test_a_forged_stop_link_is_nothing(client, told):
    path = unsubscribe_url(told[0]).removeprefix("http://localhost:8000")
    assert client.post(path[:-3] + "x/").status_code == 404


# ── Quiet hours ───────────────────────────────────────────────────────────────────────────────
def saved_hours(user):
    return str(quiet_hours_of(user)), quiet_hours_of(user).is_on


def test_quiet_hours_are_saved_as_they_are_changed(site, student):
    browser = site(student)
    assert 'value="22:00"' in browser.get("/notifications/").content.decode()
    body = {"is_on": "on", "begins": "23:30", "ends": "07:15"}
    htmx = {"HX-Request": "true"}
    assert browser.post("/notifications/quiet-hours/", body, headers=htmx).status_code == 200
    assert saved_hours(student) == ("23:30–07:15", True)
    del body["is_on"]
    assert browser.post("/notifications/quiet-hours/", body).url == "/notifications/"
    assert saved_hours(student) == ("23:30–07:15", False)


@pytest.mark.parametrize("ends", ["", "25:00", "23:30", "x\x00"])
def test_hours_that_cannot_be_are_told_at_their_field(site, student, ends):
    body = {"is_on": "on", "begins": "23:30", "ends": ends}
    browser = site(student)
    answer = browser.post("/notifications/quiet-hours/", body, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and "until: " in answer.content.decode()
    assert (
        "until: " in browser.post("/notifications/quiet-hours/", body, follow=True).content.decode()
    )
    assert saved_hours(student) == ("22:00–08:00", True)


def test_quiet_hours_in_the_api(api, student):
    client = api(student)
    path = "/api/notifications/preferences"
    assert client.get(path).json()["quiet_hours"] == {
        "is_on": True,
        "begins": "22:00",
        "ends": "08:00",
    }
    wanted = {"is_on": False, "begins": "21:00", "ends": "06:30"}
    assert client.put(path, {"quiet_hours": wanted}).json()["quiet_hours"] == wanted
    wrong = {"quiet_hours": {**wanted, "ends": "21:00"}, "preferences": {"liked": {"email": True}}}
    answer = client.put(path, wrong)
    assert answer.status_code == 400 and set(answer.json()["errors"]) == {"ends"}
    assert client.get(path).json()["preferences"]["liked"]["email"] is False
    assert client.put(path, {"quiet_hours": {"begins": "9"}}).status_code == 400
