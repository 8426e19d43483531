"""Figures of a course that higher apps keep true."""

from django.db import transaction
from django.db.models import F

from apps.core.bus import publish
from apps.core.transactions import joined
from apps.courses.cache import forget_courses
from apps.courses.events import CourseChanged, CourseCounted
from apps.courses.models import Course

# A student more in the course of each row of `seat`: a part of the statement that takes a seat.
# Who uses it publishes CourseCounted by the same statement and forgets the course after it.
STUDENT_MORE = """
UPDATE courses_course
SET student_count = courses_course.student_count + 1, revision = courses_course.revision + 1
FROM seat WHERE courses_course.id = seat.course_id
"""


@transaction.atomic
def set_rating(*, course_id: int, histogram: list[int]) -> None:
    """`histogram` counts the reviews of 1, 2, 3, 4 and 5 stars; average and count follow from it."""
    count = sum(histogram)
    total = sum(stars * number for stars, number in enumerate(histogram, start=1))
    Course.objects.filter(pk=course_id).update(
        rating_histogram=histogram,
        review_count=count,
        avg_rating=round(total / count, 2) if count else None,
        revision=F("revision") + 1,
    )
    forget_courses([course_id])
    publish(CourseCounted(course_id=course_id))


@joined
def count_students(*, course_id: int, change: int) -> None:
    """One more student, or one less."""
    Course.objects.filter(pk=course_id).update(
        student_count=F("student_count") + change, revision=F("revision") + 1
    )
    forget_courses([course_id])
    publish(CourseCounted(course_id=course_id))


@transaction.atomic
def raise_revision(*, course_id: int) -> None:
    """Something that higher apps show with the course has changed: no cache of it holds any more."""
    Course.objects.filter(pk=course_id).update(revision=F("revision") + 1)
    forget_courses([course_id])
    publish(CourseChanged(course_id=course_id))
