"""Questions of a file into a course's bank, as drafts for their teacher to approve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.ai.prompts.quiz.schema import DraftQuestion
from apps.core.errors import Invalid
from apps.courses.models import Course, Lesson

from ...models import QuestionStatus, Quiz
from ...selectors.imports import mark_of, marks_of
from ..questions import MAX_IN_QUIZ, add_question
from ..quizzes import quiz_for


@dataclass
class ImportedQuestions:
    """How many were added, of them outside the full quiz; were there already; can't be asked."""

    added: int = 0
    beside: int = 0
    there: int = 0
    refused: int = 0


@transaction.atomic
def import_questions(
    *,
    course: Course,
    entries: Sequence[Mapping[str, Any]],
    editor: User,
    at: datetime,
    lesson: Lesson | None = None,
    with_duplicates: bool = False,
) -> ImportedQuestions:
    """The questions as drafts in the lesson's quiz, or in the bank alone without one.

    What a full quiz has no room for stays in the bank, under its lesson.
    """
    took = ImportedQuestions()
    quiz = quiz_for(lesson=lesson, at=at) if lesson else None
    room = _room(quiz)
    known = marks_of(course)
    for entry in entries:
        draft = DraftQuestion.model_validate(entry["draft"])
        mark = mark_of(draft)
        if mark in known and not with_duplicates:
            took.there += 1
            continue
        target = quiz if room > 0 else None
        try:
            add_question(
                course=course, draft=draft, editor=editor, at=at, quiz=target, lesson=lesson
            )
        except Invalid:
            took.refused += 1
            continue
        known.add(mark)
        took.added += 1
        room -= 1
        took.beside += quiz is not None and target is None
    return took


def _room(quiz: Quiz | None) -> int:
    if quiz is None:
        return 0
    return MAX_IN_QUIZ - quiz.questions.exclude(status=QuestionStatus.RETIRED).count()
