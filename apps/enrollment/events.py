"""What enrollment announces."""

from dataclasses import dataclass
from typing import ClassVar

from apps.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class EnrollmentCreated(Event):
    name: ClassVar[str] = "enrollment.created"
    enrollment_id: int
    student_id: int
    course_id: int


@dataclass(frozen=True, kw_only=True)
class LessonCompleted(Event):
    name: ClassVar[str] = "lesson.completed"
    enrollment_id: int
    student_id: int
    course_id: int
    lesson_id: int


@dataclass(frozen=True, kw_only=True)
class EnrollmentCompleted(Event):
    name: ClassVar[str] = "enrollment.completed"
    enrollment_id: int
    student_id: int
    course_id: int


@dataclass(frozen=True, kw_only=True)
class EnrollmentCancelled(Event):
    name: ClassVar[str] = "enrollment.cancelled"
    enrollment_id: int
    student_id: int
    course_id: int


@dataclass(frozen=True, kw_only=True)
class ReviewCreated(Event):
    name: ClassVar[str] = "review.created"
    review_id: int
    student_id: int
    course_id: int
    rating: int


@dataclass(frozen=True, kw_only=True)
class ReviewReplied(Event):
    name: ClassVar[str] = "review.replied"
    review_id: int
    student_id: int
    course_id: int
