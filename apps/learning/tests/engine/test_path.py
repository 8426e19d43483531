"""The path: gains as worked out by hand, order, refreshing, the next step."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.learning.engine.graph import Edge, exercised
from apps.learning.engine.path import (
    Candidate,
    Known,
    Lesson,
    State,
    comes_back,
    in_order,
    learning_chance,
    lesson_gain,
    lesson_minutes,
    next_step,
    readiness,
    review_gain,
    state_of,
    to_refresh,
)
from apps.learning.engine.trace import Trace, recall, retrievability, stability_after


def near(value):
    return pytest.approx(value, abs=1e-6)


START = datetime(2026, 1, 1, 8, tzinfo=UTC)


def test_worked_review():
    trace, at = Trace(10.0, 5.0, START), START + timedelta(days=12)
    assert recall(trace, at) == near(0.886993023)
    assert stability_after(trace, at) == (near(35.022764173), near(1.422152549))
    assert review_gain(0.8, trace, at) == near(0.080237385)


def test_worked_lesson():
    known = {1: Known(0.3), 2: Known(0.9, 0.95), 3: Known(0.7, 0.8)}
    lesson = Lesson(1, minutes=8, concepts=(1,), needs=(2, 3), children=2)
    assert readiness([known[2], known[3]]) == near(0.723450)
    assert retrievability(2.3065, 30) == near(0.667526334)
    gain = lesson_gain(lesson, known, learning_chance(0, 0))
    assert gain == near(0.243392651)
    assert gain / lesson_minutes(lesson) == near(0.025620279)


def test_a_lesson_teaches_the_sum_of_its_concepts_or_one_unknown():
    one, two = Lesson(1, 8, concepts=(1,)), Lesson(2, 8, concepts=(1, 2))
    assert lesson_gain(two, {}, 0.6) == near(2 * lesson_gain(one, {}, 0.6))
    assert lesson_gain(Lesson(3, 8), {}, 0.6) == lesson_gain(one, {}, 0.6)


def test_the_chance_to_learn_follows_the_student():
    assert learning_chance(0, 0) == 0.6
    assert learning_chance(10, 10) == 0.8
    assert learning_chance(0, 10) == 0.3


@pytest.mark.parametrize(
    ("concepts", "state"),
    [
        ([], State.LEARN),
        ([Known(0.79, 1.0, True)], State.LEARN),
        ([Known(0.8, 0.85, True)], State.SKIP),
        ([Known(0.8, 0.84, True)], State.REVIEW),
        ([Known(0.9, 0.84, False)], State.REVIEW),
        ([Known(0.9, 0.9, False)], State.LEARN),
        ([Known(0.9, 1.0, True), Known(0.9, 1.0, False)], State.LEARN),
        ([Known(0.9, 1.0, True), Known(0.3, 1.0, True)], State.LEARN),
    ],
)
def test_what_a_lesson_asks_for(concepts, state):
    assert state_of(concepts) == state


def test_a_skipped_concept_that_was_not_known_comes_back():
    assert comes_back(0.34)
    assert not comes_back(0.35)


def test_lessons_come_after_what_they_need_and_then_by_gain_per_minute():
    lessons = [
        Lesson(1, 20, (1,)),
        Lesson(2, 5, (2,), needs=(1,)),
        Lesson(3, 5, (3,)),
        Lesson(4, 5, (4,), needs=(3,), children=3),
    ]
    assert [one.id for one in in_order(lessons, {}, 0.6)] == [3, 4, 1, 2]
    known = {3: Known(0.95)}
    assert [one.id for one in in_order(lessons, known, 0.6)] == [1, 2, 3, 4]


def test_lessons_without_concepts_go_by_length_and_a_course_without_by_its_teacher():
    plain = [Lesson(1, 30), Lesson(2, 5), Lesson(3, 10)]
    assert [one.id for one in in_order(plain, {}, 0.6)] == [1, 2, 3]
    tagged = [*plain, Lesson(4, 50, (1,))]
    assert [one.id for one in in_order(tagged, {}, 0.6)] == [2, 3, 1, 4]
    assert in_order([], {}, 0.6) == []


def test_lessons_that_need_each_other_all_come():
    circle = [Lesson(1, 8, (1, 3), needs=(2,)), Lesson(2, 8, (2,), needs=(1,))]
    assert {one.id for one in in_order(circle, {}, 0.6)} == {1, 2}
    own = [Lesson(1, 8, (1, 2), needs=(1,))]
    assert [one.id for one in in_order(own, {}, 0.6)] == [1]


def test_the_next_step_gains_most_per_minute():
    cards = Candidate("review", gain=0.4, minutes=2, reason={"cards": 6})
    lesson = Candidate("lesson", gain=0.5, minutes=9.5)
    assert next_step([lesson, cards]) is cards
    assert next_step([]) is None
    assert next_step([Candidate("review", 0.1, 0.0)]).worth < 10


def test_refresh_takes_the_worst_first_and_two_minutes_at_most():
    edges = [Edge(20, n, 0.9) for n in range(12)] + [Edge(0, 30, 0.9), Edge(30, 31, 0.9)]
    known = {n: Known(0.8, 0.5 + n / 100) for n in range(12)}
    known |= {30: Known(0.8, 0.2), 31: Known(0.8, 0.1), 11: Known(0.8, 0.9)}
    reach = exercised(edges, hops=2)
    assert to_refresh([20], reach, known) == [30, 0, 1, 2, 3, 4, 5, 6]
    assert to_refresh([20], reach, known, minutes=1.0) == [30, 0]
    assert to_refresh([99], reach, known) == []


@given(st.floats(0.001, 0.999), st.floats(0.1, 500), st.floats(1, 10), st.integers(0, 900))
def test_a_review_gains_within_reason(m, stability, difficulty, days):
    trace = Trace(stability, difficulty, START)
    gain = review_gain(m, trace, START + timedelta(days=days))
    assert -1 <= gain <= 1


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=8))
def test_readiness_stays_positive(needs):
    assert 0 < readiness(Known(m, recalled) for m, recalled in needs) <= 1
