"""What students did, as xAPI understands it: an append-only table, partitioned by month."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    EXPERIENCED = "experienced"
    INTERACTED = "interacted"
    PLAYED = "played"
    COMPLETED = "completed"
    ATTEMPTED = "attempted"
    ANSWERED = "answered"
    PASSED = "passed"
    FAILED = "failed"
    MASTERED = "mastered"
    ASKED = "asked"
    ANNOTATED = "annotated"
    BOOKMARKED = "bookmarked"
    VOIDED = "voided"


class Activity(models.TextChoices):
    """What an act was about."""

    COURSE = "course"
    LESSON = "lesson"
    QUIZ = "quiz"
    PRETEST = "pretest"
    QUESTION = "question"
    CARD = "card"
    CONCEPT = "concept"
    TALK = "talk"
    DIGEST = "digest"
    NOTE = "note"
    # another statement, which is thereby taken back
    STATEMENT = "statement"


class StatementQuerySet(models.QuerySet["Statement"]):
    def visible_to(self, user: Any) -> "StatementQuerySet":
        return self.filter(actor_id=user.pk)


class Statement(models.Model):
    """One act of one student. Ids aren't keys: what was done outlives what it was done to.

    `id` is made from what the act came from, and `at` is a fact of it, so that an act that is told
    twice is one row. `actor_id` is empty once the person was erased.
    """

    pk = models.CompositePrimaryKey("id", "at")
    id = models.UUIDField()
    at = models.DateTimeField()
    stored_at = models.DateTimeField()
    actor_id = models.PositiveBigIntegerField(null=True)
    # The student's study day, by the zone and day start of then.
    day = models.DateField()
    verb = models.CharField(max_length=12, choices=Verb)
    activity = models.CharField(max_length=12, choices=Activity)
    object_id = models.PositiveBigIntegerField(null=True)
    # As it was called then, in the course's language; empty for what has no name.
    name = models.CharField(max_length=200)
    # The statement that this one takes back.
    voids = models.UUIDField(null=True)
    course_id = models.PositiveBigIntegerField(null=True)
    lesson_id = models.PositiveBigIntegerField(null=True)
    seat_id = models.PositiveBigIntegerField(null=True)
    language = models.CharField(max_length=10)
    # As xAPI writes it, without what the student answered.
    result = models.JSONField(default=dict)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("learning act")
        verbose_name_plural = _("learning acts")
        indexes = [
            models.Index(fields=["actor_id", "at"], name="statement_of_actor"),
            models.Index(fields=["course_id", "at"], name="statement_of_course"),
            models.Index(
                fields=["actor_id", "lesson_id", "at"],
                name="statement_of_lesson",
                condition=Q(lesson_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.activity} {self.at:%Y-%m-%d}"


class StudyTime(models.Model):
    """Seconds that a student was at a course on a study day, summed up from the statements.

    Without a course: cards that belong to none. Days after a student's last one aren't summed yet.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    course_id = models.PositiveBigIntegerField(null=True)
    day = models.DateField()
    seconds = models.FloatField()
    acts = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("hours of study")
        verbose_name_plural = _("hours of study")
        indexes = [models.Index(fields=["day"], name="study_time_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "day", "course_id"],
                name="study_time_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.student_id} on {self.day}: {self.seconds:.0f} s"
