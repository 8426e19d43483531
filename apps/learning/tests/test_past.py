"""A past told in bulk leaves what living it would have left."""

from datetime import timedelta

import pytest
from django.db import transaction

from apps.core.models import Delivery
from apps.learning.models import Card, Evidence, Mastery, Review
from apps.learning.services import evidence, past

from .evidence_world import DAY, NOW, World

pytestmark = pytest.mark.django_db
BEGAN = NOW - 30 * DAY
# which card, the grade, and after how many days
GRADES = [
    (0, 3, 0), (1, 1, 0.001), (1, 3, 0.01), (2, 4, 0.02), (0, 3, 2), (1, 2, 2.001), (1, 3, 5),
    (0, 1, 6), (0, 3, 6.01), (2, 3, 16), (0, 3, 17), (1, 1, 21), (1, 3, 21.01),
]  # fmt: skip


@pytest.fixture
def world(student):
    return World(student)


@pytest.fixture
def lives(world):
    """Two lives of the same deeds: quizzes before and amid the grades, the cards about concepts."""
    concepts = [world.concept(name) for name in "abc"]
    quizzes = [world.quiz(*concepts), world.quiz(*concepts[:2])]
    cards = [world.card(concept, at=BEGAN) for concept in concepts]

    def take_both():
        world.take(quizzes[0], True, False, True, at=BEGAN)
        world.take(quizzes[1], False, True, at=BEGAN + 4 * DAY)
        world.take(quizzes[1], True, True, at=BEGAN + 4 * DAY + timedelta(hours=1))

    def moments():
        return [(cards[which], grade, BEGAN + days * DAY) for which, grade, days in GRADES]

    def one_by_one():
        world.take(quizzes[0], True, False, True, at=BEGAN)
        deeds = [
            (at, lambda told=(card, grade, at): world.grade(*told)) for card, grade, at in moments()
        ]
        deeds.append(
            (BEGAN + 4 * DAY, lambda: world.take(quizzes[1], False, True, at=BEGAN + 4 * DAY))
        )
        again = BEGAN + 4 * DAY + timedelta(hours=1)
        deeds.append((again, lambda: world.take(quizzes[1], True, True, at=again)))
        for _at, do in sorted(deeds, key=lambda deed: deed[0]):
            do()

    def in_bulk():
        with evidence.gathering():
            take_both()
            history = past.past_of(world.student)
            mine = {card.pk: card for card in history.cards}
            for card, grade, at in moments():
                history.grade(mine[card.pk], grade, at, 4000)
            past.keep_past(past=history)

    return one_by_one, in_bulk


def left(world):
    """What is known and when what is asked again, without the numbers of new rows."""
    about = {"student": world.student, "course": world.course}
    told = Evidence.objects.filter(**about).order_by("occurred_at", "kind", "question_id")
    masteries = Mastery.objects.filter(**about).order_by("concept_id")
    first = Card.objects.filter(student=world.student, note__source="own").order_by("pk")
    return (
        world.standing.theta,
        [(row.concept_id, row.known, row.place) for row in masteries],
        [(row.kind, row.weight, row.expected, row.lines) for row in told],
        {concept for row in told for concept in row.announced},
        [card.figures for card in first],
        list(Review.objects.order_by("reviewed_at").values_list("due", "retrievability")),
    )


def test_a_past_in_bulk_is_what_living_it_makes(world, lives):
    one_by_one, in_bulk = lives
    with transaction.atomic():
        one_by_one()
        expected = left(world)
        transaction.set_rollback(True)
    in_bulk()
    assert left(world) == expected
    assert len(expected[2]) == len(GRADES) + 3 + 4


def test_each_grade_is_told_of_its_day(world, lives):
    lives[1]()
    told = Delivery.objects.filter(
        event="flashcard.reviewed", subscriber="learning.keep_statements"
    )
    days = {moment.date() for moment in told.values_list("created_at", flat=True)}
    assert days == {(BEGAN + days * DAY).date() for _card, _grade, days in GRADES}


def test_who_has_graded_cards_has_a_past_already(world):
    world.grade(world.card(world.concept("a"), at=BEGAN), at=BEGAN)
    assert past.past_of(world.student) is None


def test_what_is_due_in_the_past_is_what_the_page_would_have_shown(world):
    early, late = (
        world.card(world.concept(name), at=at) for name, at in [("a", BEGAN), ("b", NOW)]
    )
    history = past.past_of(world.student)
    assert history.due(BEGAN - DAY) == []
    assert history.due(BEGAN + DAY) == [early]
    history.grade(history.due(BEGAN + DAY)[0], 3, BEGAN + DAY, 4000)
    assert history.due(BEGAN + DAY) == []
    assert history.due(NOW) == [early, late]
