"""Grades, taking them back, and what is due."""

import random
from datetime import UTC, datetime, timedelta

import fsrs
import pytest

from apps.core.errors import Conflict, Invalid, NotFound
from apps.core.models import Delivery
from apps.core.tests.threads import together
from apps.learning.engine.memory import fuzz_range
from apps.learning.models import Card, CardState, MemorySettings, NoteKind, Review
from apps.learning.selectors import cards as selectors
from apps.learning.services import notes, reviews

from .test_memory import random_history

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def card(student) -> Card:
    return a_card(student)


def a_card(student, at=NOW, **fields) -> Card:
    told = {"kind": NoteKind.BASIC, "front": "2 + 2", "back": "4", **fields}
    note, _made = notes.add_note(student=student, at=at, **told)
    return note.cards.get()


def cloze(student, at=NOW) -> list[Card]:
    note, _made = notes.add_note(
        student=student, kind="cloze", front="{{c1::Dot}} and {{c2::line}}", back="", at=at
    )
    return list(note.cards.order_by("ordinal"))


def graded(card, *ratings, at=NOW, every=DAY):
    for number, rating in enumerate(ratings):
        reviews.review_card(card=card, rating=rating, at=at + number * every)
    card.refresh_from_db()
    return card


def state_of(card):
    return Card.objects.filter(pk=card.pk).values().get()


# ── Grading ───────────────────────────────────────────────────────────────────────────────────
def test_a_grade_is_logged_and_moves_the_card(card):
    review = reviews.review_card(card=card, rating=3, at=NOW, duration_ms=4000)
    card.refresh_from_db()
    assert (card.reps, card.lapses, card.state, card.step) == (1, 0, 1, 1)
    assert card.due == card.unplaced_due == NOW + 10 * MINUTE
    assert card.stability == review.stability == pytest.approx(2.3065)
    assert review.retrievability is None
    assert review.elapsed_days is None
    assert review.before["stability"] is None
    assert review.card == card


def test_a_card_may_be_graded_before_it_is_due(card):
    graded(card, 4)
    assert card.due > NOW + DAY
    review = reviews.review_card(card=card, rating=3, at=NOW + DAY)
    assert review.elapsed_days == 1
    assert 0.9 < review.retrievability < 1


def test_histories_through_the_service_equal_py_fsrs(student):
    theirs = fsrs.Scheduler(
        learning_steps=(MINUTE, 10 * MINUTE),
        relearning_steps=(10 * MINUTE,),
        enable_fuzzing=False,
    )
    chance = random.Random(9)
    for number in range(40):
        card, now = a_card(student), NOW
        expected = fsrs.Card(card_id=number, due=NOW)
        for pause, rating in random_history(chance):
            now += timedelta(seconds=pause)
            reviews.review_card(card=card, rating=rating, at=now)
            expected, _log = theirs.review_card(expected, fsrs.Rating(rating), now)
        card.refresh_from_db()
        assert (card.stability, card.difficulty) == (expected.stability, expected.difficulty)
        assert (card.state, card.step) == (expected.state, expected.step)
        assert (card.unplaced_due, card.last_review) == (expected.due, expected.last_review)
        first, last = fuzz_range((card.unplaced_due - card.last_review).days)
        if card.state == CardState.REVIEW:
            assert first <= (card.due - card.last_review).days <= last


@pytest.mark.parametrize("rating", [0, 5, -1, None, "3"])
def test_other_grades_are_refused(card, rating):
    with pytest.raises(Invalid) as refusal:
        reviews.review_card(card=card, rating=rating, at=NOW)
    assert "rating" in refusal.value.errors
    assert not Review.objects.exists()


def test_a_grade_that_another_device_overtook_is_told(card):
    reviews.review_card(card=card, rating=3, at=NOW, seen_reps=0)
    with pytest.raises(Conflict):
        reviews.review_card(card=card, rating=3, at=NOW, seen_reps=0)
    assert Review.objects.count() == 1


def test_a_card_that_is_gone_is_not_found(card):
    notes.delete_note(note=card.note, at=NOW)
    with pytest.raises(NotFound):
        reviews.review_card(card=card, rating=3, at=NOW)


def test_the_load_of_the_days_is_evened_out(student):
    days = []
    for _ in range(10):
        due = graded(a_card(student), 4).due  # 8 days, from 6 to 10
        days.append((due - NOW).days)
    assert sorted(days) == [6, 6, 7, 7, 8, 8, 9, 9, 10, 10]
    assert {card.unplaced_due for card in Card.objects.all()} == {NOW + 8 * DAY}


def test_neither_the_card_itself_nor_one_that_rests_is_load(student, card):
    reviews.suspend_card(card=graded(a_card(student), 4), at=NOW)  # due on the eighth day
    graded(card, 4, 3, every=HOUR)  # the second time it stands on that day itself
    assert (card.unplaced_due - NOW).days == 8
    assert card.due == card.unplaced_due


@pytest.mark.django_db(transaction=True)
def test_devices_that_grade_at_once_lose_no_grade(student):
    card = a_card(student)
    for _ in range(5):
        together(4, lambda number: reviews.review_card(card=card, rating=3, at=NOW))
    card.refresh_from_db()
    assert card.reps == Review.objects.count() == 20
    log = Review.objects.order_by("pk")
    assert [review.before["reps"] for review in log] == list(range(20))


