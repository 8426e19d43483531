"""What courses announces."""

from dataclasses import dataclass
from typing import ClassVar

from apps.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class CourseCreated(Event):
    name: ClassVar[str] = "course.created"
    course_id: int
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class CourseChanged(Event):
    """Anything that a list, a search or a cache of the course shows has changed."""

    name: ClassVar[str] = "course.changed"
    course_id: int


@dataclass(frozen=True, kw_only=True)
class CourseCounted(Event):
    """Its figures have changed, students or rating, and nothing else."""

    name: ClassVar[str] = "course.counted"
    course_id: int


@dataclass(frozen=True, kw_only=True)
class CoursePublished(Event):
    name: ClassVar[str] = "course.published"
    course_id: int
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class CourseArchived(Event):
    name: ClassVar[str] = "course.archived"
    course_id: int


@dataclass(frozen=True, kw_only=True)
class LessonChanged(Event):
    """The text of a lesson has changed, or the lesson is new or gone."""

    name: ClassVar[str] = "lesson.changed"
    course_id: int
    lesson_id: int


@dataclass(frozen=True, kw_only=True)
class CategoryChanged(Event):
    """Its names, or what stands above it; or courses came to it. Those below it tell it themselves."""

    name: ClassVar[str] = "category.changed"
    category_id: int
