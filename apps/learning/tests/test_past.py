"""A past told in bulk leaves what living it would have left."""

from datetime import timedelta

import pytest
from django.db import transaction

from apps.core.bus import happening
from apps.core.models import Delivery
from apps.learning.engine.marking import right_answer
from apps.learning.models import Answer, Attempt, Card, Evidence, Mastery, Review
from apps.learning.services import attempts, evidence, past, past_quizzes

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

    tries = [
        (quizzes[0], (True, False, True), BEGAN),
        (quizzes[1], (False, True), BEGAN + 4 * DAY),
        (quizzes[1], (True, True), BEGAN + 4 * DAY + timedelta(hours=1)),
    ]

    def moments():
        return [(cards[which], grade, BEGAN + days * DAY) for which, grade, days in GRADES]

    def one_by_one():
        deeds = [
            (at, lambda told=(quiz, *rights), at=at: world.take(*told, at=at))
            for quiz, rights, at in tries
        ]
        deeds += [
            (at, lambda told=(card, grade, at): world.grade(*told)) for card, grade, at in moments()
        ]
        for _at, do in sorted(deeds, key=lambda deed: deed[0]):
            do()

    def in_bulk():
        with evidence.gathering():
            take_in_bulk(world, tries)
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


def test_what_is_due_is_spread_over_days_as_in_life(world):
    cards = [world.card(at=BEGAN) for _ in range(4)]
    moments = [BEGAN + timedelta(minutes=number) for number in range(4)]

    def dues():
        return list(Card.objects.order_by("pk").values_list("due", flat=True))

    with transaction.atomic():
        for card, at in zip(cards, moments, strict=True):
            world.grade(card, 4, at)
        expected = dues()
        transaction.set_rollback(True)
    history = past.past_of(world.student)
    for card, at in zip(history.cards, moments, strict=True):
        history.grade(card, 4, at, 4000)
    past.keep_past(past=history)
    assert dues() == expected
    assert len({due.date() for due in expected}) > 1


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


# ── Quizzes ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def two_quizzes(world):
    """The same three tries at two quizzes: wrong and right, the second on the day of the first."""
    quizzes = [world.quiz(*(world.concept(name) for name in "ab")), world.quiz(world.concept("c"))]
    tries = [
        (quizzes[0], (True, False), BEGAN),
        (quizzes[0], (False, False), BEGAN + timedelta(hours=1)),
        (quizzes[1], (False,), BEGAN + 3 * DAY),
    ]

    def one_by_one():
        for quiz, rights, at in tries:
            with happening(at):
                world.take(quiz, *rights, at=at)

    def in_bulk():
        with evidence.gathering():
            take_in_bulk(world, tries)

    return one_by_one, in_bulk


def take_in_bulk(world, tries):
    told = past_quizzes.past_quizzes_of(world.student)
    for quiz, rights, at in tries:
        sheet = told.begin(quiz, attempts.asked_in(quiz), at - timedelta(minutes=5))
        rows = sorted(sheet.answers, key=lambda row: row.question_id)
        answers = [
            attempts.Given(row.question_id, answer_of(row, right), 20_000)
            for row, right in zip(rows, rights, strict=True)
        ]
        told.hand_in(sheet, answers, at)
    past_quizzes.keep_past_quizzes(past=told)


def answer_of(row, right):
    wanted = right_answer(row.version.kind, row.version.body)
    return wanted if right else next(option for option in row.layout if option != wanted)


def left_of_quizzes(world):
    mine = Attempt.objects.filter(student=world.student).order_by("started_at")
    marks = ("quiz", "number", "started_at", "submitted_at", "score", "percent", "passed")
    answers = Answer.objects.filter(attempt__in=mine).order_by("attempt__started_at", "question")
    cards = Card.objects.filter(student=world.student).order_by("note__source_key")
    told = Delivery.objects.filter(event="quiz.submitted").order_by("subscriber", "created_at")
    kept = ("question", "version", "given_at", "duration_ms", "share", "is_right")
    return (
        list(mine.values_list(*marks, "max_score", "cards_created")),
        list(answers.values_list(*kept)),
        list(cards.values_list("note__source_key", "note__front", "due", "created_at")),
        list(told.values_list("subscriber", "created_at")),
        left(world),
    )


def test_quizzes_in_bulk_are_what_taking_them_makes(world, two_quizzes):
    one_by_one, in_bulk = two_quizzes
    with transaction.atomic():
        one_by_one()
        expected = left_of_quizzes(world)
        transaction.set_rollback(True)
    in_bulk()
    assert left_of_quizzes(world) == expected
    assert [row[-1] for row in expected[0]] == [1, 1, 1]  # cards, each of the first wrong answer


def test_who_has_taken_a_quiz_has_a_past_already(world):
    world.take(world.quiz(world.concept("a")), True, at=BEGAN)
    assert past_quizzes.past_quizzes_of(world.student) is None
