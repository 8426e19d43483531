"""The example course with its quizzes, for a teacher to change."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.courses.models import Course
from apps.courses.services import copy_example

from ..examples import example_questions
from .questions import add_question
from .quizzes import publish_quiz, quiz_for


@transaction.atomic
def start_from_example(*, teacher: User, at: datetime) -> Course:
    """A draft of the teacher's own. The last quiz waits to be looked through, as a made one would."""
    course, lessons = copy_example(owner=teacher, at=at)
    found = example_questions(course.language) if lessons else {}
    for number, (key, questions) in enumerate(found.items(), start=1):
        quiz = quiz_for(lesson=lessons[key], at=at)
        for draft in questions:
            add_question(course=course, quiz=quiz, draft=draft, editor=teacher, at=at)
        if number < len(found):
            publish_quiz(quiz=quiz, by=teacher, at=at)
    return course
