"""The shelf, the calendar, the drawings, and what others see of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from apps.gamification.engine.badges import BADGES
from apps.gamification.heat import LONG, SHORT, heat_of
from apps.gamification.models import Award, Habit
from apps.gamification.seals import WAVES, ring_of, turns_of
from apps.gamification.selectors.calendar import CalendarDay
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts
from apps.gamification.wording import progress_words
from apps.social.models import Profile

from .test_habit_faces import DAY, MONDAY, learn, today  # noqa: F401

pytestmark = pytest.mark.django_db
BADGES_API = "/api/gamification/badges"


def by_slug(answer) -> dict:
    return {row["slug"]: row for row in answer.json()["results"]}


# ── Badges over the API ───────────────────────────────────────────────────────────────────────
def test_badges_with_their_progress(api, student):
    learn(student, MONDAY, MONDAY + DAY)
    told = by_slug(api(student).get(BADGES_API))
    assert set(told) == set(BADGES) - {"ultimate-champion"}  # hidden until it is earned
    first = told["first-steps"]
    assert first["earned_at"].startswith("2026-03-02T10:00")
    assert first["progress"] == {"current": 1, "target": 1}
    assert (first["group"], first["rarity"], first["points"]) == ("learning", "common", 20)
    starter = told["streak-starter"]
    assert starter["earned_at"] is None
    assert starter["progress"] == {"current": 2, "target": 3}
    assert (first["share"], starter["share"]) == (100.0, 0.0)


def test_badges_speak_the_reader_s_language(api, student):
    told = by_slug(api(student).get(BADGES_API, HTTP_ACCEPT_LANGUAGE="ru"))
    assert told["first-steps"]["name"] == "Первые шаги"


def test_badges_of_a_person(api, student, stranger):
    learn(student, MONDAY)
    answer = api(stranger).get("/api/users/student/badges")
    assert [row["slug"] for row in answer.json()["results"]] == ["first-steps"]
    profile = "/api/users/student/profile"
    assert api(stranger).get(profile).json()["total_points"] == 40
    Habit.objects.update(is_on=False)
    assert api(stranger).get("/api/users/student/badges").json() == {"results": []}
    assert api(stranger).get(profile).json()["total_points"] is None
    Habit.objects.update(is_on=True)
    Profile.objects.update_or_create(user=student, defaults={"show_badges": False})
    assert api(stranger).get("/api/users/student/badges").status_code == 404
    assert api(stranger).get(profile).json()["total_points"] is None
    assert api(student).get(profile).json()["total_points"] == 40


# ── The calendar ──────────────────────────────────────────────────────────────────────────────
def test_the_calendar_says_what_each_day_was(api, student, today):  # noqa: F811
    for n in range(7):  # a week earns a freeze
        learn(student, MONDAY + n * DAY)
    learn(student, MONDAY + 8 * DAY)  # the Monday between was missed
    acts.record(user_id=student.pk, deeds=[Deed("comment", "1", MONDAY)])
    today(MONDAY + 10 * DAY)
    told = api(student).get("/api/gamification/calendar").json()
    assert told["year"] == 2026
    kinds = {row["day"]: row["kind"] for row in told["results"]}
    assert kinds["2026-03-02"] == "studied"
    assert kinds["2026-03-09"] == "frozen"
    assert kinds["2026-03-11"] == "missed"
    assert "2026-03-12" not in kinds  # today, and nothing was learnt yet
    assert "2026-03-01" not in kinds  # before the first day
    first = told["results"][0]
    assert (first["lessons"], first["comments"], first["points"]) == (1, 1, 45)


def test_a_year_without_anything_and_years_that_arent(api, student):
    assert api(student).get("/api/gamification/calendar?year=2020").json()["results"] == []
    for wrong in ("x", "99", "9999", "-1"):
        assert api(student).get(f"/api/gamification/calendar?year={wrong}").status_code == 400


def test_every_day_of_the_year_is_drawn_once():
    last = date(2026, 11, 20)
    days = [CalendarDay(last - timedelta(days=n)) for n in reversed(range(53 * 7 - 2))]
    for weeks in (LONG, SHORT):
        shades = dict(heat_of(days, goal=50, weeks=weeks).shades)
        assert shades["d0"].count("M") == weeks * 7 - 2


def test_the_shade_follows_the_goal():
    def css(studied: int) -> str:
        day = CalendarDay(date(2026, 3, 2), "studied", studied=studied)
        return heat_of([day], goal=50, weeks=SHORT).shades[0][0]

    assert [css(xp) for xp in (2, 24, 25, 49, 50, 99, 100)] == [
        "d1", "d1", "d2", "d2", "d3", "d3", "d4",
    ]  # fmt: skip


# ── Words and drawings ────────────────────────────────────────────────────────────────────────
def test_progress_in_both_languages():
    assert progress_words(BADGES["course-enthusiast"], 7) == "7 of 10 courses"
    with translation.override("ru"):
        assert progress_words(BADGES["course-enthusiast"], 7) == "7 из 10 курсов"
        assert progress_words(BADGES["streak-starter"], 1) == "1 из 3 дней"


def test_every_badge_has_its_words_and_its_seal():
    for badge in BADGES.values():
        if badge.target > 1:
            assert progress_words(badge, 1).split()[-1].isalpha(), badge.slug
        assert len(turns_of(badge.slug)) == WAVES[badge.rarity].rings
        assert ring_of(badge.rarity).endswith("Z")


def test_a_rarer_seal_has_more_rings():
    assert [wave.rings for wave in WAVES.values()] == [1, 2, 3, 4, 5, 6]


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────
def test_the_awards_page(site, student, today):  # noqa: F811
    learn(student, *(MONDAY + n * DAY for n in range(3)))
    today(MONDAY + 2 * DAY)
    page = site(student).get("/awards/").content.decode()
    assert "3 days in a row" in page
    assert "3 of 7 days" in page
    assert "Ultimate Champion" not in page
    assert page.count("<path id=") == 6


def test_the_awards_page_costs_the_same_for_much_and_for_nothing(
    site, student, django_assert_max_num_queries
):
    page = site(student)
    page.get("/awards/")
    learn(student, timezone.now())
    with django_assert_max_num_queries(16) as few:
        page.get("/awards/")
    learn(student, *(timezone.now() - n * DAY for n in range(1, 30)))
    with django_assert_max_num_queries(len(few)):
        page.get("/awards/")


def test_a_missed_day_is_offered_for_repair_and_repaired(site, student, today):  # noqa: F811
    learn(student, MONDAY, MONDAY + DAY)
    today(MONDAY + 3 * DAY)
    page = site(student)
    assert "Repair the streak" in page.get("/awards/").content.decode()
    answer = page.post("/habit/repair/", follow=True).content.decode()
    assert "Your streak is whole again." in answer
    assert "Repair the streak" not in answer


def test_one_badge_s_page_and_the_hidden_one(site, student):
    learn(student, MONDAY)
    page = site(student)
    assert "Yours since" in page.get("/awards/first-steps/").content.decode()
    assert "2 of" not in page.get("/awards/consistent/").content.decode()
    assert page.get("/awards/ultimate-champion/").status_code == 404
    assert page.get("/awards/nothing/").status_code == 404
    Award.objects.create(
        user=student, badge="ultimate-champion", earned_at=datetime(2026, 3, 2, tzinfo=UTC)
    )
    assert "Ultimate Champion" in page.get("/awards/ultimate-champion/").content.decode()


def test_a_hidden_badge_is_named_to_those_alone_who_have_it(site, api, student, stranger):
    learn(student, MONDAY)

    def award(user):
        at = datetime(2026, 3, 2, tzinfo=UTC)
        Award.objects.create(user=user, badge="ultimate-champion", earned_at=at)

    def is_named(*, asks, shows):
        told = asks.get("/api/users/student/badges").content.decode()
        page = shows.get("/profile/student/").content.decode()
        assert "first-steps" in told and "First Steps" in page
        return ("ultimate-champion" in told, "Ultimate Champion" in page)

    award(student)
    assert is_named(asks=api(student), shows=site(student)) == (True, True)
    assert is_named(asks=api(stranger), shows=site(stranger)) == (False, False)
    assert is_named(asks=api(), shows=Client()) == (False, False)
    award(stranger)
    assert is_named(asks=api(stranger), shows=site(stranger)) == (True, True)


def test_today_s_panel(site, student, today):  # noqa: F811
    learn(student, MONDAY, MONDAY + DAY)
    today(MONDAY + 2 * DAY + 10 * timedelta(hours=1))
    panel = site(student).get("/habit/summary/").content.decode()
    assert "days in a row" in panel
    assert "one card keeps the streak" in panel
    assert "Streak Starter" in panel
    Habit.objects.update(is_on=False)
    assert site(student).get("/habit/summary/").content == b""


@pytest.mark.usefixtures("midday")
def test_a_profile_shows_what_its_person_shows(site, student, stranger):
    learn(student, timezone.now())
    page = site(stranger)
    seen = page.get("/profile/student/").content.decode()
    assert "First Steps" in seen
    assert "Level 1" in seen
    assert "in a row now" not in seen  # activity isn't shown
    Profile.objects.update_or_create(user=student, defaults={"show_activity": True})
    assert "1 in a row now" in page.get("/profile/student/").content.decode()
    Habit.objects.update(is_on=False)
    seen = page.get("/profile/student/").content.decode()
    assert "First Steps" not in seen
    assert " XP" not in seen.split("<main")[1]
    Habit.objects.update(is_on=True)
    Profile.objects.update(show_badges=False)
    seen = page.get("/profile/student/").content.decode()
    assert "First Steps" not in seen
    assert "in a row now" not in seen
