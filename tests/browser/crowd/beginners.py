"""Who is in the middle of the first hour: before the course, beside its first lesson, at its end."""

from datetime import datetime

from apps.accounts.models import User
from apps.courses.models import Course
from apps.enrollment.services import complete_lesson
from apps.learning.models import Quiz
from apps.learning.services.attempts import start_attempt, submit_attempt
from apps.onboarding.models import Goal, Minutes, Start
from apps.onboarding.selectors import offer_for, offered_subjects, wishes_of
from apps.onboarding.services import answer, keep_first_card, open_first_lesson


def begin_first_hours(people: list[User], at: datetime) -> None:
    """Three, each further than the one before."""
    wished = [slug for slug, _name in offered_subjects()][:2]
    for far, person in enumerate(people):
        answer(user=person, subjects=wished, goal=Goal.WORK, minutes=Minutes.STEADY, at=at)
        if far:
            course = _take(person, at)
        if far > 1:
            _do_all(person, course, at)


def _take(person: User, at: datetime) -> Course:
    first = offer_for(person, wishes_of(person).subjects).first
    assert first
    open_first_lesson(user=person, course_id=first.course.pk, at=at)
    return first.course


def _do_all(person: User, course: Course, at: datetime) -> None:
    """The streak comes with the events that this leaves; the end doesn't wait for it."""
    lesson = course.lessons.in_order()[0]
    complete_lesson(student=person, lesson=lesson, at=at)
    quiz = Quiz.objects.get(lesson=lesson)
    attempt = start_attempt(quiz=quiz, student=person, at=at)
    submit_attempt(attempt=attempt, answers=[], at=at)
    keep_first_card(user=person, at=at)
    Start.objects.filter(pk=person.pk).update(finished_at=at)
