"""What happens seldom: taken back and done again, told late, over borders, on the limit."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from apps.core.errors import Conflict
from apps.gamification.engine.badges import ASKED_BY_ALL
from apps.gamification.engine.rules import RULES
from apps.gamification.models import Act, Award, DayTotal, Habit
from apps.gamification.selectors import summary_of
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts, choices

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def study(student):
    """`study(0, 1, 4)` completes a lesson on these days after the Monday."""

    def run(*days, deed=None):
        for day in days:
            made = deed or Deed("lesson", str(day), MONDAY + day * DAY)
            acts.record(user_id=student.pk, deeds=[made])

    return run


@pytest.fixture
def told(monkeypatch):
    """The events that were published."""
    events = []
    monkeypatch.setattr("apps.gamification.services.outcomes.publish", events.append)
    return events


def streak(student, day):
    return summary_of(student, MONDAY + day * DAY).streak


def points(student, rule):
    return sum(Act.objects.filter(user=student, rule=rule).values_list("points", flat=True))


def like(student, at, holds, liker=7):
    deed = Deed("like", f"post:1:{liker}", at)
    acts.settle(user_id=student.pk, deed=deed, holds=holds, at=at)


# ── Repairs and freezes ───────────────────────────────────────────────────────────────────────
def test_a_repair_joins_what_was_learnt_before_and_after(student, study):
    study(0, 1, 3)  # Wednesday was missed
    now = streak(student, 3)
    assert (now.current, now.repairable, now.broken_run) == (1, date(2026, 3, 4), 2)
    choices.repair_streak(user=student, at=MONDAY + 3 * DAY)
    now = streak(student, 3)
    assert (now.current, now.total, now.repairable) == (3, 3, None)
    with pytest.raises(Conflict):
        choices.repair_streak(user=student, at=MONDAY + 3 * DAY + HOUR)


def test_a_repair_comes_too_late_after_a_day(student, study):
    study(0, 1, 3)
    with pytest.raises(Conflict):
        choices.repair_streak(user=student, at=MONDAY + 4 * DAY)


def test_a_repair_is_had_once_a_month(student, study):
    study(0, 1)
    choices.repair_streak(user=student, at=MONDAY + 3 * DAY)
    study(3, 4, 7)  # Tuesday is missed
    with pytest.raises(Conflict):
        choices.repair_streak(user=student, at=MONDAY + 9 * DAY)
    assert streak(student, 9).current == 0


def test_a_day_that_was_repaired_and_is_told_late_counts_once(student, study):
    study(0, 1, 3)
    choices.repair_streak(user=student, at=MONDAY + 3 * DAY)
    study(2)
    assert (streak(student, 3).current, streak(student, 3).total) == (4, 4)


def test_a_freeze_that_a_late_act_made_needless_comes_back(student, study):
    study(*range(7), 8)
    assert (streak(student, 8).current, streak(student, 8).freezes) == (8, 0)
    study(7)
    assert (streak(student, 8).current, streak(student, 8).freezes) == (9, 1)


# ── Days of rest ──────────────────────────────────────────────────────────────────────────────
def test_of_rests_chosen_before_a_monday_the_last_hold(student, study):
    study(0)
    at = MONDAY
    for weekdays in ([0, 1], [0, 1], [2], [5, 6], [5, 6], []):
        choices.choose_rest_days(user=student, weekdays=weekdays, at=at)
    assert Act.objects.filter(user=student, rule="rest").count() == 4
    assert Habit.objects.get(user=student).folded().rest_days == [(date(2026, 3, 9), ())]
    study(1, 2, 3, 4, 7, 8, 9, 10, 11)
    # the weekend before was one of rest, that after it isn't; the seventh day brought a freeze
    assert [streak(student, day).current for day in (11, 12, 13, 14)] == [10, 10, 10, 0]


# ── Taken back, done again ────────────────────────────────────────────────────────────────────
def test_a_like_taken_back_and_given_again_stays_on_its_day(student):
    for liker in range(60):
        like(student, MONDAY, True, liker)
    assert points(student, "like") == 50
    # the one beyond the limit isn't paid on another day, and none is paid twice
    for liker in (0, 59):
        like(student, MONDAY + DAY, False, liker)
        like(student, MONDAY + DAY, True, liker)
    assert summary_of(student, MONDAY).xp == 50
    assert set(DayTotal.objects.filter(user=student).values_list("day")) == {(date(2026, 3, 2),)}
    assert Habit.objects.get(user=student).folded().counters["likes"] == 60


def test_back_and_forth_neither_gains_nor_loses_on_the_limit(student):
    reviews = [Deed("review", str(number), MONDAY) for number in range(203)]
    acts.record(user_id=student.pk, deeds=reviews)
    for number in (0, 202, 0, 1, 202):
        for holds in (False, True):
            acts.settle(user_id=student.pk, deed=reviews[number], holds=holds, at=MONDAY)
    day = DayTotal.objects.get(user=student)
    assert (day.by_rule["review"], day.reviews, day.acts) == (400, 203, 203)


def test_a_level_is_reached_once(student, told):
    deed = Deed("review", "1", MONDAY)
    acts.record(user_id=student.pk, deeds=[Deed("lesson", "1", MONDAY), Deed("topic", "1", MONDAY)])
    assert summary_of(student, MONDAY).xp == 50  # with First Steps: level 2
    told.clear()
    topic = Deed("topic", "2", MONDAY)
    for holds in (True, False, True):
        acts.settle(user_id=student.pk, deed=deed, holds=holds, at=MONDAY)
        acts.settle(user_id=student.pk, deed=topic, holds=holds, at=MONDAY)
    assert not [event for event in told if event.name == "level.reached"]


def test_taking_back_what_made_the_day_is_told(student, study, told):
    deed = Deed("review", "1", MONDAY + DAY)
    study(0)
    acts.settle(user_id=student.pk, deed=deed, holds=True, at=MONDAY + DAY)
    acts.settle(user_id=student.pk, deed=deed, holds=False, at=MONDAY + DAY)
    assert (streak(student, 1).current, streak(student, 1).active_today) == (1, False)
    assert (told[-1].name, told[-1].current) == ("streak.updated", 1)


def test_what_was_reached_stays_when_a_day_is_taken_back(student, study):
    study(0, 1)
    deed = Deed("review", "1", MONDAY + 2 * DAY)
    for holds in (True, False, True):
        acts.settle(user_id=student.pk, deed=deed, holds=holds, at=MONDAY + 2 * DAY)
    assert Act.objects.filter(user=student, rule="streak").count() == 1
    assert Award.objects.filter(user=student, badge="streak-starter").count() == 1


# ── Clocks ────────────────────────────────────────────────────────────────────────────────────
def test_an_act_told_late_is_of_the_day_by_the_clock_of_then(student, study):
    student.timezone = "Asia/Tokyo"
    student.save()
    study(0, 1)
    student.timezone = "America/Los_Angeles"
    student.save()
    study(4)
    # Monday 20:00 in UTC: Tuesday in Tokyo, from where it is told only now
    at = MONDAY + 10 * HOUR
    study(0, deed=Deed("review", "1", at))
    assert Act.objects.get(user=student, rule="review").day == date(2026, 3, 3)
    clocks = Habit.objects.get(user=student).folded().settings
    assert [setting.clock.zone for setting in clocks] == ["Asia/Tokyo", "America/Los_Angeles"]
    assert clocks[1].since >= MONDAY + DAY


def test_an_act_told_late_changes_no_clock_that_held_since(student, study):
    """The zone of now isn't the zone of then, nor does it undo the one between."""
    zones = ["Europe/Moscow", "Asia/Tokyo", "Europe/Berlin"]
    for day, zone in zip((0, 4, 8), zones, strict=True):
        student.timezone = zone
        student.save()
        study(day)
        study(day, deed=Deed("review", str(day), MONDAY - (9 - day) * DAY))
    clocks = Habit.objects.get(user=student).folded().settings
    assert [setting.clock.zone for setting in clocks] == zones
    assert [setting.since for setting in clocks] == sorted(setting.since for setting in clocks)
    assert clocks[1].since >= MONDAY


