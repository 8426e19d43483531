"""Credit postpones, and nothing else; never beyond the floor."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.learning.engine.credit import (
    Held,
    credited,
    due_days,
    earned,
    faded,
    floor_of,
    gives_credit,
    is_saved,
)
from apps.learning.engine.mastery import Answer, Kind
from apps.learning.engine.trace import Trace, interval, recall, retrievability


def near(value):
    return pytest.approx(value, abs=1e-6)


START = datetime(2026, 1, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def held(stability=10.0, placed=10, **fields):
    due = START + placed * DAY
    return Held(Trace(stability, 5.0, START), own_due=due, due=due, **fields)


def test_worked_example():
    first = earned(0.0, 0.7, 0.95)
    second = earned(first, 0.5, 0.90)
    assert (first, second) == (near(0.35), near(0.85))
    trace = Trace(10.0, 5.0, START)
    assert [due_days(trace, credit) for credit in (0, first, second)] == [10, 13, 17]
    assert earned(0.0, 0.2, 0.9) == 0
    assert earned(0.0, 0.7, 0.99) == 0


def test_the_state_of_the_card_stays_and_its_day_moves():
    before = held()
    after = credited(before, 0.7, START + 9 * DAY)
    assert (after.trace, after.own_due, after.retention) == (
        before.trace,
        before.own_due,
        before.retention,
    )
    assert after.credit == near(0.7 * (1 - retrievability(10, 9)) / 0.1)
    assert after.due == START + due_days(before.trace, after.credit) * DAY > before.due


def test_placed_first_and_credit_moves_on_from_there():
    """A day that placing chose later than a little credit would reach is kept."""
    before = held(placed=12)
    after = credited(before, 0.3, START + 3 * DAY)
    assert 0 < after.credit < 0.2
    assert after.due == before.due


def test_one_saved_review_for_each_own_day():
    before = held()
    once = credited(before, 0.7, START + 9 * DAY)
    twice = credited(once, 0.7, START + 11 * DAY)
    assert (is_saved(before, once), is_saved(once, twice)) == (True, False)
    assert not is_saved(before, before)


@pytest.mark.parametrize(
    ("retention", "floor"), [(0.97, 0.92), (0.9, 0.85), (0.8, 0.75), (0.73, 0.70), (0.6, 0.6)]
)
def test_floor(retention, floor):
    assert floor_of(retention) == near(floor)


@pytest.mark.parametrize(
    ("kind", "answer", "hints", "gives"),
    [
        (Kind.QUIZ, Answer(1, 0.25), 0, True),
        (Kind.CARD, Answer(0.8, 0.05), 0, True),
        (Kind.TUTOR, Answer(1, 0.05, weight=0.5), 0, True),
        (Kind.TUTOR, Answer(1, 0.35, weight=0.5), 1, False),
        (Kind.QUIZ, Answer(0.79, 0.25), 0, False),
        (Kind.QUIZ, Answer(1, 0.25, weight=0.3), 0, False),
        (Kind.PRETEST, Answer(1, 0.25), 0, False),
        (Kind.LESSON, Answer(1, 0.25), 0, False),
    ],
)
def test_only_explicit_success_gives_credit(kind, answer, hints, gives):
    assert gives_credit(kind, answer, hints=hints) is gives


def test_failure_sends_the_faded_to_be_refreshed_the_worst_first():
    fresh, old, older = held(100.0), held(5.0), held(2.0)
    assert faded([fresh, old, older], START + 20 * DAY) == [older, old]


events = st.lists(st.tuples(st.floats(0, 1), st.integers(-5, 400)), max_size=20)


@given(st.floats(0.1, 3000), st.sampled_from([0.97, 0.9, 0.8, 0.7]), events)
def test_recall_never_falls_below_the_floor_by_credit(stability, retention, practice):
    plain = max(1, round(interval(stability, retention)))
    card = held(stability, plain, retention=retention)
    furthest = max(plain, round(interval(stability, floor_of(retention))), 1)
    for weight, day in practice:
        after = credited(card, weight, START + day * DAY)
        assert after.due >= card.due
        assert 0 <= card.credit <= after.credit <= 1
        assert (after.due - START).days <= furthest
        card = after
    if furthest > 1:  # less than a day can't be planned
        half_a_day = retrievability(stability, furthest - 0.5)
        assert half_a_day >= floor_of(retention) - 1e-9 or furthest == plain
    assert recall(card.trace, START) == 1


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_credit_is_monotone(weight, one, other):
    earlier, later = sorted((one, other), reverse=True)
    assert earned(0.1, weight, later) >= earned(0.1, weight, earlier)
