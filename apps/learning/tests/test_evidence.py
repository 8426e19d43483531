"""Evidence as it comes: kept once as facts, folded by the model, losing nothing under a race."""

import random
from datetime import timedelta

import pytest

from apps.core.errors import Invalid
from apps.core.models import Delivery
from apps.core.tests.threads import together
from apps.courses.tests.factories import LessonFactory
from apps.learning.engine.mastery import Level
from apps.learning.models import (
    Evidence,
    LessonConcept,
    Mastery,
    Pretest,
    Question,
    Standing,
    TutorMessage,
    TutorThread,
)
from apps.learning.selectors.mastery import known_of_courses
from apps.learning.services import attempts, evidence, reviews
from apps.learning.tests.factories import ConceptFactory

from .evidence_world import DAY, NOW, OTHER, World, given

pytestmark = pytest.mark.django_db


def near(value):
    return pytest.approx(value, abs=1e-6)


@pytest.fixture
def world(student):
    return World(student)


# ── Quiz answers ──────────────────────────────────────────────────────────────────────────────
def test_the_worked_example_through_real_attempts(world):
    """Examples 2 and 3 of the model, but for recall: the second answer comes at once."""
    concept = world.concept("ATP")
    world.take(world.quiz(concept))
    row, known = world.log.get(), world.mastery(concept)
    assert (row.expected, known.m, world.standing.theta) == (
        near(0.474250), near(0.639981260), near(0.600857143),
    )  # fmt: skip
    (line,) = row.lines
    assert (line["evidence"], line["m"][1]) == (near(1.152221739), known.m)
    assert line["level"] == [Level.NOT_STARTED, Level.FAMILIAR]
    assert (row.score, row.guess, row.difficulty, row.weight, row.teaches) == (1, 0.25, 0, 1, True)
    assert (row.kind, row.concepts, world.standing.answers) == ("quiz", [concept.pk], 1)


def test_what_is_about_nothing_tells_nothing_then_and_later(world):
    quiz = world.quiz(())
    world.take(quiz)
    assert not Evidence.objects.exists()
    assert not Standing.objects.exists()
    concept = world.concept("late")
    world.teaches(quiz.lesson, concept)
    evidence.replay(student_id=world.student.pk, course_id=world.course.pk)
    assert not Mastery.objects.exists()


def test_a_question_counts_for_its_lessons_concepts_and_never_for_a_foreign_course(world):
    quiz, concept = world.quiz(()), world.concept("taught")
    world.teaches(quiz.lesson, concept)
    LessonConcept.objects.create(lesson=quiz.lesson, concept=ConceptFactory())
    world.take(quiz)
    assert world.log.get().concepts == [concept.pk]


def test_difficulty_as_its_maker_judges_until_it_is_measured(world):
    concept = world.concept("a")
    hard, measured = world.quiz(concept), world.quiz(concept)
    Question.objects.filter(quiz=hard).update(difficulty="hard")
    Question.objects.filter(quiz=measured).update(difficulty="hard", measured_difficulty=-0.4)
    world.take(hard)
    world.take(measured)
    assert list(world.log.values_list("difficulty", flat=True)) == [1.0, -0.4]
    Question.objects.update(difficulty="easy", measured_difficulty=None)
    assert list(world.log.values_list("difficulty", flat=True)) == [1.0, -0.4]


def test_again_on_the_same_day_and_in_haste_it_weighs_less(world):
    quiz = world.quiz(world.concept("a"))
    Question.objects.update(median_ms=60_000)
    for duration, at in ((20_000, NOW), (20_000, NOW), (3_000, NOW), (3_000, NOW + DAY)):
        world.take(quiz, at=at, duration_ms=duration)
    assert list(world.log.values_list("weight", flat=True)) == [1, 0.3, 0.25, 0.25]
    world.take(world.quiz(world.concept("b")), duration_ms=0)  # nobody measured: no haste
    assert world.log.last().weight == 1


def test_several_concepts_share_an_answer_and_the_first_moves_ability(world):
    a, b = world.concept("a"), world.concept("b")
    world.take(world.quiz((a, b)))
    assert world.standing.answers == 1
    assert world.mastery(a).m == world.mastery(b).m
    assert world.mastery(a).m < 0.639981260


def test_partial_scores_count_in_part(world):
    concept = world.concept("a")
    world.take(world.quiz(concept, draft=OTHER["short"]))
    assert (world.log.get().guess, world.log.get().score) == (0.05, 1)


def test_what_time_cut_off_is_no_evidence_and_what_was_left_out_is(world):
    a = world.concept("a")
    timed, free = world.quiz(a, time_limit_minutes=1), world.quiz(a)
    attempt = world.begun(timed)
    attempts.submit_attempt(attempt=attempt, answers=[], at=NOW + timedelta(hours=1))
    assert not world.log.exists()
    world.take(free, False)
    assert world.log.get().score == 0


