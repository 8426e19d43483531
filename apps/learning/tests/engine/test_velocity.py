"""Velocity, time to go, active time, engagement."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.learning.engine.velocity import (
    Day,
    Fortnight,
    Rate,
    Span,
    Velocity,
    active,
    days_to_completion,
    days_to_go,
    engagement,
    hours,
    hours_a_day,
    hours_to_go,
    is_kept,
    sessions,
    trend,
    united,
    velocity,
)


def near(value):
    return pytest.approx(value, abs=1e-6)


START = datetime(2026, 1, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAYS = [Day(0, 2, 1.0), Day(7, 1, 1.5), Day(14, 3, 2.0)]


def test_worked_example():
    found = velocity(DAYS, 14)
    assert found.rate == Rate(near(1.374742928), near(0.646601271), near(2.226740795))
    assert hours_to_go(12, found) == Rate(near(8.728905), near(5.389042), near(18.558578))
    assert found.is_known


def test_without_figures_the_prior_stands_and_is_not_shown():
    nothing = velocity([], 0)
    assert nothing.rate == Rate(near(1.5), near(0.288347508), near(3.106960582))
    assert not nothing.is_known


def test_velocity_falls_when_what_was_mastered_is_forgotten():
    assert is_kept(0.70)
    assert not is_kept(0.69)
    forgotten = [Day(day.number, 0, day.hours) for day in DAYS]
    assert velocity(forgotten, 14).rate.value < velocity(DAYS, 14).rate.value


def test_trend_says_nothing_that_may_be_chance():
    def at(low, high, hours=5.0):
        return Velocity(Rate((low + high) / 2, low, high), hours)

    assert trend(at(1, 2), at(1.4, 2.4)) == 0
    assert trend(at(1, 2), at(1.6, 2.6)) == -1
    assert trend(at(3, 4), at(1, 2)) == 1
    assert trend(at(3, 4), at(1, 2, hours=1.0)) == 0


def test_days_without_study_count():
    daily = hours_a_day([Day(0, 0, 2.0)], first=0, today=1)
    weight = 0.5 ** (1 / 14)
    assert daily == near(2 * weight / (1 + weight))
    assert days_to_go(12, velocity(DAYS, 14), 0.5).value == near(8.728905 * 2)
    assert days_to_go(12, velocity(DAYS, 14), 0) is None
    assert hours_a_day([], first=9, today=5) == 0


def test_completion_is_foreseen_only_with_something_to_go_by():
    assert days_to_completion([(0, 1), (1, 1)], 0, 2, 10) is None
    assert days_to_completion([], 0, 2, 10) is None
    assert days_to_completion([(0, 3)], 0, 21, 10) is None
    found = days_to_completion([(0, 2), (1, 2), (2, 2)], 0, 2, 10)
    weights = [0.5 ** (age / 14) for age in (0, 1, 2)]
    shape, scale = 1 + 2 * sum(weights) / 1.5, 2 + sum(weights) / 1.5
    assert found.value == near(10 * scale / shape)
    assert found.low < found.value < found.high


# ── Active time ───────────────────────────────────────────────────────────────────────────────
def at(minutes, kind="lesson"):
    return START + minutes * MINUTE, kind


def test_a_pause_counts_up_to_its_cap():
    assert hours(active([at(0), at(1), at(30)])) == near((1 + 1.5 + 1.5) / 60)
    assert hours(active([at(0, "question"), at(60, "card")])) == near((5 + 2) / 60)
    assert active([]) == []
    assert hours([]) == 0


def test_parallel_tabs_do_not_add_up():
    one = [at(n / 2) for n in range(20)]
    other = [at(n / 2 + 0.25, "card") for n in range(20)]
    assert hours(active(one + other)) == near((9.75 + 2) / 60)
    assert active(one + other) == active(other + one)


def test_a_span_within_another_adds_nothing():
    long, short = (Span(START + a * MINUTE, START + b * MINUTE) for a, b in ((0, 10), (2, 3)))
    assert united([short, long]) == [long]


def test_half_an_hour_ends_a_session():
    spans = active([at(0), at(31), at(62.6)])
    assert len(spans) == 3
    sittings = sessions(spans)
    assert [(one.start, one.end) for one in sittings] == [
        (START, START + 32.5 * MINUTE),
        (START + 62.6 * MINUTE, START + 64.1 * MINUTE),
    ]
    assert sessions([]) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from(["card", "tutor", "video"])), max_size=40
    )
)
def test_active_time_is_bounded_and_disjoint(acts):
    spans = active([at(*act) for act in acts])
    assert all(one.end < other.start for one, other in zip(spans, spans[1:], strict=False))
    assert hours(spans) <= len(acts) * 3 / 60 + 1e-9
    assert all(isinstance(one, Span) and one.start < one.end for one in spans)


# ── Engagement ────────────────────────────────────────────────────────────────────────────────
def test_engagement():
    busy = Fortnight(5, 100, 3, lessons_with_quiz=3, quizzes=2, reviews=40, overdue=10)
    assert engagement(busy) == near(66.611111)
    plain = Fortnight(8, 180, 4, lessons_with_quiz=0, quizzes=0, reviews=0, overdue=0)
    assert engagement(plain) == near(100)
    assert engagement(Fortnight(0, 0, 0, 0, 0, 0, 0)) == 0


days = st.lists(
    st.builds(Day, st.integers(0, 100), st.integers(0, 50), st.floats(0, 24)), max_size=30
)


@given(days)
def test_the_interval_holds_the_estimate_whatever_the_days(log):
    found = velocity(log, 100)
    assert 0 <= found.rate.low < found.rate.value < found.rate.high
    assert velocity(list(reversed(log)), 100).rate.value == pytest.approx(found.rate.value)
