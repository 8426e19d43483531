"""What is wrong with a question about a lesson, whichever engine made it."""

from apps.ai.prompts.quiz.schema import DraftQuestion

from .lesson import Lesson, read


def faults(question: DraftQuestion, lesson_text: str, language: str) -> list[str]:
    """Names of the rules that the question breaks; none for a sound one."""
    lesson = read("", lesson_text, language)
    return faults_in(question, lesson) if lesson else []


def faults_in(question: DraftQuestion, lesson: Lesson) -> list[str]:
    return []