def test_the_same_attempt_told_twice_counts_once(world):
    attempt = world.take(world.quiz(world.concept("a")))
    before = world.state()
    assert evidence.record_quiz(attempt=attempt, at=NOW) == []
    assert world.state() == before


def test_a_quiz_costs_as_many_queries_with_two_concepts_as_with_thirty(
    world, django_assert_max_num_queries
):
    base = world.concept("base")
    for number in range(3):
        world.known_card(base, days=8 + number)
    for size in (2, 30):
        concepts = [world.concept(f"{size} {number}") for number in range(size)]
        for concept in concepts:
            world.needs(concept, base)
        quiz = world.quiz(*concepts)
        attempt = world.begun(quiz)
        answers = given(attempt)
        with django_assert_max_num_queries(36):
            attempts.submit_attempt(attempt=attempt, answers=answers, at=NOW)


# ── Cards ─────────────────────────────────────────────────────────────────────────────────────
def test_a_grade_is_evidence_with_the_facts_of_its_card(world):
    concept = world.concept("a")
    card = world.known_card(concept, days=10)
    review = world.grade(card)
    row = world.log.get()
    assert (row.kind, row.guess, row.score, row.weight) == ("card", 0.05, 1, 1)
    assert row.facts["card"] == card.pk
    assert row.facts["recall"] == near(0.9)
    assert world.mastery(concept).known.cards[card.pk].stability == review.stability


def test_a_new_card_has_no_recall_and_its_steps_weigh_less(world):
    card = world.card(world.concept("a"))
    world.grade(card, 3)
    world.grade(card, 3, at=NOW + timedelta(minutes=10))
    world.grade(card, 1, at=NOW + 8 * DAY)
    first, second, third = world.log
    assert first.facts["recall"] is None
    assert [first.weight, second.weight, third.weight] == [1, 0.3, 1]
    assert [first.score, third.score] == [1, 0]


def test_a_card_about_nothing_is_no_evidence(world):
    world.grade(world.card())
    assert not Evidence.objects.exists()


def test_a_grade_taken_back_tells_nothing(world):
    a = world.concept("a")
    world.take(world.quiz(a))
    before = world.state()
    card = world.known_card(a)
    world.grade(card, 1)
    assert world.state() != before
    reviews.undo_review(card=card, at=NOW)
    standing, concepts, _lines = world.state()
    assert concepts == before[1]
    assert standing[0]["theta"] == before[0][0]["theta"]
    assert world.log.last().voided_at == NOW


# ── Lessons ───────────────────────────────────────────────────────────────────────────────────
def test_a_finished_lesson_teaches_once(world):
    a = world.concept("a")
    world.teaches(world.lesson, a)
    told = {"student_id": world.student.pk, "lesson_id": world.lesson.pk}
    row = evidence.record_lesson(**told, at=NOW)
    assert world.mastery(a).m == near(0.3 + 0.7 * 0.15)
    assert (row.lines[0]["evidence"], row.score, row.expected) == (0, None, None)
    assert evidence.record_lesson(**told, at=NOW + DAY) is None
    assert world.log.count() == 1


def test_a_lesson_without_concepts_or_that_is_gone_tells_nothing(world):
    told = {"student_id": world.student.pk, "at": NOW}
    assert evidence.record_lesson(lesson_id=world.lesson.pk, **told) is None
    assert evidence.record_lesson(lesson_id=0, **told) is None


