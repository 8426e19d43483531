"""The API of courses; views and serializers named here are for the apps above too."""

from .content import LessonOut, LessonWriteView
from .courses import CourseCardOut, CourseOut, CourseView, CreateCourseView

__all__ = [
    "CourseCardOut",
    "CourseOut",
    "CourseView",
    "CreateCourseView",
    "LessonOut",
    "LessonWriteView",
]
