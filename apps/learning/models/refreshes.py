"""Two minutes before a lesson: what was asked to refresh, and what came of it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RefreshQuerySet(models.QuerySet["Refresh"]):
    def visible_to(self, user: Any) -> "RefreshQuerySet":
        return self.filter(student_id=user.pk)


class Refresh(models.Model):
    """A short set of cards and questions before a lesson, chosen when it was begun."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lesson = models.ForeignKey("courses.Lesson", models.CASCADE, related_name="+")
    started_at = models.DateTimeField(_("started"))
    # Everything asked, or the rest left out by the student.
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = RefreshQuerySet.as_manager()

    class Meta:
        verbose_name = _("refreshing")
        verbose_name_plural = _("refreshings")
        constraints = [
            models.UniqueConstraint(
                fields=["student", "lesson"],
                condition=Q(finished_at=None),
                name="refresh_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"refresh {self.pk}"


class RefreshItemQuerySet(models.QuerySet["RefreshItem"]):
    def open(self) -> "RefreshItemQuerySet":
        """Still to be asked; a card that was deleted isn't."""
        return self.filter(answered_at=None).exclude(card=None, question=None)


class RefreshItem(models.Model):
    """A card or a question of a refresh; open until `answered_at`."""

    refresh = models.ForeignKey(Refresh, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    # What it is asked for; the concept may be gone since.
    concept_id = models.PositiveBigIntegerField()
    card = models.ForeignKey("learning.Card", models.SET_NULL, null=True, related_name="+")
    question = models.ForeignKey("learning.Question", models.PROTECT, null=True, related_name="+")
    version = models.ForeignKey(
        "learning.QuestionVersion", models.PROTECT, null=True, related_name="+"
    )
    layout = models.JSONField(default=list)
    # Of a question: the answer as the API takes it, None is "I don't know"; its share of the point.
    given = models.JSONField(null=True)
    answered_at = models.DateTimeField(null=True)
    share = models.FloatField(null=True)
    is_right = models.BooleanField(null=True)
    duration_ms = models.PositiveIntegerField(default=0)

    objects = RefreshItemQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["refresh", "position"], name="refresh_position_once"),
            models.UniqueConstraint(fields=["refresh", "question"], name="refresh_question_once"),
            models.CheckConstraint(
                condition=Q(question=None) | Q(card=None), name="refresh_card_or_question"
            ),
        ]

    def __str__(self) -> str:
        return f"refresh item {self.pk}"
