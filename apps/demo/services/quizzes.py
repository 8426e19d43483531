"""Quizzes of the demo: questions of the teachers' own, and those of the built-in engine as a teacher
would have them made; all approved but one."""

from datetime import datetime, timedelta
from typing import Any

from apps.ai.prompts.quiz.schema import DraftQuestion, QuestionKind
from apps.ai.services import ask
from apps.core import bus
from apps.courses.models import Lesson
from apps.learning.services import generation, quizzes
from apps.learning.services.questions import add_question

from ..texts import CourseText
from .courses import Place

REVIEWING = timedelta(days=2)


def make_quizzes(text: CourseText, place: Place, *, at: datetime) -> int:
    """Two days after publication; the last lesson's quiz still waits for its teacher."""
    approved_at = min((place.course.published_at or at) + REVIEWING, at)
    with bus.happening(approved_at):
        lessons = [row for _title, rows in text.modules for row in rows]
        found = [
            _draft(lesson, row.questions, at=approved_at)
            for lesson, row in zip(place.lessons, lessons, strict=True)
        ]
        for quiz in found[:-1]:
            if quiz.questions.exists():
                quizzes.publish_quiz(quiz=quiz, by=place.course.owner, at=approved_at)
    return len(found)


def _draft(lesson: Lesson, own: list[dict[str, Any]], *, at: datetime) -> quizzes.Quiz:
    quiz = quizzes.quiz_for(lesson=lesson, at=at)
    for row in own:
        draft = DraftQuestion(kind=QuestionKind.SINGLE, **row)
        add_question(course=quiz.course, quiz=quiz, draft=draft, editor=quiz.course.owner, at=at)
    outcome = ask(
        task="quiz", material=generation.material_of(lesson), user=None, at=at, offline=True
    )
    generation.keep_drafts(quiz=quiz, drafts=outcome.value.questions, engine=outcome.engine, at=at)
    return quiz
