"""Attempts: begun once, kept, submitted once, closed in time."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.core.models import Delivery
from apps.learning.engine.marking import right_answer
from apps.learning.selectors import quizzes as selectors
from apps.learning.services import attempts
from apps.learning.services.attempts import Given

from .factories import quiz_with

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def right_answers(attempt) -> list[Given]:
    return [
        Given(row.question_id, right_answer(row.version.kind, row.version.body))
        for row in attempt.answers.select_related("version")
    ]


def test_all_right_is_all_the_points(student):
    quiz = quiz_with()
    attempt = attempts.start_attempt(quiz=quiz, student=student, at=NOW)
    done = attempts.submit_attempt(attempt=attempt, answers=right_answers(attempt), at=LATER)
    assert (done.score, done.max_score, done.percent, done.passed) == (8, 8, 100, True)
    result = selectors.result_of(done)
    assert all(row.correct and row.share == 1 for row in result.results)
    event = Delivery.objects.filter(event="quiz.submitted").values_list("payload", flat=True)
    assert set(event and [event[0]["attempt_id"]]) <= {done.pk}


def test_no_answer_is_wrong(student):
    attempt = attempts.start_attempt(quiz=quiz_with(), student=student, at=NOW)
    done = attempts.submit_attempt(attempt=attempt, answers=[], at=LATER)
    assert (done.score, done.percent, done.passed) == (0, 0, False)
    assert not any(row.correct for row in selectors.result_of(done).results)
