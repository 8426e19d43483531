"""A student's way through courses: what each lesson asks for, what to refresh, the one next step."""

from .courses import (
    CoursePath,
    LessonStep,
    courses_learnt_by,
    has_concepts,
    lesson_ahead,
    path_of,
    paths_of,
    way_on,
    way_through,
)
from .next import NextStep, next_step, next_step_on
from .refreshing import RefreshSet, refresh_before, refreshes
from .strip import Cell, strip_of

__all__ = [
    "Cell",
    "CoursePath",
    "LessonStep",
    "NextStep",
    "RefreshSet",
    "courses_learnt_by",
    "has_concepts",
    "lesson_ahead",
    "next_step",
    "next_step_on",
    "path_of",
    "paths_of",
    "refresh_before",
    "refreshes",
    "strip_of",
    "way_on",
    "way_through",
]
