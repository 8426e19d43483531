"""What is counted beside the rows, proved and repaired: progress of seats, students, ratings."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.courses import services as courses
from apps.courses.models import Course, Lesson

from .. import selectors
from ..models import Enrollment, LessonCompletion
from .progress import PROGRESS_FIELDS, bring_up_to

CHUNK = 1000


@dataclass(frozen=True)
class Difference:
    """A stored figure of a course that isn't what its rows say."""

    figure: str
    stored: object
    counted: object


@transaction.atomic
def recount_seats(*, course_id: int, at: datetime) -> int:
    """Set right the progress of the course's seats, as after its lessons have changed.

    Returns how many were wrong. A seat may complete by that; a completed one stays completed.
    """
    total = Lesson.objects.filter(course_id=course_id).count()
    wrong = list(_wrong_seats(course_id, total).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(wrong), CHUNK):
        _recount(wrong[start : start + CHUNK], course_id, total, at)
    return len(wrong)


def _recount(ids: list[int], course_id: int, total: int, at: datetime) -> None:
    locked = Enrollment.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    seats = list(locked)
    counted = dict(
        LessonCompletion.objects.filter(enrollment__in=ids, lesson__course_id=course_id)
        .order_by()
        .values_list("enrollment")
        .annotate(count=Count("pk"))
    )
    for seat in seats:
        bring_up_to(seat, counted.get(seat.pk, 0), total, at)
    Enrollment.objects.bulk_update(seats, PROGRESS_FIELDS)


def _wrong_seats(course_id: int, total: int) -> QuerySet[Enrollment]:
    live = (
        LessonCompletion.objects.filter(enrollment=OuterRef("pk"), lesson__course_id=course_id)
        .order_by()
        .values("enrollment")
        .annotate(count=Count("pk"))
        .values("count")
    )
    percent = F("counted") * 100 / total if total else F("counted") * 0
    return (
        Enrollment.objects.filter(course_id=course_id)
        .annotate(counted=Coalesce(Subquery(live, output_field=IntegerField()), 0))
        .annotate(percent=percent)
        .filter(~Q(completed_lessons=F("counted")) | ~Q(progress_percent=F("percent")))
    )


@transaction.atomic
def recount_course(*, course_id: int, repair: bool, at: datetime) -> list[Difference]:
    """Compare all that is counted for the course with its rows, under the course's lock."""
    course = Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course_id)
    found = []
    students = selectors.student_count(course_id)
    if students != course.student_count:
        found.append(Difference("student_count", course.student_count, students))
        if repair:
            courses.count_students(course_id=course_id, change=students - course.student_count)
    histogram = selectors.rating_histogram(course_id)
    if histogram != course.rating_histogram:
        found.append(Difference("rating_histogram", course.rating_histogram, histogram))
        if repair:
            courses.set_rating(course_id=course_id, histogram=histogram)
    total = Lesson.objects.filter(course_id=course_id).count()
    if wrong := _wrong_seats(course_id, total).count():
        found.append(Difference("progress of seats", f"{wrong} wrong", 0))
        if repair:
            recount_seats(course_id=course_id, at=at)
    return found