def test_changed_retention_acts_from_the_next_review_on(student, card):
    graded(card, 4)
    before = state_of(card)
    reviews.change_memory_settings(student=student, changes={"desired_retention": 0.8}, at=NOW)
    assert state_of(card) == before
    review = reviews.review_card(card=card, rating=3, at=card.due)
    assert review.desired_retention == 0.8
    assert review.unplaced_due - card.due > 30 * DAY


# ── Taking back ───────────────────────────────────────────────────────────────────────────────
def test_taking_back_walks_to_the_beginning(card):
    states = [state_of(card)]
    ratings = [4, *[1, 4] * 9]
    for number, rating in enumerate(ratings):
        reviews.review_card(card=card, rating=rating, at=NOW + number * DAY)
        states.append(state_of(card))
    assert states[-1]["leech_at"]
    for state in reversed(states[:-1]):
        reviews.undo_review(card=card, at=NOW + 30 * DAY)
        assert state_of(card) == state
    with pytest.raises(Conflict):
        reviews.undo_review(card=card, at=NOW + 30 * DAY)
    assert Review.objects.filter(undone_at=None).count() == 0
    assert Review.objects.count() == len(ratings)


def test_grades_and_takings_back_are_announced(card):
    reviews.review_card(card=card, rating=3, at=NOW)
    reviews.undo_review(card=card, at=NOW)
    told = Delivery.objects.filter(subscriber__startswith="analytics").order_by("pk")
    assert [(row.event, row.payload["card_id"]) for row in told] == [
        ("flashcard.reviewed", card.pk),
        ("flashcard.review_undone", card.pk),
    ]


def test_only_the_review_that_was_meant_is_taken_back(card):
    first = reviews.review_card(card=card, rating=3, at=NOW)
    second = reviews.review_card(card=card, rating=3, at=NOW + HOUR)
    reviews.undo_review(card=card, at=NOW + HOUR, review_id=second.pk)
    with pytest.raises(Conflict):
        reviews.undo_review(card=card, at=NOW + HOUR, review_id=second.pk)
    first.refresh_from_db()
    assert first.undone_at is None


# ── What is due ───────────────────────────────────────────────────────────────────────────────
def test_new_cards_are_due_at_once_and_foreign_ones_never(student, stranger, card):
    a_card(stranger)
    assert list(selectors.due_cards(student, NOW)) == [card]
    assert selectors.due_count(student, NOW) == 1


def test_a_card_is_due_on_its_study_day_once_a_day_has_gone(student, card):
    graded(card, 4)
    due = card.due
    begins = due.replace(hour=4)
    assert selectors.due_count(student, begins - MINUTE) == 0
    assert selectors.due_count(student, begins) == 1
    Card.objects.update(last_review=begins - 20 * HOUR)
    assert selectors.due_count(student, begins) == 0
    assert selectors.due_count(student, begins + 4 * HOUR) == 1


def test_the_study_day_is_of_the_students_zone_and_hour(student, card):
    student.timezone = "Asia/Vladivostok"
    student.save(update_fields=["timezone"])
    reviews.change_memory_settings(student=student, changes={"day_start": 6}, at=NOW)
    graded(card, 4)
    begins = card.due.replace(hour=20) - DAY  # 06:00 at UTC+10
    assert selectors.due_count(student, begins - MINUTE) == 0
    assert selectors.due_count(student, begins) == 1


def test_siblings_wait_for_the_next_study_day(student):
    first, second = cloze(student)
    assert set(selectors.due_cards(student, NOW)) == {first, second}
    graded(first, 1)
    assert list(selectors.due_cards(student, NOW + 2 * MINUTE)) == [first]
    assert set(selectors.due_cards(student, (NOW + DAY).replace(hour=4))) == {first, second}
    reviews.undo_review(card=first, at=NOW + 3 * MINUTE)
    assert set(selectors.due_cards(student, NOW + 3 * MINUTE)) == {first, second}


def test_steps_of_a_card_go_on_although_a_sibling_was_asked(student):
    first, second = cloze(student)
    graded(first, 1)
    graded(second, 1)
    assert set(selectors.due_cards(student, NOW + 2 * MINUTE)) == {first, second}


def test_suspended_and_put_off_cards_are_not_asked(student, card):
    reviews.suspend_card(card=card, at=NOW)
    assert selectors.due_count(student, NOW) == 0
    reviews.resume_card(card=card, at=NOW)
    assert selectors.due_count(student, NOW) == 1
    reviews.bury(card=card, at=NOW)
    assert selectors.due_count(student, NOW) == 0
    assert selectors.due_count(student, (NOW + DAY).replace(hour=4)) == 1


# ── Choices ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "changes",
    [
        {"desired_retention": 0.79},
        {"desired_retention": 0.98},
        {"desired_retention": float("nan")},
        {"day_start": 24},
        {"day_start": -1},
    ],
)
def test_choices_out_of_range_are_refused(student, changes):
    with pytest.raises(Invalid):
        reviews.change_memory_settings(student=student, changes=changes, at=NOW)
    assert not MemorySettings.objects.exists()