def test_zones_changed_at_one_moment_are_all_noted(student, study):
    for number, zone in enumerate(["UTC", "Asia/Tokyo"] * 5):
        student.timezone = zone
        student.save()
        study(0, deed=Deed("review", str(number), MONDAY))
    assert Act.objects.filter(user=student, rule="review").count() == 10
    assert Act.objects.filter(user=student, rule="review").values("day").distinct().count() == 1


def test_an_act_from_before_the_first_clock_is_of_that_one(student, study):
    student.timezone = "Asia/Tokyo"
    student.save()
    study(0)
    study(0, deed=Deed("review", "1", MONDAY - 3000 * DAY + 10 * HOUR))
    first = Act.objects.get(user=student, rule="review")
    assert first.day == (MONDAY - 2999 * DAY).date()
    assert (streak(student, 0).current, streak(student, 0).total) == (1, 2)


def test_the_first_day_of_a_new_run_is_told(student, study, told):
    study(0, 3)
    updates = [event for event in told if event.name == "streak.updated"]
    assert [(event.current, event.day) for event in updates] == [
        (1, "2026-03-02"),
        (1, "2026-03-05"),
    ]


# ── Limits ────────────────────────────────────────────────────────────────────────────────────
def test_all_that_brings_points_by_a_rule_has_a_limit():
    """Badges, streaks and rewards bring their own points, and have none."""
    for rule in RULES.values():
        assert (rule.a_day is not None) == (rule.xp > 0), rule.key
        assert rule.a_day is None or rule.a_day >= rule.xp


