"""Questions, quizzes, attempts, digests of lessons; cards, their reviews and schedules."""

from .cards import (
    Card,
    CardState,
    MemoryParameters,
    MemorySettings,
    Note,
    NoteKind,
    NoteSource,
    Review,
)
from .digests import LessonDigest
from .imports import Import, ImportFormat
from .quizzes import Answer, Attempt, Question, QuestionKind, QuestionStatus, QuestionVersion, Quiz

__all__ = [
    "Answer",
    "Attempt",
    "Card",
    "CardState",
    "Import",
    "ImportFormat",
    "LessonDigest",
    "MemoryParameters",
    "MemorySettings",
    "Note",
    "NoteKind",
    "NoteSource",
    "Question",
    "QuestionKind",
    "QuestionStatus",
    "QuestionVersion",
    "Quiz",
    "Review",
]
