"""Forgetting as FSRS has it, and equal to py-fsrs."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.learning.engine.trace import Trace, interval, practised, recall, retrievability


def near(value):
    return pytest.approx(value, abs=1e-6)


START = datetime(2026, 1, 1, 8, tzinfo=UTC)


def test_curves():
    assert [retrievability(10, days) for days in (5, 10, 30)] == [
        near(0.940344289),
        near(0.9),
        near(0.809388104),
    ]
    assert [interval(10, chance) for chance in (0.9, 0.875, 0.85, 0.80)] == [
        near(10),
        near(14.049040),
        near(19.064261),
        near(33.159598),
    ]
    assert 0.8 * retrievability(10, 5) == near(0.752275431)


def test_the_trace_is_a_card_of_py_fsrs():
    trace, at, stabilities = None, START, []
    for good, days in ((1, 0), (1, 2), (1, 10), (0, 30), (1, 4)):
        at += timedelta(days=days)
        trace = practised(trace, good=bool(good), at=at)
        stabilities.append(trace.stability)
    assert stabilities == [
        near(2.3065),
        near(10.964332336),
        near(43.931669184),
        near(2.761800128),
        near(8.603582587),
    ]
    assert [round(interval(stability, 0.9)) for stability in stabilities] == [2, 11, 44, 3, 9]
    assert recall(trace, at + timedelta(days=1)) == pytest.approx(0.983, abs=5e-4)
    assert 0.983 < recall(trace, at + timedelta(hours=23)) < 1


def test_the_next_study_day_is_another_day_though_not_24_hours_passed():
    evening, morning = START, START + timedelta(hours=14)
    trace = practised(None, good=True, at=evening)
    same = practised(trace, good=True, at=morning)
    other = practised(trace, good=True, at=morning, study_days=1)
    whole = practised(trace, good=True, at=evening + timedelta(days=1))
    assert other.stability == whole.stability > same.stability
    assert other.last == same.last == morning


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 400)), min_size=1, max_size=12))
def test_equal_to_py_fsrs_bit_for_bit(reviews):
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, trace, at = fsrs.Card(card_id=1, due=START), None, START
    for good, days in reviews:
        at += timedelta(days=days)
        if trace is not None:
            assert recall(trace, at) == scheduler.get_card_retrievability(card, at)
        card, _log = scheduler.review_card(card, fsrs.Rating(3 if good else 1), at)
        trace = practised(trace, good=good, at=at)
        assert (trace.stability, trace.difficulty) == (card.stability, card.difficulty)


def test_a_clock_that_goes_backwards_takes_nothing():
    trace = practised(None, good=True, at=START)
    assert recall(trace, START - timedelta(days=9)) == 1
    again = practised(trace, good=True, at=START - timedelta(days=9))
    assert again.last == START
    assert again.stability >= trace.stability
    assert retrievability(10, -5) == 1


def test_other_zones_are_the_same_moment():
    local = START.astimezone(ZoneInfo("Asia/Vladivostok"))
    assert (
        practised(None, good=True, at=local).stability
        == practised(None, good=True, at=START).stability
    )


@given(st.floats(0.01, 5000), st.floats(0, 4000), st.floats(0, 4000))
def test_recall_only_falls(stability, one, other):
    sooner, later = sorted((one, other))
    assert 0 < retrievability(stability, later) <= retrievability(stability, sooner) <= 1


def test_interval_is_the_way_back():
    for chance in (0.97, 0.9, 0.8, 0.7):
        assert retrievability(7.5, interval(7.5, chance)) == near(chance)
    assert Trace(1.0, 5.0, START).decay == near(0.1542)
