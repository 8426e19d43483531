"""What learning announces."""

from dataclasses import dataclass
from typing import ClassVar

from apps.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class QuizSubmitted(Event):
    name: ClassVar[str] = "quiz.submitted"
    attempt_id: int
    student_id: int
    course_id: int
    quiz_id: int
    percent: int
    passed: bool


@dataclass(frozen=True, kw_only=True)
class FlashcardReviewed(Event):
    name: ClassVar[str] = "flashcard.reviewed"
    review_id: int
    student_id: int
    card_id: int
    course_id: int | None
    rating: int


@dataclass(frozen=True, kw_only=True)
class FlashcardReviewUndone(Event):
    name: ClassVar[str] = "flashcard.review_undone"
    review_id: int
    student_id: int
    card_id: int


@dataclass(frozen=True, kw_only=True)
class CardsDue(Event):
    """`day` is the study day, ISO 8601; at most one a day and student."""

    name: ClassVar[str] = "cards.due"
    student_id: int
    count: int
    day: str


@dataclass(frozen=True, kw_only=True)
class ConceptMastered(Event):
    """Once for each entry into the level; `evidence_id` made it."""

    name: ClassVar[str] = "concept.mastered"
    student_id: int
    course_id: int
    concept_id: int
    evidence_id: int


@dataclass(frozen=True, kw_only=True)
class PretestFinished(Event):
    name: ClassVar[str] = "pretest.finished"
    pretest_id: int
    student_id: int
    course_id: int


@dataclass(frozen=True, kw_only=True)
class TutorTurn(Event):
    """The tutor replied; `message_id` is the student's message, judged or not."""

    name: ClassVar[str] = "tutor.turn"
    message_id: int
    student_id: int
    course_id: int
    lesson_id: int


@dataclass(frozen=True, kw_only=True)
class TutorRated(Event):
    name: ClassVar[str] = "tutor.rated"
    message_id: int
    student_id: int
    value: int


@dataclass(frozen=True, kw_only=True)
class ConceptsChanged(Event):
    """The concepts, edges or tags of a course are others than before."""

    name: ClassVar[str] = "concepts.changed"
    course_id: int
