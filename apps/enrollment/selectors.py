"""What is read about seats, progress and reviews."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.core.compiled import any_of, compiled
from apps.courses.models import Course, CourseQuerySet, CourseStatus, Lesson

from .models import (
    Enrollment,
    EnrollmentQuerySet,
    HelpfulVote,
    LessonCompletion,
    Review,
    ReviewQuerySet,
    SeatStatus,
)


@dataclass(frozen=True)
class Progress:
    """How far a seat is, counted from live rows; `status` is empty without a seat.

    After a lesson was completed, `since` says when that was first done.
    """

    completed: int
    total: int
    percent: int
    status: str
    since: datetime | None = field(default=None, compare=False)


# ── Seats ─────────────────────────────────────────────────────────────────────────────────────
def seats_of(user: Any) -> EnrollmentQuerySet:
    """The user's seats with their courses, whatever became of them."""
    return Enrollment.objects.visible_to(user).with_course()


def seats_in_progress(user: Any) -> EnrollmentQuerySet:
    """Open seats whose course isn't finished, with their courses."""
    return seats_of(user).filter(status__in=[SeatStatus.ENROLLED, SeatStatus.IN_PROGRESS])


def completed_seats(user: Any) -> EnrollmentQuerySet:
    """Seats whose course is finished, with their courses."""
    return seats_of(user).filter(status__in=[SeatStatus.COMPLETED, SeatStatus.CERTIFIED])


def seat_of(user: Any, course_id: int) -> Enrollment | None:
    """The user's open seat in the course."""
    if not user.is_authenticated:
        return None
    found: Enrollment | None = _open_seat.first(student=user.pk, course=course_id)
    return found


_open_seat = compiled(
    lambda student, course: Enrollment.objects.filter(student_id=student, course_id=course).open()
)


def open_seats_of(user: Any) -> list[Enrollment]:
    """With their courses, the one that was learnt in last first."""
    return _open_seats(student=user.pk)


_open_seats = compiled(
    lambda student: (
        Enrollment.objects.filter(student_id=student)
        .open()
        .with_course()
        .order_by("-last_activity_at", "-pk")
    )
)


def has_open_seat(user: Any, course_id: int) -> bool:
    return seat_of(user, course_id) is not None


def shares_a_course(user: Any) -> Q:
    """The people who learn in a course the user learns in or teaches, or teach one they learn in."""
    learns = Enrollment.objects.of(user).open()
    beside = Enrollment.objects.open().filter(
        Q(course__in=learns.values("course")) | Q(course__owner_id=user.pk)
    )
    taught = learns.values("course__owner")
    return Q(pk__in=beside.values("student")) | Q(pk__in=taught)


def courses_taken_part_in(user: Any) -> CourseQuerySet:
    """Those the user has an open seat in, and their own."""
    seats = Enrollment.objects.of(user).open().filter(course_id=OuterRef("pk"))
    found: CourseQuerySet = Course.objects.filter(Q(Exists(seats)) | Q(owner_id=user.pk))
    return found


def student_count(course_id: int) -> int:
    """How many open seats the course has."""
    return Enrollment.objects.open().filter(course_id=course_id).count()


def lessons_open_to(user: Any) -> QuerySet[Lesson]:
    """The lessons this person may read: the only way to a lesson above this floor.

    The owner's and a moderator's, those of an open seat, and free previews of published courses.
    """
    if not user.is_authenticated:
        return Lesson.objects.filter(_IS_FREE)
    return Lesson.objects.all() if user.is_moderator else _open_to_learner(user.pk)


def open_lesson(user: Any, lesson_id: int) -> Lesson | None:
    """The lesson with its course, when this person may read it."""
    if user.is_authenticated and not user.is_moderator:
        found: Lesson | None = _open_lesson.first(user=user.pk, lesson=lesson_id)
        return found
    return lessons_open_to(user).select_related("course").filter(pk=lesson_id).first()


_IS_FREE = Q(is_preview=True, course__status=CourseStatus.PUBLISHED)


def _open_to_learner(user: Any) -> QuerySet[Lesson]:
    seats = Enrollment.objects.filter(student_id=user, course_id=OuterRef("course_id")).open()
    return Lesson.objects.filter(_IS_FREE | Q(course__owner_id=user) | Q(Exists(seats)))


_open_lesson = compiled(
    lambda user, lesson: _open_to_learner(user).select_related("course").filter(pk=lesson)
)


