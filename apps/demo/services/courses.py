"""Courses of the demo, from their texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from apps.accounts.models import User
from apps.core import bus
from apps.core.money import to_minor
from apps.core.slugs import slug_of
from apps.courses import services
from apps.courses.models import Course, Lesson
from apps.courses.selectors import find_category
from apps.learning.models import Question, Quiz
from apps.learning.services.attempts import asked_in

from ..texts import CourseText
from .people import Player

WRITING = timedelta(days=20)


@dataclass(frozen=True)
class Paper:
    """A published quiz and what it asks."""

    quiz: Quiz
    questions: list[Question]


@dataclass(frozen=True)
class Place:
    """A course of the demo with its lessons in order."""

    course: Course
    lessons: list[Lesson]
    is_new: bool

    @cached_property
    def _papers(self) -> dict[int | None, Paper]:
        quizzes = Quiz.objects.published().filter(lesson__in=self.lessons)
        rows = quizzes.select_related("course", "lesson")
        return {quiz.lesson_id: Paper(quiz, asked_in(quiz)) for quiz in rows}

    def paper_of(self, lesson: Lesson) -> Paper | None:
        """The quiz of the lesson, looked for once: when all quizzes are there."""
        return self._papers.get(lesson.pk)


def make_course(text: CourseText, *, people: Mapping[str, Player], at: datetime) -> Place:
    """The course, published some weeks after its teacher came."""
    teacher = people[text.teacher]
    course = _known(text, teacher.user)
    is_new = course is None
    if course is None:
        begun_at = teacher.joined_at + timedelta(days=5 + sum(text.key.encode()) % 40)
        with bus.happening(begun_at):
            course = _write(text, owner=teacher.user, at=begun_at)
        published_at = min(begun_at + WRITING, at)
        with bus.happening(published_at):
            course = services.publish_course(course=course, by=teacher.user, at=published_at)
    return Place(
        course,
        list(Lesson.objects.filter(course=course).select_related("course").in_order()),
        is_new,
    )


def _known(text: CourseText, owner: User) -> Course | None:
    """By its first slug, which still leads there when the teacher has renamed it."""
    slug = slug_of(text.title)
    mine = Course.objects.filter(owner=owner)
    return mine.filter(slug=slug).first() or mine.filter(old_slugs__slug=slug).first()


def _write(text: CourseText, *, owner: User, at: datetime) -> Course:
    course = services.create_course(
        owner=owner,
        title=text.title,
        at=at,
        subtitle=text.subtitle,
        description=text.description,
        category=find_category(text.category),
        language=text.language,
        level=text.level,
        price_minor=to_minor(text.price),
        currency=text.currency,
        tags=text.tags,
        outcomes=text.outcomes,
        prerequisites=text.prerequisites,
    )
    for title, lessons in text.modules:
        module = services.add_module(course=course, title=title, at=at, editor=owner)
        for lesson in lessons:
            services.add_lesson(
                module=module,
                title=lesson.title,
                at=at,
                editor=owner,
                content=lesson.content,
                duration_minutes=lesson.duration_minutes,
                is_preview=lesson.is_preview,
            )
    return course