# ── Talks and pre-tests ───────────────────────────────────────────────────────────────────────
@pytest.fixture
def turn(world):
    thread = TutorThread.objects.create(
        student=world.student, course=world.course, lesson=world.lesson,
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip

    def said(concept, score=1.0, rung=0, at=NOW):
        message = TutorMessage.objects.create(
            thread=thread, speaker="student", text="So it is", score=score, rung=rung,
            concept_id=getattr(concept, "pk", concept), created_at=at,
        )  # fmt: skip
        return evidence.record_turn(message=message, at=at)

    return said


def test_three_turns_a_day_and_concept_count_by_the_hints_given(world, turn):
    a, b = world.concept("a"), world.concept("b")
    assert [turn(a, rung=rung).guess for rung in (0, 1, 2)] == [0.05, 0.35, 0.60]
    assert turn(a) is None
    assert turn(b, rung=3).guess == 0.85
    assert turn(a, at=NOW + DAY).weight == 0.5
    assert world.log.count() == 5


def test_turns_that_tell_nothing(world, turn):
    a = world.concept("a")
    assert turn(a, score=None) is None
    assert turn(None) is None
    assert turn(ConceptFactory()) is None  # of another course
    assert turn(10**9) is None
    with pytest.raises(Invalid):
        turn(a, score=float("nan"))
    assert not Standing.objects.exists()


def test_a_pretest_sets_what_had_no_evidence(world):
    a, b, c = (world.concept(name) for name in "abc")
    told = {
        "student": world.student, "course": world.course, "graph": {}, "factor": 0.15,
        "started_at": NOW,
        "findings": [[a.pk, 0.5, 0.9, True], [b.pk, 0.5, 0.2, False], [c.pk, 0.4, 0.5, False]],
    }  # fmt: skip
    pretest = Pretest.objects.create(**told)
    assert evidence.record_pretest(pretest=pretest, at=NOW) is None
    pretest.finished_at = NOW
    c.delete()
    row = evidence.record_pretest(pretest=pretest, at=NOW)
    assert row.concepts == [a.pk, b.pk]
    assert (world.mastery(a).m, world.mastery(b).m) == (near(0.9), near(0.2))
    assert world.mastery(a).due == NOW + 10 * DAY
    assert world.mastery(b).due is None
    assert (world.standing.theta, world.standing.answers) == (0, 0)


# ── Mastered ──────────────────────────────────────────────────────────────────────────────────
def mastered(world):
    """Events heard by one of those who listen."""
    told = Delivery.objects.filter(event="concept.mastered", subscriber__startswith="analytics")
    return [row.payload for row in told.order_by("pk")]


def test_mastered_takes_two_kinds_on_two_days_and_is_told_once(world):
    a = world.concept("a")
    for day in range(4):
        world.take(world.quiz(a), at=NOW + day * DAY)
    known = known_of_courses(world.student, [world.course.pk])
    assert known[a.pk].level(NOW + 3 * DAY) < Level.MASTERED
    card = world.card(a)
    world.grade(card, 4, at=NOW + 4 * DAY)
    row = world.log.last()
    assert mastered(world) == [
        {
            "student_id": world.student.pk,
            "course_id": world.course.pk,
            "concept_id": a.pk,
            "evidence_id": row.pk,
        }
    ]
    assert row.announced == [a.pk]
    assert world.mastery(a).mastered_on == (NOW + 4 * DAY).date()
    evidence.void(evidence=row, at=NOW + 4 * DAY)
    assert not world.mastery(a).mastered
    evidence.unvoid(evidence=row, at=NOW + 4 * DAY)
    assert world.mastery(a).mastered
    assert len(mastered(world)) == 1


# ── At once ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_submit_at_once_lose_nothing(world):
    a = world.concept("a")
    begun = [world.begun(world.quiz(a, a)) for _ in range(4)]
    answers = [given(attempt, (True, False)) for attempt in begun]

    def submit(number):
        attempts.submit_attempt(attempt=begun[number], answers=answers[number], at=NOW)

    together(4, submit)
    assert world.log.count() == world.standing.answers == 8
    live = world.state()
    evidence.replay(student_id=world.student.pk, course_id=world.course.pk)
    assert world.state() == live


@pytest.mark.django_db(transaction=True)
def test_cards_graded_at_once_that_credit_each_other_end(world):
    """Each grade postpones the other card, which another device is grading."""
    a, b, base = world.concept("a"), world.concept("b"), world.concept("base")
    world.needs(a, base)
    world.needs(b, base)
    cards = [world.known_card(a, base), world.known_card(b, base)]
    for day in range(4):
        at = NOW + day * DAY
        together(2, lambda number, at=at: world.grade(cards[number], 3, at=at))  # noqa: B023
    assert world.log.count() == world.standing.answers == 8


# ── What is shown ─────────────────────────────────────────────────────────────────────────────
def test_what_is_shown_fades_without_a_write(world, django_assert_num_queries):
    a = world.concept("a")
    world.concept("unseen")
    world.take(world.quiz(a))
    with django_assert_num_queries(1):
        known = known_of_courses(world.student, [world.course.pk])
    assert list(known) == [a.pk]
    standing = known[a.pk]
    assert standing.recall(NOW) == 1
    assert standing.shown(NOW) == standing.m
    assert standing.level(NOW) == Level.FAMILIAR
    assert standing.succeeded
    assert standing.shown(NOW + 60 * DAY) < standing.m
    assert standing.recall(NOW - DAY) == 1


def test_chance_orders_dont_matter_to_the_lessons_of_a_day(world):
    """Evidence of one moment counts in the order in which it was kept."""
    concepts = [world.concept(f"c{number}") for number in range(5)]
    for concept in concepts:
        lesson = LessonFactory(course=world.course)
        world.teaches(lesson, concept)
        evidence.record_lesson(student_id=world.student.pk, lesson_id=lesson.pk, at=NOW)
    chance = random.Random(4)
    world.take(world.quiz(*chance.sample(concepts, 5)))
    live = world.state()
    evidence.replay(student_id=world.student.pk, course_id=world.course.pk)
    assert world.state() == live