def courses_open_to(user: Any) -> CourseQuerySet:
    """Courses whose outline this person may see: those visible to them and those of open seats."""
    visible = Course.objects.visible_to(user)
    if not user.is_authenticated or user.is_moderator:
        return visible
    # asked of each course that is wanted: a list of all visible ones would be read as a whole
    seats = Enrollment.objects.of(user).open().filter(course_id=OuterRef("pk"))
    return visible | Course.objects.filter(Exists(seats))


def lessons_known_to(user: Any) -> QuerySet[Lesson]:
    """The lessons that an outline open to this person names, whether they may be read or not."""
    return Lesson.objects.filter(course__in=courses_open_to(user).values("pk"))


# ── Progress ──────────────────────────────────────────────────────────────────────────────────
def percent_of(completed: int, total: int) -> int:
    """Whole percent, rounded down, so that 100 means all."""
    return 100 * completed // total if total else 0


def live_completions(enrollment: Enrollment) -> QuerySet[LessonCompletion]:
    """What was completed of the lessons that the course has now."""
    return LessonCompletion.objects.filter(
        enrollment=enrollment, lesson__course_id=enrollment.course_id
    )


def completed_lesson_ids(enrollment: Enrollment) -> set[int]:
    return set(_live_completions(seat=enrollment.pk, course=enrollment.course_id))


_live_completions = compiled(
    lambda seat, course: LessonCompletion.objects.filter(
        enrollment_id=seat, lesson__course_id=course
    ).values_list("lesson_id", flat=True)
)


def lessons_completed_on(seats: Iterable[Enrollment]) -> set[int]:
    """Of all these seats; of lessons that are gone, too."""
    return set(_completions(seats=[seat.pk for seat in seats]))


_completions = compiled(
    lambda seats: LessonCompletion.objects.filter(any_of("enrollment", seats)).values_list(
        "lesson_id", flat=True
    )
)


def completion_times(enrollment: Enrollment) -> dict[int, datetime]:
    """When each of the completed lessons was done, by lesson id."""
    return dict(live_completions(enrollment).values_list("lesson_id", "completed_at"))


@dataclass(frozen=True)
class LessonProgress:
    lesson: int
    title: str
    completed_at: datetime | None


def lesson_progress(enrollment: Enrollment) -> list[LessonProgress]:
    """Every lesson of the seat's course in order, and when it was done."""
    times = completion_times(enrollment)
    lessons = Lesson.objects.filter(course_id=enrollment.course_id).in_order()
    return [
        LessonProgress(pk, title, times.get(pk)) for pk, title in lessons.values_list("pk", "title")
    ]


def progress_summary(enrollment: Enrollment) -> Progress:
    completed = live_completions(enrollment).count()
    total = Lesson.objects.filter(course_id=enrollment.course_id).count()
    return Progress(completed, total, percent_of(completed, total), enrollment.status)


# ── Reviews ───────────────────────────────────────────────────────────────────────────────────
def reviews_of(course: Course, reader: User | None = None) -> ReviewQuerySet:
    """The course's reviews, newest first, each with `is_helpful`: whether the reader said so."""
    votes = HelpfulVote.objects.filter(review_id=OuterRef("pk"))
    voted = votes.filter(user_id=reader.pk) if reader is not None else votes.none()
    return (
        Review.objects.filter(course=course)
        .select_related("student")
        .annotate(is_helpful=Exists(voted))
        .order_by("-created_at", "-id")
    )


def review_by(user: Any, course_id: int) -> Review | None:
    """The user's own review of the course."""
    if not user.is_authenticated:
        return None
    return Review.objects.filter(student_id=user.pk, course_id=course_id).first()


def rating_histogram(course_id: int) -> list[int]:
    """How many reviews give 1, 2, 3, 4 and 5 stars, counted from live rows."""
    counted = (
        Review.objects.filter(course_id=course_id)
        .order_by()
        .values_list("rating")
        .annotate(count=Count("pk"))
    )
    by_rating = dict(counted)
    return [by_rating.get(stars, 0) for stars in range(1, 6)]


def rating_shares(course: Course) -> list[tuple[int, int]]:
    """(stars, percent of the reviews), five stars first."""
    shares = enumerate(course.rating_histogram, start=1)
    total = course.review_count
    return [(stars, round(100 * count / total) if total else 0) for stars, count in shares][::-1]
