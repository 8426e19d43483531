"""What the log tells: retention by pause, days, forecast, forgetting, and work at another retention."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.learning.engine import memory
from apps.learning.engine.workload import expected_work
from apps.learning.models import Card, CardState, Review
from apps.learning.selectors import cards as selectors
from apps.learning.services import notes, reviews

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def a_card(student, at=NOW, **fields) -> Card:
    note, _made = notes.add_note(student=student, kind="basic", front="a", back="b", at=at)
    card = note.cards.get()
    Card.objects.filter(pk=card.pk).update(**fields)
    card.refresh_from_db()
    return card


def a_review(student, rating=3, at=NOW, pause=None, chance=None, **fields) -> Review:
    told = {
        "before": {},
        "state": 2,
        "stability": 5,
        "difficulty": 5,
        "unplaced_due": at,
        "due": at,
        "desired_retention": 0.9,
        **fields,
    }
    return Review.objects.create(
        student=student,
        rating=rating,
        reviewed_at=at,
        elapsed_days=pause,
        retrievability=chance,
        **told,
    )


def known(days_ago, stability=10.0, **fields):
    last = NOW - days_ago * DAY
    return {
        "state": CardState.REVIEW,
        "step": None,
        "stability": stability,
        "difficulty": 5.0,
        "last_review": last,
        "due": last + stability * DAY,
        "unplaced_due": last + stability * DAY,
        **fields,
    }


# ── Retention ─────────────────────────────────────────────────────────────────────────────────
def test_retention_is_measured_by_the_pause_before(student, stranger):
    for number in range(20):
        a_review(student, rating=1 if number < 5 else 3, pause=7, chance=0.9)
        a_review(stranger, rating=1, pause=7, chance=0.5)
    a_review(student, rating=3, pause=30, chance=0.8)
    a_review(student, rating=1, pause=7, chance=0.1, undone_at=NOW)
    a_review(student, rating=1, pause=0, chance=1.0)
    a_review(student, rating=1, pause=7, chance=0.1, at=NOW - 200 * DAY)
    stats = selectors.memory_stats(student, NOW)
    week = stats.retention_at(7)
    assert (week.count, week.measured) == (20, 0.75)
    assert week.predicted == pytest.approx(0.9)
    month = stats.retention_at(30)
    assert (month.count, month.measured, month.predicted) == (1, None, None)
    assert [found.days for found in stats.retention] == [1, 7, 14, 30, 60]


def test_days_are_study_days_of_the_student(student):
    for moment in (NOW, NOW.replace(hour=3), NOW - DAY):
        a_review(student, at=moment, duration_ms=30_000)
    a_review(student, undone_at=NOW, duration_ms=30_000)
    days = selectors.memory_stats(student, NOW).days
    assert len(days) == 30
    assert [(found.day, found.reviews, found.minutes) for found in days[-2:]] == [
        (date(2026, 11, 20), 2, 1.0),
        (date(2026, 11, 21), 1, 0.5),
    ]


def test_the_forecast_holds_what_is_overdue_today(student):
    for days in (-40, 0, 1, 1, 29, 30):
        a_card(student, due=NOW + days * DAY)
    a_card(student, due=NOW + DAY, suspended_at=NOW)
    found = selectors.forecast(student, NOW, 30)
    assert [day.count for day in found] == [2, 2, *[0] * 27, 1]
    assert found[0].day == date(2026, 11, 21)


def test_the_forecast_holds_what_was_put_off_tomorrow(student):
    a_card(student, due=NOW)
    a_card(student, due=NOW, buried_until=NOW + DAY)
    a_card(student, due=NOW + 3 * DAY, buried_until=NOW + DAY)
    found = selectors.forecast(student, NOW, 5)
    assert [day.count for day in found] == [1, 1, 0, 1, 0]


def test_totals(student):
    a_card(student)
    a_card(student, **known(3), suspended_at=NOW, leech_at=NOW)
    a_card(student, **known(3, state=CardState.RELEARNING))
    totals = selectors.memory_stats(student, NOW).totals
    assert (totals.cards, totals.new, totals.learning, totals.review) == (3, 1, 0, 1)
    assert (totals.relearning, totals.suspended, totals.leeches) == (1, 1, 1)


def test_forgetting_is_held_against_a_single_look(student):
    card = a_card(student)
    for days in (0, 3, 12):
        reviews.review_card(card=card, rating=4, at=NOW + days * DAY)
    later = NOW + 60 * DAY
    found = selectors.memory_stats(student, later).forgetting
    by = memory.scheduler(0.9)
    card.refresh_from_db()
    assert found.cards == 1
    assert found.remembered == pytest.approx(memory.retrievability(card.memory, later, by))
    once = memory.Memory(due=NOW, stability=by.parameters[3], last_review=NOW)
    assert found.without_reviews == pytest.approx(memory.retrievability(once, later, by))
    assert found.without_reviews < 0.8 < found.remembered


def test_nothing_yet(student):
    stats = selectors.memory_stats(student, NOW)
    assert stats.forgetting.remembered is None
    assert stats.totals.cards == 0
    assert selectors.work_of(student, 0.9, NOW).reviews_per_day == 0


# ── Work ──────────────────────────────────────────────────────────────────────────────────────
def test_more_retention_costs_more_work(student):
    for number in range(40):
        a_card(student, **known(number % 10, stability=5 + number % 15))
    work = [selectors.work_of(student, retention, NOW) for retention in (0.8, 0.9, 0.97)]
    assert work[0].reviews_per_day < work[1].reviews_per_day < work[2].reviews_per_day
    assert work[1] == selectors.work_of(student, 0.9, NOW)
    assert work[1].minutes_per_day == pytest.approx(work[1].reviews_per_day * 10 / 60)


def test_the_last_percents_of_retention_cost_most():
    """On cards with ids of their own choice: a card's luck depends on its id."""
    cards = [
        (
            key,
            memory.Memory(due=NOW, state=2, stability=10.0, difficulty=5.0, last_review=NOW - DAY),
        )
        for key in range(400)
    ]
    low, usual, high = (
        expected_work(cards, NOW, memory.scheduler(retention), days=60).reviews
        for retention in (0.8, 0.9, 0.97)
    )
    assert usual > 1.3 * low
    assert high > 2 * usual


def test_work_counts_with_the_students_own_pace(student):
    a_card(student)
    for number in range(21):
        a_review(student, duration_ms=1000 * (number + 1))
    assert selectors.work_of(student, 0.9, NOW).seconds_per_review == 11


def test_a_sample_stands_for_many_cards(student, monkeypatch):
    for number in range(60):
        a_card(student, **known(number % 10))
    whole = selectors.work_of(student, 0.9, NOW)
    monkeypatch.setattr("apps.learning.selectors.memory.SAMPLE", 30)
    part = selectors.work_of(student, 0.9, NOW)
    assert part.cards == 60
    # the numbers of cards, which spread their days, are others in each run
    assert part.reviews_per_day == pytest.approx(whole.reviews_per_day, rel=0.5)


def test_figures_cost_the_same_number_of_queries_however_many(student):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            selectors.memory_stats(student, NOW)
            selectors.decks_of(student, NOW)
            selectors.work_of(student, 0.9, NOW)
            list(selectors.due_cards(student, NOW))
        return len(captured)

    reviews.review_card(card=a_card(student), rating=3, at=NOW)
    few = queries()
    for _ in range(3):
        reviews.review_card(card=a_card(student), rating=3, at=NOW)
    assert queries() == few
