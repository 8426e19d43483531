"""One's own figures over the API and in the header, the settings, and the repair of a streak."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from apps.gamification.models import DayTotal, Habit
from apps.gamification.selectors.deeds import Deed
from apps.gamification.selectors.habits import counter_of
from apps.gamification.services import acts

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
ME = "/api/gamification/me"


def learn(user, *days: datetime) -> None:
    for day in days:
        acts.record(user_id=user.pk, deeds=[Deed("lesson", day.isoformat(), day)])


@pytest.fixture
def today(monkeypatch):
    """Call it with a moment: that is now from then on."""

    def go_to(moment: datetime) -> datetime:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    go_to(MONDAY)
    return go_to


def test_a_beginner_has_a_level_and_nothing_else(api, student):
    told = api(student).get(ME).json()
    assert told["xp"] == 0
    assert (told["level"], told["level_xp"], told["next_level_xp"]) == (1, 0, 50)
    assert told["streak"] == {
        "current": 0,
        "longest": 0,
        "total_days": 0,
        "freezes": 0,
        "active_today": False,
        "at_risk": False,
        "repairable": None,
    }
    assert told["daily_goal"] == {"target": 50, "current": 0}
    assert (told["is_on"], told["celebrates"], told["badges_earned"]) == (True, True, 0)


def test_figures_after_three_days(api, student, today):
    learn(student, *(MONDAY + n * DAY for n in range(3)))
    today(MONDAY + 2 * DAY)
    told = api(student).get(ME).json()
    assert told["streak"]["current"] == 3
    assert told["streak"]["active_today"]
    assert not told["streak"]["at_risk"]
    assert told["daily_goal"]["current"] == 20
    assert told["badges_earned"] == 2
    today(MONDAY + 3 * DAY)
    told = api(student).get(ME).json()
    assert told["streak"]["at_risk"]
    assert told["daily_goal"]["current"] == 0


def test_choices_are_kept_and_rest_days_wait_for_monday(api, student, today):
    body = {"is_on": False, "celebrates": False, "daily_goal": 100, "rest_days": [2]}
    told = api(student).patch(ME, body, format="json").json()
    assert (told["is_on"], told["celebrates"], told["daily_goal"]["target"]) == (False, False, 100)
    assert told["rest_days"] == {"now": [5, 6], "coming": [2], "coming_from": "2026-03-09"}
    today(MONDAY + 7 * DAY)
    told = api(student).get(ME).json()
    assert told["rest_days"] == {"now": [2], "coming": None, "coming_from": None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"daily_goal": 30}, "daily_goal"),
        ({"daily_goal": None}, "daily_goal"),
        ({"rest_days": [0, 1, 2]}, "rest_days"),
        ({"rest_days": [7]}, "rest_days"),
        ({"is_on": "perhaps"}, "is_on"),
    ],
)
def test_bad_choices_are_told(api, student, body, field):
    answer = api(student).patch(ME, body, format="json")
    assert answer.status_code == 400
    assert any(name.startswith(field) for name in answer.json()["errors"])
    assert not Habit.objects.filter(user=student).exists()


def test_a_visitor_is_asked_to_sign_in(api):
    assert api().get(ME).status_code == 401


def test_a_streak_is_repaired_once(api, student, today):
    learn(student, MONDAY, MONDAY + DAY)
    # Wednesday was missed
    today(MONDAY + 3 * DAY)
    told = api(student).get(ME).json()["streak"]
    assert (told["current"], told["repairable"]) == (0, "2026-03-04")
    told = api(student).post("/api/gamification/streak/repair").json()["streak"]
    assert (told["current"], told["repairable"]) == (2, None)
    again = api(student).post("/api/gamification/streak/repair")
    assert again.status_code == 409


@pytest.mark.usefixtures("midday")
def test_the_header_counts_days_and_points(site, student):
    learn(student, timezone.now())
    page = site(student).get("/my/courses/").content.decode()
    assert "data-habit-days>1</span>" in page
    assert "data-habit-xp>40</span> XP" in page
    assert "data-active" in page


def test_the_header_costs_one_query(student, django_assert_num_queries):
    learn(student, *(MONDAY + n * DAY for n in range(5)))
    with django_assert_num_queries(1):
        counter = counter_of(student, MONDAY + 4 * DAY)
    assert (counter.current, counter.active_today, counter.waits) == (5, True, True)


def test_switched_off_nothing_of_it_is_shown(site, student):
    learn(student, timezone.now())
    Habit.objects.update(is_on=False)
    page = site(student).get("/my/courses/").content.decode()
    assert "data-habit" not in page
    page = site(student).get("/awards/").content.decode()
    assert "switched off" in page
    assert "XP" not in page.split("<main")[1]


def test_settings_are_kept(site, student):
    page = site(student)
    answer = page.post(
        "/settings/habit/", {"is_on": "on", "daily_goal": "200", "rest_days": ["0", "3"]}
    )
    assert answer.status_code == 302
    habit = Habit.objects.get(user=student)
    assert (habit.is_on, habit.celebrates, habit.daily_goal) == (True, False, 200)
    shown = page.get("/settings/habit/").content.decode()
    assert 'name="rest_days" value="3" checked' in shown
    assert "Your last choice holds from" in shown


def test_wrong_settings_are_told_and_change_nothing(site, student):
    wrong = {"is_on": "on", "daily_goal": "30", "rest_days": ["0", "1", "2"]}
    answer = site(student).post("/settings/habit/", wrong)
    assert answer.status_code == 422
    assert "Two days of the week at the most." in answer.content.decode()
    assert not Habit.objects.filter(user=student).exists()


def test_the_page_offers_no_repair_that_isnt_there(site, student):
    answer = site(student).post("/habit/repair/", follow=True)
    assert "no streak to repair" in answer.content.decode()
    assert not DayTotal.objects.exists()
