"""What the pages over many apps read."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.core.cache import cache
from django.db.models import Case, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import get_language

from apps.accounts.models import User
from apps.courses.models import Course, CourseQuerySet, CourseStatus, Lesson, Module
from apps.enrollment.models import Enrollment, SeatStatus
from apps.learning.selectors.path import CoursePath

POPULAR_SECONDS = 300


@dataclass(frozen=True)
class Step:
    """The next lesson of a seat: its number in the course, and how far the seat is."""

    seat: Enrollment
    course: Course
    lesson: Lesson
    number: int

    @property
    def url(self) -> str:
        return lesson_url(self.course, self.lesson.pk)


def lesson_url(course: Course, lesson_id: int) -> str:
    return reverse("learning:lesson", args=[course.slug, lesson_id])


def next_steps(paths: Iterable[CoursePath], *, limit: int) -> list[Step]:
    """Where each unfinished course goes on."""
    unfinished = (way for way in paths if way.ahead and not way.seat.is_completed)
    steps = (
        Step(way.seat, way.course, way.ahead[0].lesson, way.ahead[0].number) for way in unfinished
    )
    return list(islice(steps, limit))


def next_lesson_id(modules: Iterable[Module], done: set[int]) -> int | None:
    """The first lesson of an outline that isn't done; the very first when all are."""
    ids = [lesson.pk for module in modules for lesson in module.lessons_in_order]
    return next((pk for pk in ids if pk not in done), ids[0] if ids else None)


def popular_courses(*, count: int) -> list[Course]:
    """Published ones with the most students, those in the reader's language first."""
    language = get_language() or "en"
    key = f"pages:popular:{language}:{count}"
    ids: list[int] | None = cache.get(key)
    if ids is None:
        ids = list(_by_students(language).values_list("pk", flat=True)[:count])
        cache.set(key, ids, POPULAR_SECONDS)
    found = Course.objects.published().with_card().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _by_students(language: str) -> CourseQuerySet:
    own_first = Case(When(language=language, then=Value(0)), default=Value(1))
    return Course.objects.published().order_by(own_first, "-student_count", "-pk")


def courses_taught(user: User) -> CourseQuerySet:
    """Published ones of a teacher, newest first."""
    courses = Course.objects.published().filter(owner=user).with_card()
    return courses.order_by("-published_at", "-pk")


def lately_finished(paths: Iterable[CoursePath]) -> list[Enrollment]:
    """`courses_finished` of who has the paths already."""
    seats = [way.seat for way in paths if way.seat.is_completed and way.course.is_published]
    return sorted(seats, key=lambda seat: (seat.completed_at, seat.pk), reverse=True)


def courses_finished(user: User) -> QuerySet[Enrollment]:
    """Seats completed in courses that are still public, last finished first."""
    return (
        Enrollment.objects.of(user)
        .filter(
            status__in=[SeatStatus.COMPLETED, SeatStatus.CERTIFIED],
            course__status=CourseStatus.PUBLISHED,
        )
        .select_related("course__owner", "course__category")
        .order_by("-completed_at", "-pk")
    )
