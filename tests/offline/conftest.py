from dataclasses import dataclass

import pytest

from apps.ai.material import Material
from apps.ai.offline import make_quiz
from apps.ai.prompts.quiz.schema import DraftQuestion
from apps.demo.texts import read_courses


@dataclass(frozen=True)
class Made:
    """A question and the demo lesson that it was made from."""

    path: str  # "en/how-memory-works/01-not-a-recording"
    language: str
    title: str
    text: str
    question: DraftQuestion


@pytest.fixture(scope="session")
def demo_lessons() -> dict[str, Material]:
    return {
        f"{course.language}/{course.key}/{lesson.file.removesuffix('.md')}": Material(
            lesson.title, lesson.content, course.language
        )
        for course in read_courses()
        for _, lessons in course.modules
        for lesson in lessons
    }


@pytest.fixture(scope="session")
def demo_questions(demo_lessons) -> list[Made]:
    return [
        Made(path, lesson.language, lesson.title, lesson.text, question)
        for path, lesson in demo_lessons.items()
        for question in make_quiz(lesson).questions
    ]
