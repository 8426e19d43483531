"""Quizzes of the demo: made by the built-in engine as a teacher would, all approved but one."""

from datetime import datetime, timedelta

from apps.ai.services import ask
from apps.core import bus
from apps.courses.models import Lesson
from apps.learning.services import generation, quizzes

from .courses import Place

REVIEWING = timedelta(days=2)


def make_quizzes(place: Place, *, at: datetime) -> int:
    """Two days after publication; the last lesson's quiz still waits for its teacher."""
    approved_at = min((place.course.published_at or at) + REVIEWING, at)
    with bus.happening(approved_at):
        found = [_draft(lesson, at=approved_at) for lesson in place.lessons]
        for quiz in found[:-1]:
            if quiz.questions.exists():
                quizzes.publish_quiz(quiz=quiz, by=place.course.owner, at=approved_at)
    return len(found)


def _draft(lesson: Lesson, *, at: datetime) -> quizzes.Quiz:
    outcome = ask(
        task="quiz", material=generation.material_of(lesson), user=None, at=at, offline=True
    )
    quiz = quizzes.quiz_for(lesson=lesson, at=at)
    generation.keep_drafts(quiz=quiz, drafts=outcome.value.questions, engine=outcome.engine, at=at)
    return quiz
