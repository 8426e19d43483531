"""Talks with the tutor: what was asked and replied, by which engine and prompt, and how it was rated."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ThreadQuerySet(models.QuerySet["TutorThread"]):
    def visible_to(self, user: Any) -> "ThreadQuerySet":
        return self.filter(student_id=user.pk)


class TutorThread(models.Model):
    """All that a student and the tutor said about one lesson."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    lesson = models.ForeignKey("courses.Lesson", models.CASCADE, related_name="+")
    # The ladder of the question under way: its words, its rung, what stays hidden.
    state = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("started"))
    updated_at = models.DateTimeField(_("changed"))
    # Forgotten at the student's wish: messages before it aren't shown or sent to a model any more.
    cleared_at = models.DateTimeField(null=True)
    # A reply is being made; beyond this time its maker counts as lost.
    replying_until = models.DateTimeField(null=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("talk with the tutor")
        verbose_name_plural = _("talks with the tutor")
        constraints = [
            models.UniqueConstraint(fields=["student", "lesson"], name="tutor_thread_once")
        ]

    def __str__(self) -> str:
        return f"talk {self.pk}"


class Speaker(models.TextChoices):
    STUDENT = "student", _("student")
    TUTOR = "tutor", _("tutor")


class TutorMessage(models.Model):
    thread = models.ForeignKey(TutorThread, models.CASCADE, related_name="messages")
    speaker = models.CharField(max_length=10, choices=Speaker)
    text = models.TextField(_("text"), max_length=8000)
    # Of a student's message: the judged turn. 0, .5 or 1; None when there was nothing to judge.
    score = models.FloatField(null=True)
    concept_id = models.PositiveBigIntegerField(null=True)
    # Sent along by the page: the same one isn't stored twice.
    key = models.CharField(max_length=64, blank=True)
    # Of a tutor's: the message it replies to, the step of the ladder (0 … 3), passages
    # [{"lesson", "title", "section", "start", "end"}] without their words, which are shown when
    # somebody asks for them, what made it, and why drafts were sent back.
    reply_to = models.OneToOneField("self", models.CASCADE, null=True, related_name="reply")
    rung = models.PositiveSmallIntegerField(default=0)
    citations = models.JSONField(default=list)
    engine = models.CharField(max_length=80, blank=True)
    prompt_version = models.CharField(max_length=20, blank=True)
    faults = models.JSONField(default=list)
    created_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("message of the tutor")
        verbose_name_plural = _("messages of the tutor")
        indexes = [
            models.Index(fields=["thread", "id"], name="tutor_message_of_thread"),
            models.Index(
                fields=["prompt_version", "engine", "-id"],
                name="tutor_reply_by_prompt",
                condition=Q(speaker="tutor"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(speaker__in=Speaker.values), name="tutor_speaker_known"
            ),
            models.CheckConstraint(condition=Q(rung__lte=3), name="tutor_rung_range"),
            models.UniqueConstraint(
                fields=["thread", "key"], condition=~Q(key=""), name="tutor_message_once"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class RatingReason(models.TextChoices):
    """Why a reply was no good."""

    WRONG = "wrong", _("It is wrong")
    OFF = "off", _("It misses my question")
    TOLD = "told", _("It gives too much away")
    VAGUE = "vague", _("It doesn't help me on")
    OTHER = "other", _("Something else")


class TutorRating(models.Model):
    """Thumbs up or down on one reply."""

    message = models.OneToOneField(TutorMessage, models.CASCADE, related_name="rating")
    value = models.SmallIntegerField()
    reason = models.CharField(_("reason"), max_length=10, choices=RatingReason, blank=True)
    comment = models.TextField(pgettext_lazy("rating", "comment"), max_length=1000, blank=True)
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(value__in=[1, -1]), name="tutor_rating_value")
        ]

    def __str__(self) -> str:
        return f"rating of message {self.message_id}"


class TalkRating(models.Model):
    """How far a talk helped to understand, 1 … 5, asked once when it ends."""

    thread = models.ForeignKey(TutorThread, models.CASCADE, related_name="ratings")
    value = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    # The last message of the talk: a later talk may be rated again.
    message = models.OneToOneField(TutorMessage, models.CASCADE, related_name="+")
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=1, value__lte=5), name="talk_rating_range"
            )
        ]

    def __str__(self) -> str:
        return f"rating of talk {self.thread_id}"
