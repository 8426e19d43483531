"""What the log makes again is what was there: after any acts, and after damage."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from apps.courses.tests.factories import CourseFactory
from apps.gamification.engine import badges
from apps.gamification.engine.badges import Badge
from apps.gamification.models import Act, Award, CourseTotal, DayTotal, Habit
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts, choices
from apps.gamification.services.replay import replay

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
ZONES = ["UTC", "Asia/Tokyo", "America/Los_Angeles", "Europe/Moscow"]


def live_a_while(student, chance, days=60):
    """Lessons, quizzes, reviews done and undone, late acts, journeys, days of rest, a repair."""
    course = CourseFactory()
    number = 0
    for day in range(days):
        at = BEGIN + timedelta(days=day, hours=chance.randrange(12))
        if chance.random() < 0.05:
            student.timezone = chance.choice(ZONES)
            student.save(update_fields=["timezone"])
        if chance.random() < 0.05:
            choices.choose_rest_days(user=student, weekdays=chance.sample(range(7), 2), at=at)
        for _ in range(chance.randrange(4)):
            number += 1
            rule = chance.choice(["lesson", "quiz", "perfect", "review", "comment", "course"])
            late = timedelta(days=chance.choice([0, 0, 0, 3]))
            deed = Deed(rule, str(number), at - late, course.pk, {"number": number})
            acts.record(user_id=student.pk, deeds=[deed])
            if rule == "review" and chance.random() < 0.4:
                acts.settle(user_id=student.pk, deed=deed, holds=False, at=at)


def figures(student):
    habit = Habit.objects.get(user=student)
    return (
        (habit.xp, habit.run, habit.last_day, habit.state),
        sorted(DayTotal.objects.filter(user=student).values_list("day", *acts.DAY_FIGURES[:-1])),
        sorted(
            CourseTotal.objects.filter(user=student).values_list("course", "week", "points"),
            key=str,
        ),
        set(Award.objects.filter(user=student).values_list("badge", flat=True)),
    )


@pytest.mark.parametrize("seed", range(6))
def test_a_life_replayed_is_the_life_lived(student, seed):
    live_a_while(student, random.Random(seed))
    lived = figures(student)
    assert replay(user_id=student.pk) == []
    assert figures(student) == lived
    assert sum(Act.objects.filter(user=student).values_list("points", flat=True)) == lived[0][0]


def test_damage_is_named_and_mended(student, capsys):
    live_a_while(student, random.Random(7))
    lived = figures(student)
    Habit.objects.update(xp=7, run=99, state={})
    DayTotal.objects.filter(user=student).first().delete()
    CourseTotal.objects.all().delete()
    Award.objects.all().delete()
    with pytest.raises(SystemExit):
        call_command("replay_habits", check=True)
    assert "state, days, courses, awards differed" in capsys.readouterr().out
    assert Habit.objects.get().xp == 7
    call_command("replay_habits", user=student.pk)
    assert figures(student) == lived
    call_command("replay_habits", check=True)


def test_a_badge_that_is_new_to_the_house_goes_to_who_earned_it(student, monkeypatch):
    for number in range(3):
        acts.record(user_id=student.pk, deeds=[Deed("lesson", str(number), BEGIN)])
    xp = Habit.objects.get().xp
    texts = {"name_en": "Three", "name_ru": "Три", "description_en": "", "description_ru": ""}
    three = Badge("three", "learning", 10, "lessons", 3, "flag", **texts)
    monkeypatch.setitem(badges.BADGES, "three", three)
    badges.by_counter.cache_clear()
    try:
        assert replay(user_id=student.pk) == ["acts", "state", "days", "awards"]
    finally:
        monkeypatch.delitem(badges.BADGES, "three")
        badges.by_counter.cache_clear()
    assert Habit.objects.get().xp == xp + 10
    assert Act.objects.get(source="three").day == date(2026, 1, 5)
    assert replay(user_id=student.pk) == []
