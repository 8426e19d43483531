"""Figures of a quiz: first submissions of students, counted in the database."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.tests.factories import UserFactory
from apps.learning.selectors.quiz_statistics import statistics_of
from apps.learning.services import attempts
from apps.learning.services.attempts import Given

from .factories import quiz_with

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def take(quiz, student, right: dict[str, bool], minutes: int = 2):
    """An attempt in which the questions of these kinds are answered, rightly or not."""
    attempt = attempts.start_attempt(quiz=quiz, student=student, at=NOW)
    given = []
    for row in attempt.answers.select_related("version"):
        kind, body = row.version.kind, row.version.body
        if kind == "single":
            answer = body["options"][0 if right[kind] else 1]["id"]
        elif kind == "true_false":
            answer = body["right"] if right[kind] else not body["right"]
        else:
            answer = "nucleus" if right[kind] else "cell"
        given.append(Given(row.question_id, answer, 3000 if right[kind] else 9000))
    at = NOW + timedelta(minutes=minutes)
    return attempts.submit_attempt(attempt=attempt, answers=given, at=at)


ALL = {"single": True, "true_false": True, "short": True}
NONE = dict.fromkeys(ALL, False)


def test_a_quiz_that_nobody_took():
    quiz = quiz_with("single")
    found = statistics_of(quiz)
    assert (found.started, found.submitted, found.completion_rate, found.accuracy) == (
        0,
        0,
        None,
        None,
    )
    (question,) = found.questions
    assert (question.answered, question.share_right, question.discrimination) == (0, None, None)


def test_people_and_their_first_submissions_count():
    quiz = quiz_with("single", "true_false", "short")
    able, weak, gone = UserFactory.create_batch(3)
    take(quiz, able, ALL, minutes=2)
    take(quiz, able, NONE, minutes=50)  # a second try
    take(quiz, weak, {**NONE, "single": True}, minutes=4)
    attempts.start_attempt(quiz=quiz, student=gone, at=NOW)
    take(quiz, quiz.course.owner, NONE)  # the teacher's own
    found = statistics_of(quiz)
    assert (found.started, found.submitted, round(found.completion_rate, 2)) == (3, 2, 0.67)
    assert (found.accuracy, found.pass_rate, found.median_seconds) == (0.665, 0.5, 180)
    single, true_false, short = found.questions
    assert (single.answered, single.share_right, single.median_seconds) == (2, 1.0, 3.0)
    assert (short.share_right, short.median_seconds) == (0.5, 6.0)
    assert [(o.text, o.count, o.is_right) for o in single.options][0] == (
        "the mitochondrion",
        2,
        True,
    )
    assert {(o.text, o.count, o.is_right) for o in true_false.options} == {
        ("false", 1, True),
        ("true", 1, False),
    }
    assert short.options == []


def test_discrimination_tells_the_able_from_others():
    quiz = quiz_with("single", "true_false", "short")
    for number, student in enumerate(UserFactory.create_batch(10)):
        able = number < 5
        # who is able knows two; the third is a coin that falls against the able
        take(quiz, student, {"single": able, "true_false": able, "short": not able})
        found = {
            row.question.current.kind: row.discrimination for row in statistics_of(quiz).questions
        }
        if number < 9:
            assert set(found.values()) == {None}
    # item: 5 right of 10; rest of "short": 1.0 for the able, 0.0 for others, all the other way round
    assert found["short"] == pytest.approx(-1.0)
    # the rest of "single" is one of two points for everybody: nothing to tell apart
    assert found["single"] is None


def test_statistics_cost_the_same_however_many_take_it(django_assert_num_queries):
    for kinds, people in ((["single"], 1), (["single", "true_false", "short"], 3)):
        quiz = quiz_with(*kinds)
        for student in UserFactory.create_batch(people):
            take(quiz, student, ALL)
        with django_assert_num_queries(6):
            statistics_of(quiz)
