"""A year of a student, lived through the services with a moved clock, against a table made by hand."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from apps.core import bus
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.services import complete_lesson, enroll
from apps.gamification.engine import streak
from apps.gamification.engine.streak import Kept
from apps.gamification.models import Act, DayTotal, Habit
from apps.gamification.selectors import summary_of
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts, choices
from apps.gamification.services.replay import replay

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
RESTS = {date(2026, 8, 19): [2, 6], date(2026, 9, 10): [5, 6]}
KEPT = {".": Kept.REST, "F": Kept.FROZEN, "R": Kept.REPAIRED, "M": Kept.MISSED, "-": Kept.MISSED}


def table():
    """(day, zone, whether it has just been entered, what it was, morning, evening, freezes)"""
    zone, entered = "Europe/Moscow", False
    for line in (Path(__file__).parent / "data" / "year.txt").read_text().splitlines():
        if line.startswith("@"):
            zone, entered = line[1:].strip(), True
        elif line and not line.startswith("#"):
            monday, *cells = line.split()
            assert len(cells) == 7
            for number, cell in enumerate(cells):
                morning, rest = cell[1:].split(">")
                evening, freezes = rest.split("/")
                yield (
                    date.fromisoformat(monday) + number * DAY, zone, entered, cell[0],
                    int(morning), int(evening), int(freezes),
                )  # fmt: skip
                entered = False


@pytest.fixture
def live(student, deliver_all):
    """Do what the table says of one day after the other, and look in the morning and the evening."""
    course = CourseFactory()
    waiting = []
    student.timezone = "Europe/Moscow"
    student.save()

    def tell(day, at):
        """Both devices tell of a card; of one they tell together."""
        for source in (f"{day} 1", f"{day} 2", f"{day} 1"):
            acts.record(user_id=student.pk, deeds=[Deed("review", source, at)])

    def study(day, at):
        if day.weekday():
            tell(day, at)
            return
        lesson = LessonFactory(course=course)  # the beginning of the week by the real services
        with bus.happening(at):
            enroll(student=student, course=course, at=at)
            complete_lesson(student=student, lesson=lesson, at=at)
            deliver_all()

    def run(day, zone, entered, what):
        if entered:
            student.timezone = zone
            student.save()
        here = ZoneInfo(zone)
        morning, noon, evening = (
            datetime.combine(day, time(hour), tzinfo=here) for hour in (7, 12, 22)
        )
        seen = summary_of(student, morning).streak
        if day in RESTS:
            choices.choose_rest_days(user=student, weekdays=RESTS[day], at=noon - MINUTE)
        if seen.repairable and what == "S" and seen.broken_run == 65:
            choices.repair_streak(user=student, at=noon - MINUTE)
        if what == "L":
            waiting.append((day, noon))
        if what == "S":
            for late in reversed(waiting):  # the later one first
                tell(*late)
            waiting.clear()
            study(day, noon)
        return seen, summary_of(student, evening).streak

    return run


def test_a_year_is_what_was_worked_out_by_hand(student, live):
    days = list(table())
    assert [day for day, *_ in days] == [date(2026, 1, 5) + n * DAY for n in range(len(days))]
    wrong = []
    for day, zone, entered, what, morning, evening, freezes in days:
        before, after = live(day, zone, entered, what)
        shown = (before.current, after.current, after.freezes)
        if shown != (morning, evening, freezes):
            wrong.append(f"{day} {what}: {shown} instead of {(morning, evening, freezes)}")
        assert after.active_today == (what == "S")
    assert wrong == []

    studied = {day for day, _, _, what, *_ in days if what in "SL"}
    rows = DayTotal.objects.filter(user=student, acts__gt=0)
    assert set(rows.values_list("day", flat=True)) == studied
    # what each day without anything was, as the calendar of the year shows it
    state = Habit.objects.get(user=student).folded()
    shown = {
        day: kind
        for day, kind, _ in streak.year(studied, state.rest_days, state.repairs, days[-1][0])
    }
    assert shown == {day: KEPT[what] for day, _, _, what, *_ in days if what not in "SL"}
    # of two runs of 60 and one of 100 each length is rewarded once
    lengths = Act.objects.filter(user=student, rule="streak").order_by("id")
    assert [row.source for row in lengths] == ["3", "7", "14", "30", "60", "100"]
    assert (state.run.longest, state.run.total) == (100, len(studied))
    assert [setting.clock.zone for setting in state.settings] == [
        "Europe/Moscow", "Asia/Tokyo", "America/Los_Angeles", "Europe/Moscow",
    ]  # fmt: skip
    assert replay(user_id=student.pk) == []


def test_no_monday_begins_with_nothing():
    """In the table itself: after a week of study the streak is there on Monday morning."""
    days = list(table())
    for (_, _, _, friday, _, kept, _), monday in zip(days[4::7], days[7::7], strict=False):
        if friday == "S":
            assert monday[4] >= kept > 0
