"""A success postpones the cards that it exercises: their day alone moves, and can be given back."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from apps.learning.engine.fitting import Logged, later_day_reviews
from apps.learning.engine.log import restored
from apps.learning.engine.trace import Trace, recall
from apps.learning.models import Card, CardState, Prerequisite
from apps.learning.selectors.log import log_of, replay_of, students_to_fit
from apps.learning.selectors.mastery import outcome_of, postponed_by_cards
from apps.learning.services import evidence, reviews

from .evidence_world import DAY, NOW, World

pytestmark = pytest.mark.django_db
STATE = ("state", "step", "stability", "difficulty", "last_review", "unplaced_due", "reps")


@pytest.fixture
def world(student):
    return World(student)


@pytest.fixture
def graph(world):
    """advanced → simple."""
    advanced, simple = world.concept("advanced"), world.concept("simple")
    world.needs(advanced, simple, weight=0.7)
    return advanced, simple


def now(card):
    return Card.objects.get(pk=card.pk)


def state(card):
    return Card.objects.filter(pk=card.pk).values(*STATE).get()


def test_a_right_answer_postpones_a_due_card_and_nothing_else_of_it(world, graph):
    advanced, simple = graph
    card = world.known_card(simple, days=10)  # due today, R = .9
    before = state(card)
    attempt = world.take(world.quiz(advanced))
    after = now(card)
    assert state(card) == before
    assert after.credit == pytest.approx(0.7)
    assert (after.own_due, after.due) == (card.due, card.last_review + 16 * DAY)
    (fact,) = world.log.get().credits
    assert (fact["card"], fact["saved"], fact["credit"]) == (card.pk, True, [0.0, after.credit])
    assert outcome_of(attempt).postponed == 1
    # what the curve says on the new day isn't below the floor
    trace = Trace(card.stability, card.difficulty, card.last_review)
    assert recall(trace, after.due) > 0.85


def test_the_same_day_is_saved_once_however_often_it_is_credited(world, graph):
    advanced, simple = graph
    world.known_card(simple, days=10)
    attempt = world.take(world.quiz(advanced, advanced, advanced))
    assert outcome_of(attempt).postponed == 1
    assert Card.objects.get().credit == 1


@pytest.mark.parametrize(
    ("fields", "weight"),
    [
        ({"suspended_at": NOW}, 0.7),
        ({"state": CardState.RELEARNING}, 0.7),
        ({}, 0.2),
    ],
)
def test_what_is_not_credited(world, graph, fields, weight):
    advanced, simple = graph
    Prerequisite.objects.update(weight=weight)
    card, new = world.known_card(simple, days=10, **fields), world.card(simple)
    world.take(world.quiz(advanced))
    assert (now(card).credit, now(card).due) == (0, card.due)
    assert (now(new).credit, now(new).due) == (0, new.due)


def test_neither_failure_nor_haste_nor_a_strangers_cards(world, graph, stranger):
    advanced, simple = graph
    mine = world.known_card(simple, days=10)
    other = World(stranger)
    other.course = world.course
    theirs = other.known_card(simple, days=10)
    quiz = world.quiz(advanced)
    world.take(quiz, False)
    world.take(quiz, at=NOW)  # again on the same day: it weighs too little
    world.take(world.quiz(advanced), duration_ms=500)
    assert now(mine).credit == now(theirs).credit == 0


def test_a_card_of_any_deck_by_its_questions_and_lessons_concepts(world, graph):
    advanced, simple = graph
    asked, read = world.known_card(days=10), world.known_card(days=10)
    question = world.quiz(simple).questions.get()
    world.teaches(world.lesson, simple)
    for card, fields in ((asked, {"question": question}), (read, {"lesson": world.lesson})):
        type(card.note).objects.filter(pk=card.note_id).update(**fields)
    world.take(world.quiz(advanced))
    assert now(asked).credit == now(read).credit == pytest.approx(0.7)


def test_a_grade_of_the_advanced_credits_over_two_hops(world, graph):
    advanced, simple = graph
    simplest = world.concept("simplest")
    world.needs(simple, simplest, weight=0.5)
    far = world.known_card(simplest, days=10)
    near_one = world.known_card(simple, days=10)
    world.grade(world.known_card(advanced, days=10), 3)
    assert now(near_one).credit == pytest.approx(0.7)
    assert now(far).credit == pytest.approx(0.35)
    assert postponed_by_cards(world.student, NOW - timedelta(hours=1)) == 2
    world.grade(world.known_card(advanced, days=10), 1)
    assert now(far).credit == pytest.approx(0.35)


def test_the_next_grade_spends_credit_and_undo_gives_it_back(world, graph):
    advanced, simple = graph
    card = world.known_card(simple, days=10)
    world.take(world.quiz(advanced))
    credited = now(card)
    review = world.grade(card, 3, at=NOW + DAY)
    assert (now(card).credit, now(card).own_due) == (0, None)
    assert restored(review.before).credit == credited.credit
    reviews.undo_review(card=card, at=NOW + DAY)
    assert now(card).figures == credited.figures


def test_undo_of_the_giving_grade_takes_its_credit_back(world, graph):
    advanced, simple = graph
    card, giving = world.known_card(simple, days=10), world.known_card(advanced, days=10)
    before = now(card).figures
    world.grade(giving, 3)
    assert now(card).figures != before
    reviews.undo_review(card=giving, at=NOW)
    assert now(card).figures == before
    assert postponed_by_cards(world.student, NOW - DAY) == 0


def test_contested_credit_goes_and_comes_unless_something_was_built_on_it(world, graph):
    advanced, simple = graph
    card = world.known_card(simple, days=10)
    before = now(card).figures
    world.take(world.quiz(advanced))
    first, credited = world.log.get(), now(card).figures
    evidence.void(evidence=first, at=NOW)
    assert now(card).figures == before
    evidence.unvoid(evidence=first, at=NOW)
    assert now(card).figures == credited
    world.take(world.quiz(advanced), at=NOW + DAY)
    built = now(card).figures
    evidence.void(evidence=first, at=NOW + DAY)
    assert now(card).figures == built


def test_credited_cards_still_replay(world, graph, capsys):
    advanced, simple = graph
    card = world.card(simple)
    for day in (0, 3, 12):
        world.grade(card, 4, at=NOW + day * DAY)
    world.take(world.quiz(advanced), at=NOW + 40 * DAY)
    world.take(world.quiz(advanced), at=NOW + 41 * DAY)
    assert now(card).credit > 0
    assert replay_of(now(card)) == now(card).figures
    evidence.void(evidence=world.log.last(), at=NOW + 42 * DAY)
    assert replay_of(now(card)) == now(card).figures
    call_command("replay_cards")
    assert "0 differ" in capsys.readouterr().out


def test_credited_intervals_teach_the_scheduler_nothing(world, graph):
    advanced, simple = graph
    card = world.card(simple)
    world.grade(card, 4)
    world.take(world.quiz(advanced), at=NOW + 10 * DAY)
    world.grade(card, 3, at=NOW + 11 * DAY)
    world.grade(card, 3, at=NOW + 20 * DAY)
    log = log_of(world.student)
    assert [entry.credited for entry in log] == [False, True, False]
    assert later_day_reviews(log) == 1
    plain = [Logged(entry.card, entry.rating, entry.at) for entry in log]
    assert later_day_reviews(plain) == 2
    assert students_to_fit() == []


def test_the_trace_waits_too(world, graph):
    advanced, simple = graph
    world.take(world.quiz(simple))
    own = world.mastery(simple)
    assert (own.credit, own.due) == (0, NOW + 2 * DAY)
    world.take(world.quiz(advanced), at=NOW + 2 * DAY)
    later = world.mastery(simple)
    assert later.credit > 0
    assert later.due > own.due
    assert (later.stability, later.last, later.m) == (own.stability, own.last, own.m)
    world.take(world.quiz(simple), at=NOW + 3 * DAY)
    assert world.mastery(simple).credit == 0
