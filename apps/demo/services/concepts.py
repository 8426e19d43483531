"""Concepts of the demo's courses: what each lesson teaches, what it needs, what a question asks about."""

import re
from datetime import datetime

from apps.core import bus
from apps.courses.models import Lesson
from apps.learning.models import Concept, Question
from apps.learning.services import concepts

from ..texts import ConceptText, CourseText
from .courses import Place
from .quizzes import REVIEWING


def make_concepts(text: CourseText, place: Place, *, at: datetime) -> int:
    """As the teacher drew them while looking through the first quizzes."""
    drawn_at = min((place.course.published_at or at) + REVIEWING, at)
    with bus.happening(drawn_at):
        made = {row.name: _add(row, place, at=drawn_at) for row in text.concepts}
        for row in text.concepts:
            if row.needs:
                needs = {made[name].pk: weight for name, weight in row.needs.items()}
                concepts.set_prerequisites(concept=made[row.name], needs=needs, at=drawn_at)
        _tag(text, place, made, at=drawn_at)
    return len(made)


def _add(row: ConceptText, place: Place, *, at: datetime) -> Concept:
    return concepts.add_concept(
        course=place.course,
        name=row.name,
        description=row.description,
        aliases=row.aliases,
        importance=row.importance,
        at=at,
    )


def _tag(text: CourseText, place: Place, made: dict[str, Concept], *, at: datetime) -> None:
    """Each lesson with its concepts, and each question with those of them that it names."""
    files = [lesson.file for _title, lessons in text.modules for lesson in lessons]
    for file, lesson in zip(files, place.lessons, strict=True):
        rows = [row for row in text.concepts if row.lesson == file]
        taught = [made[row.name] for row in rows]
        concepts.tag_lesson(lesson=lesson, concepts=[concept.pk for concept in taught], at=at)
        for question in _questions(lesson):
            named = [made[row.name].pk for row in rows if _names(row, question)]
            if named:
                concepts.tag_question(question=question, concepts=named, at=at)


def _questions(lesson: Lesson) -> list[Question]:
    return list(Question.objects.filter(lesson=lesson).select_related("current"))


def _names(row: ConceptText, question: Question) -> bool:
    version = question.current
    words = f"{version.text} {version.body} {version.quote}" if version else ""
    return any(
        re.search(rf"\b{re.escape(name)}", words, re.IGNORECASE)
        for name in (row.name, *row.aliases)
    )