def test_points_of_badges_streaks_and_rewards_are_beyond_all_limits(student, study):
    at = MONDAY
    rewards = [Deed("referral", str(number), at, points=500) for number in range(9)]
    acts.record(user_id=student.pk, deeds=rewards)
    assert points(student, "referral") == 4500
    study(*range(7))
    assert points(student, "streak") == 200
    assert points(student, "badge") == 20 + 20 + 50  # First Steps, Streak Starter, Dedicated


def test_an_honest_first_completion_counts_however_quick(student, study):
    study(0, deed=Deed("course", "1", MONDAY, facts={"fast": True}))
    assert points(student, "course") == 200
    for number in range(2, 9):
        study(0, deed=Deed("course", str(number), MONDAY + timedelta(seconds=number)))
    assert points(student, "course") == 600
    assert Habit.objects.get(user=student).folded().counters["courses"] == 8


def test_the_badge_for_all_others_comes_once_with_two_at_a_time(student, study):
    """The last one asked for, and one bound to a time beside it: both ask for all."""
    study(0)
    habit = Habit.objects.get(user=student)
    state = habit.folded()
    state.badges = sorted(ASKED_BY_ALL - {"night-owl"})
    acts.save_state(habit, state)
    student.birthday = date(2000, 3, 3)
    student.save()
    study(0, deed=Deed("review", "1", datetime(2026, 3, 3, 23, 30, tzinfo=UTC)))
    earned = Award.objects.filter(user=student, earned_at__gt=MONDAY)
    found = set(earned.values_list("badge", flat=True))
    assert found == {"night-owl", "birthday-gift", "ultimate-champion"}


# ── People ────────────────────────────────────────────────────────────────────────────────────
def test_nothing_is_written_about_somebody_who_was_erased(student):
    student.erased_at = timezone.now()
    student.save()
    assert acts.record(user_id=student.pk, deeds=[Deed("lesson", "1", MONDAY)]) == []
    like(student, MONDAY, True)
    assert not Act.objects.exists()
