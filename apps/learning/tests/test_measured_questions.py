"""Difficulty and times measured from the log, for answers to come."""

from datetime import timedelta

import pytest

from apps.accounts.tests.factories import UserFactory
from apps.learning import personal_data
from apps.learning.engine.mastery import Answer, expected, expected_at
from apps.learning.models import Evidence, Mastery, Question, Standing
from apps.learning.services.difficulty import measure_questions

from .evidence_world import DAY, NOW, World

pytestmark = pytest.mark.django_db


def test_what_was_expected_is_read_back_at_another_difficulty():
    hard, plain = Answer(1, 0.25, 1.5), Answer(1, 0.25, 0.0)
    chance = expected(0.7, hard, 0.8)
    assert expected_at(chance, hard) == pytest.approx(expected(0.7, plain, 0.8))


@pytest.fixture
def asked():
    """A question that nobody of thirty answers right, marked as easy."""
    first = World(UserFactory())
    concept = first.concept("a")
    quiz = first.quiz(concept)
    Question.objects.update(difficulty="easy")
    for _ in range(30):
        world = World(UserFactory())
        world.course = first.course
        world.take(quiz, False, duration_ms=40_000)
    return quiz.questions.get()


def test_a_question_that_fools_everybody_is_measured_as_hard(asked):
    assert measure_questions(since=NOW - DAY) == 1
    asked.refresh_from_db()
    assert 1 < asked.measured_difficulty < 3
    assert asked.median_ms == 40_000
    before = list(Evidence.objects.values_list("difficulty", flat=True))
    assert set(before) == {-1.0}
    measure_questions(since=NOW - DAY)  # the measure doesn't feed on the judgement
    again = asked.measured_difficulty
    asked.refresh_from_db()
    assert asked.measured_difficulty == again


def test_untrusted_and_contested_answers_measure_nothing_and_old_ones_wait(asked):
    Evidence.objects.update(weight=0.3)
    measure_questions(since=NOW - DAY)
    asked.refresh_from_db()
    assert asked.measured_difficulty is None
    assert measure_questions(since=NOW + timedelta(hours=1)) == 0


def test_what_is_held_is_handed_out_and_erased(student, stranger):
    for person in (student, stranger):
        world = World(person)
        world.take(world.quiz(world.concept(f"Of {person.pk}")))
    found = personal_data.export(student)
    assert [row["concept"] for row in found["mastery"]] == [f"Of {student.pk}"]
    assert (len(found["evidence"]), len(found["ability"])) == (1, 1)
    personal_data.erase(student, NOW)
    for model in (Evidence, Mastery, Standing):
        assert [row.student for row in model.objects.all()] == [stranger]
