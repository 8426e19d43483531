"""Seats, what was completed on them, and the reviews they allow."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, FSMField, transition

from apps.courses.models import CourseStatus


class SeatStatus(models.TextChoices):
    """enrolled → in progress → completed → certified; cancelled and refunded on the side."""

    ENROLLED = "enrolled", _("enrolled")
    IN_PROGRESS = "in_progress", _("in progress")
    COMPLETED = "completed", _("completed")
    CERTIFIED = "certified", _("certified")
    CANCELLED = "cancelled", _("cancelled")
    REFUNDED = "refunded", _("refunded")


OPEN_STATUSES = [
    SeatStatus.ENROLLED,
    SeatStatus.IN_PROGRESS,
    SeatStatus.COMPLETED,
    SeatStatus.CERTIFIED,
]


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def of(self, user: Any) -> "EnrollmentQuerySet":
        return self.filter(student_id=user.pk)

    def visible_to(self, user: Any) -> "EnrollmentQuerySet":
        """One's own."""
        return self.of(user)

    def open(self) -> "EnrollmentQuerySet":
        """Seats on which one may learn."""
        return self.filter(status__in=OPEN_STATUSES)

    def with_course(self) -> "EnrollmentQuerySet":
        """All that a row of "my courses" shows, in one query."""
        return self.select_related("course", "course__owner", "course__category")


class Enrollment(models.Model):
    """A student's seat in a course: one per student and course, whatever becomes of it."""

    student = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("student")
    )
    course = models.ForeignKey(
        "courses.Course", models.PROTECT, related_name="+", verbose_name=_("course")
    )
    status = FSMField(_("status"), max_length=12, choices=SeatStatus, default=SeatStatus.ENROLLED)
    # How many of the course's lessons are done, and the percentage of it, kept by the services.
    completed_lessons = models.PositiveIntegerField(_("completed lessons"), default=0)
    progress_percent = models.PositiveSmallIntegerField(_("progress, %"), default=0)
    enrolled_at = models.DateTimeField(_("enrolled"))
    last_activity_at = models.DateTimeField(_("last activity"))
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        indexes = [
            models.Index(fields=["student", "-enrolled_at", "-id"], name="enrollment_of_student"),
            models.Index(fields=["course", "-enrolled_at", "-id"], name="enrollment_of_course"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["student", "course"], name="enrollment_one_seat_each"),
            models.CheckConstraint(
                condition=Q(status__in=SeatStatus.values), name="enrollment_status_known"
            ),
            models.CheckConstraint(
                condition=Q(progress_percent__lte=100), name="enrollment_progress_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def is_completed(self) -> bool:
        return self.status in (SeatStatus.COMPLETED, SeatStatus.CERTIFIED)

    # Callers hold the row's lock and save it.
    @transition(status, source=SeatStatus.ENROLLED, target=SeatStatus.IN_PROGRESS)
    def begin(self) -> None:
        """The first lesson is done."""

    @transition(
        status, source=[SeatStatus.ENROLLED, SeatStatus.IN_PROGRESS], target=SeatStatus.COMPLETED
    )
    def complete(self, at: datetime) -> None:
        self.completed_at = at

    @transition(status, source=SeatStatus.COMPLETED, target=SeatStatus.CERTIFIED)
    def certify(self) -> None:
        """A certificate was issued for it."""

    @transition(
        status, source=[SeatStatus.ENROLLED, SeatStatus.IN_PROGRESS], target=SeatStatus.CANCELLED
    )
    def cancel(self) -> None:
        """Given up by the student; what was learnt on it stays."""

    @transition(status, source=OPEN_STATUSES, target=SeatStatus.REFUNDED)
    def refund(self) -> None:
        """The money went back, and the seat with it."""

    @transition(
        status,
        source=[SeatStatus.CANCELLED, SeatStatus.REFUNDED],
        target=RETURN_VALUE(SeatStatus.ENROLLED, SeatStatus.IN_PROGRESS, SeatStatus.COMPLETED),
    )
    def reopen(self) -> str:
        """Taken up again where it was left."""
        if self.completed_at:
            return SeatStatus.COMPLETED
        return SeatStatus.IN_PROGRESS if self.completed_lessons else SeatStatus.ENROLLED


class LessonCompletion(models.Model):
    """A lesson done on a seat."""

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="completions")
    lesson = models.ForeignKey("courses.Lesson", models.CASCADE, related_name="+")
    completed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "lesson"], name="lesson_completed_once")
        ]

    def __str__(self) -> str:
        return f"lesson {self.lesson_id} on seat {self.enrollment_id}"


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: Any) -> "ReviewQuerySet":
        """Reviews of published courses, one's own and those of one's courses; moderators see all."""
        shown = Q(course__status=CourseStatus.PUBLISHED)
        if user.is_authenticated:
            if user.is_moderator:
                return self.all()
            shown |= Q(student_id=user.pk) | Q(course__owner_id=user.pk)
        return self.filter(shown)

    def editable_by(self, user: Any) -> "ReviewQuerySet":
        """One's own: nobody else puts words into a review."""
        return self.filter(student_id=user.pk)

    def deletable_by(self, user: Any) -> "ReviewQuerySet":
        """One's own; a moderator deletes any."""
        return self.all() if user.is_moderator else self.editable_by(user)

    def answerable_by(self, user: Any) -> "ReviewQuerySet":
        """Those of the teacher's own courses."""
        return self.filter(course__owner_id=user.pk)


class Review(models.Model):
    """What a student says of a course: one per seat, editable, answered by the teacher."""

    enrollment = models.OneToOneField(Enrollment, models.PROTECT, related_name="review")
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="+")
    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rating = models.PositiveSmallIntegerField(_("rating"))
    comment = models.TextField(_("comment"), max_length=5000, blank=True)
    reply = models.TextField(_("teacher's reply"), max_length=5000, blank=True)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)
    helpful_count = models.PositiveIntegerField(_("found helpful"), default=0)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [models.Index(fields=["course", "-created_at", "-id"], name="review_of_course")]
        constraints = [
            models.UniqueConstraint(fields=["student", "course"], name="review_one_each"),
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5), name="review_rating_range"
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class HelpfulVote(models.Model):
    """Somebody found a review helpful."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="helpful_vote_once")]

    def __str__(self) -> str:
        return f"vote of {self.user_id} on review {self.review_id}"
