"""A course's leaderboard in the API and on the site."""

import pytest
from django.test import Client
from django.utils import timezone

from apps.gamification.models import Entrant
from apps.gamification.services import boards, choices
from apps.social.services import change_profile

from .boards import Class

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def school(teacher):
    return Class(owner=teacher)


@pytest.fixture
def now():
    return timezone.now()


def address(school, below=""):
    return f"/api/gamification/leaderboard/course/{school.course.pk}{below}"


def page(school, below=""):
    return f"/courses/{school.course.slug}/leaderboard/{below}"


@pytest.fixture
def site(student, client: Client):
    client.force_login(student)
    return client


# ── API ───────────────────────────────────────────────────────────────────────────────────────
def test_the_board_as_the_contract_says(api, school, student, now):
    school.seat(student)
    yuki = school.add("yuki", 3, at=now)
    school.learn(student, 1, at=now)
    caller = api(student)
    told = caller.get(address(school)).json()
    row = {
        "rank": 1,
        "user": {"id": yuki.pk, "username": "yuki", "name": "Yuki", "avatar": None},
        "xp": 60,
    }
    assert told == {
        "period": "week",
        "participants": 1,
        "results": [row],
        "me": None,
        "opted_in": False,
    }
    for _ in range(2):
        answer = caller.put(address(school, "/opt-in"), {"opt_in": True}, format="json")
        assert (answer.status_code, answer.json()) == (200, {"opt_in": True})
    told = caller.get(address(school) + "?period=all").json()
    assert (told["period"], told["participants"], told["opted_in"]) == ("all", 2, True)
    assert (told["me"]["rank"], told["me"]["xp"]) == (2, 20)
    assert told["results"] == [row, told["me"]]
    for _ in range(2):
        answer = caller.put(address(school, "/opt-in"), {"opt_in": False}, format="json")
        assert (answer.status_code, answer.json()) == (200, {"opt_in": False})
    assert caller.get(address(school)).json()["me"] is None


def test_an_empty_body_joins(api, school, student):
    school.seat(student)
    assert api(student).put(address(school, "/opt-in"), {}, format="json").status_code == 200
    assert Entrant.objects.filter(user=student).exists()


@pytest.mark.parametrize("body", [{"opt_in": "perhaps"}, {"opt_in": None}, {"opt_in": [1]}, [1]])
def test_nonsense_is_told(api, school, student, body):
    school.seat(student)
    answer = api(student).put(address(school, "/opt-in"), body, format="json")
    assert answer.status_code == 400
    assert api(student).get(address(school) + "?period=year").status_code == 400


def test_a_private_person_is_told_why_not(api, school, student):
    school.seat(student)
    change_profile(user=student, changes={"is_profile_public": False})
    answer = api(student).put(address(school, "/opt-in"), {"opt_in": True}, format="json")
    assert answer.status_code == 409
    assert "public profile" in answer.json()["detail"]


def test_who_learns_elsewhere_finds_no_board(api, school, stranger, moderator, teacher):
    assert api().get(address(school)).status_code == 401
    assert api(stranger).get(address(school)).status_code == 404
    for person in (teacher, moderator):
        assert api(person).get(address(school)).status_code == 200
        answer = api(person).put(address(school, "/opt-in"), {"opt_in": True}, format="json")
        assert answer.status_code == 409


@pytest.mark.parametrize("period", ["week", "all"])
def test_a_look_costs_the_same_however_many_take_part(
    api, school, student, now, period, django_assert_max_num_queries
):
    school.seat(student)
    boards.join(user=student, course=school.course, at=now)
    for number in range(15):
        school.add(f"p{number:02}", number, at=now)
    api(student).get(address(school))
    with django_assert_max_num_queries(9):
        api(student).get(address(school) + f"?period={period}")


# ── Site ──────────────────────────────────────────────────────────────────────────────────────
def test_the_page_invites_and_shows_oneself(site, school, student, now):
    school.seat(student)
    school.add("yuki", 3, at=now)
    school.learn(student, 2, at=now)
    shown = site.get(page(school)).content.decode()
    assert "Yuki" in shown
    assert "Join the leaderboard" in shown
    assert "(you)" not in shown
    answer = site.post(page(school, "place/"), {"period": "all"})
    assert (answer.status_code, answer.url) == (302, page(school) + "?period=all")
    shown = site.get(page(school)).content.decode()
    assert "Dana Kim (you)" in shown
    assert "Leave it" in shown
    fragment = site.post(page(school, "place/"), {"stop": "1"}, **HTMX).content.decode()
    assert fragment.startswith('<div id="board">')
    assert "Join the leaderboard" in fragment
    assert not Entrant.objects.filter(user=student).exists()


def test_an_empty_board_says_how_it_begins(site, school, student):
    school.seat(student)
    assert "Nobody has joined yet" in site.get(page(school)).content.decode()
    site.post(page(school, "place/"))
    assert "The week has just begun" in site.get(page(school)).content.decode()
    fragment = site.get(page(school) + "?period=all", **HTMX).content.decode()
    assert "Nobody has XP here yet" in fragment
    assert "<html" not in fragment
    assert "Leave it" in fragment


def test_the_few_rows_for_other_pages(site, school, student, now):
    school.seat(student)
    other = Class()
    other.seat(student)
    shown = site.get(page(school, "brief/"), **HTMX).content.decode()
    assert "Nobody has joined the leaderboard" in shown
    assert other.course.title in shown
    for number in range(12):
        school.add(f"p{number:02}", 40 - 2 * number, at=now)
    school.learn(student, 21, at=now)
    shown = site.post(page(school, "place/"), {"brief": "1"}, **HTMX).content.decode()
    assert shown.count("<li") == 6
    names = [f"P{number:02}" for number in range(12) if f"P{number:02}" in shown]
    assert names == ["P00", "P01", "P02", "P09", "P10"]
    assert "Dana Kim (you)" in shown
    chosen = site.get(page(school, "brief/") + f"?course={other.course.slug}", **HTMX)
    assert page(other) in chosen.content.decode()


def test_who_is_private_or_switched_off_is_told_so(site, school, student):
    school.seat(student)
    site.post(page(school, "place/"))
    change_profile(user=student, changes={"is_profile_public": False})
    shown = site.get(page(school)).content.decode()
    assert "Your profile is private" in shown
    assert "Leave it" in shown
    assert "0 people" not in shown
    site.post(page(school, "place/"), {"stop": "1"})
    assert "Only people with a public profile" in site.get(page(school)).content.decode()
    change_profile(user=student, changes={"is_profile_public": True})
    choices.choose(user=student, changes={"is_on": False})
    shown = site.get(page(school)).content.decode()
    assert "switched points and streaks off" in shown
    assert "Join the leaderboard" not in shown


def test_strangers_find_no_page(school, client, stranger, teacher):
    assert client.get(page(school)).status_code == 302
    client.force_login(stranger)
    for below in ("", "brief/"):
        assert client.get(page(school, below)).status_code == 404
    assert client.post(page(school, "place/")).status_code == 404
    client.force_login(teacher)
    shown = client.get(page(school)).content.decode()
    assert "Join the leaderboard" not in shown
    assert client.post(page(school, "place/")).status_code == 409
