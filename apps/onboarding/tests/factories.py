"""Courses to begin with, and how to get through their first steps."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from apps.courses.tests.factories import CategoryFactory, CourseFactory, LessonFactory
from apps.learning.engine.marking import right_answer
from apps.learning.models import Attempt, Quiz
from apps.learning.services import attempts
from apps.learning.tests.factories import quiz_with


def beginning(
    *, minutes: int = 3, lessons: int = 2, kinds: tuple[str, ...] = ("single",), **fields: Any
) -> Any:
    """A published free course whose first lesson is short and has a quiz."""
    course = CourseFactory(duration_minutes=100, lesson_count=lessons, **fields)
    first = LessonFactory(course=course, duration_minutes=minutes, is_preview=True)
    LessonFactory.create_batch(lessons - 1, course=course, module=first.module)
    quiz_with(*kinds, lesson=first)
    return course


def first_lesson(course: Any) -> Any:
    return course.lessons.in_order().first()


def take_quiz(student: Any, course: Any, *, right: bool, at: datetime | None = None) -> Attempt:
    now = at or timezone.now()
    quiz = Quiz.objects.get(lesson=first_lesson(course))
    attempt = attempts.start_attempt(quiz=quiz, student=student, at=now)
    answers = [
        attempts.Given(row.question_id, right_answer(row.version.kind, row.version.body))
        for row in attempt.answers.select_related("version")
        if right
    ]
    return attempts.submit_attempt(attempt=attempt, answers=answers, at=now)


def subject(slug: str, **fields: Any) -> Any:
    return CategoryFactory(slug=slug, name_en=slug.title(), name_ru=f"{slug.title()}-ру", **fields)
