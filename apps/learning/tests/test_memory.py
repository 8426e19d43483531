"""Scheduling against py-fsrs itself, study days across clock changes, and the placing of due days."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import fsrs
import pytest

from apps.learning.engine import memory
from apps.learning.engine.log import Figures, Grade, after, replayed, restored
from apps.learning.engine.memory import Memory, fuzz_range, place, place_due, study_day

START = datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=UTC)
PAUSES = (  # seconds: within the steps, within the day, about a day, weeks, years
    (0, 900),
    (900, 80_000),
    (80_000, 100_000),
    (86_400, 40 * 86_400),
    (86_400, 900 * 86_400),
)


def random_history(chance):
    """Grades with odd pauses: (seconds later, rating)."""
    return [
        (chance.randint(*chance.choice(PAUSES)), chance.choices((1, 2, 3, 4), (2, 1, 5, 1))[0])
        for _ in range(chance.randint(1, 12))
    ]


def test_ten_thousand_histories_equal_py_fsrs():
    chance = random.Random(20261)
    retentions = (0.80, 0.85, 0.90, 0.93, 0.97)
    for number in range(10_000):
        retention = retentions[number % len(retentions)]
        theirs = fsrs.Scheduler(
            desired_retention=retention,
            learning_steps=(timedelta(minutes=1), timedelta(minutes=10)),
            relearning_steps=(timedelta(minutes=10),),
            enable_fuzzing=False,
        )
        card, ours, now = fsrs.Card(card_id=number, due=START), Memory(due=START), START
        for pause, rating in random_history(chance):
            now += timedelta(seconds=pause)
            expected = theirs.get_card_retrievability(card, now) if card.last_review else None
            by = memory.scheduler(retention)
            assert memory.retrievability(ours, now, by) == expected
            card, _log = theirs.review_card(card, fsrs.Rating(rating), now)
            ours = memory.graded(ours, rating, now, by)
            assert (ours.stability, ours.difficulty) == (card.stability, card.difficulty)
            assert (ours.state, ours.step) == (card.state, card.step)
            assert (ours.due, ours.last_review) == (card.due, card.last_review)


def test_the_preview_tells_what_each_grade_does():
    by = memory.scheduler(0.9)
    assert memory.intervals(Memory(due=START), START, by) == {
        "again": 60,
        "hard": 330,
        "good": 600,
        "easy": 8 * 86_400,
    }


@pytest.mark.parametrize("grades", [[], [3], [4], [4, 3], [4, 3, 1], [1, 2]], ids=str)
@pytest.mark.parametrize("waits", [timedelta(minutes=5), timedelta(days=9, hours=5)], ids=str)
def test_the_preview_is_what_the_grades_then_do(grades, waits):
    by, at, known = memory.scheduler(0.87), START, Memory(due=START)
    for grade in grades:
        known = memory.graded(known, grade, at, by)
        at += waits
    assert memory.intervals(known, at, by) == {
        name: round((memory.graded(known, rating, at, by).due - at).total_seconds())
        for name, rating in memory.RATINGS.items()
    }


# ── Study days ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-10-25T01:59Z", "Europe/Berlin", "2026-10-24"),
        ("2026-10-25T03:00Z", "Europe/Berlin", "2026-10-25"),
        ("2026-03-29T01:30Z", "Europe/Berlin", "2026-03-28"),
        ("2026-11-21T22:30Z", "Asia/Vladivostok", "2026-11-22"),
        ("2026-11-21T17:59Z", "Asia/Vladivostok", "2026-11-21"),
    ],
)
def test_the_study_day_begins_at_four_by_the_wall_clock(moment, zone, day):
    found = study_day(datetime.fromisoformat(moment), ZoneInfo(zone), 4)
    assert found == date.fromisoformat(day)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Africa/Cairo", "UTC"])
@pytest.mark.parametrize("day_start", [0, 2, 3, 4, 23])
def test_a_day_begins_where_the_one_before_ends(zone, day_start):
    zone = ZoneInfo(zone)
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        begins = memory.day_begins(day, zone, day_start)
        assert study_day(begins, zone, day_start) == day
        assert study_day(begins - timedelta(seconds=1), zone, day_start) == day - timedelta(days=1)


# ── Placing ───────────────────────────────────────────────────────────────────────────────────
def test_fuzz_ranges():
    examples = {1: (1, 1), 2: (2, 2), 3: (2, 4), 7: (5, 9), 10: (8, 12), 20: (17, 23), 60: (55, 65)}
    assert {days: fuzz_range(days) for days in examples} == examples
    assert fuzz_range(36_500)[1] == 36_500


def test_the_least_loaded_day_is_taken():
    loads = {7: 3, 8: 1, 9: 4, 10: 2, 11: 1, 12: 5}
    assert place(10, lambda day: loads.get(day, 0)) == 11
    assert place(10, lambda day: 0) == 10


def test_only_intervals_in_days_are_placed():
    by = memory.scheduler(0.9)
    learning = memory.graded(Memory(due=START), 3, START, by)
    assert place_due(learning, lambda day: day) == learning.due
    known = memory.graded(Memory(due=START), 4, START, by)  # 8 days: 6 … 10
    assert known.due == START + timedelta(days=8)
    assert place_due(known, lambda day: day) == START + timedelta(days=6)
    assert place_due(known, lambda day: -day) == START + timedelta(days=10)


# ── The log ───────────────────────────────────────────────────────────────────────────────────
def test_lapses_mark_a_leech_at_eight_and_then_every_four():
    by, now = memory.scheduler(0.9), START
    figures = Figures(memory=Memory(due=START), due=START)
    marks = []
    for _ in range(17):
        for rating in (4, 1):
            now += timedelta(days=1)
            known = memory.graded(figures.memory, rating, now, by)
            figures = after(figures, known, rating, known.due)
            if figures.leech_at == now:
                marks.append(figures.lapses)
    assert figures.lapses == 17
    assert marks == [8, 12, 16]


def test_a_log_replays_to_the_same_figures_and_through_json():
    chance = random.Random(5)
    weights = tuple(value * 1.05 for value in fsrs.scheduler.DEFAULT_PARAMETERS)
    for _ in range(300):
        begin = live = Figures(memory=Memory(due=START), due=START)
        now, grades = START, []
        for pause, rating in random_history(chance):
            now += timedelta(seconds=pause)
            with_weights = chance.choice((None, weights))
            retention = chance.choice((0.8, 0.9, 0.97))
            known = memory.graded(
                live.memory, rating, now, memory.scheduler(retention, with_weights)
            )
            due = place_due(known, lambda day: chance.random())
            live = after(live, known, rating, due)
            assert restored(live.stored()) == live
            grades.append(Grade(rating, now, due, retention, with_weights))
        assert replayed(begin, grades) == live
