"""A student's own notes and bookmarks in lessons."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def visible_to(self, user: Any) -> "AnnotationQuerySet":
        return self.filter(student_id=user.pk)


class Annotation(models.Model):
    """A note or, without a text, a bookmark; at a passage, at a moment of the video, or at the lesson.

    It waits for a lesson that was deleted: a restored one has it again.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    lesson = models.ForeignKey(
        "courses.Lesson", models.DO_NOTHING, related_name="+", db_constraint=False
    )
    # Kept beside it, for when the lesson is gone.
    lesson_title = models.CharField(max_length=200)
    text = models.TextField(_("note"), max_length=8000, blank=True)
    # The words it stands at and where they were, in characters of the lesson's text; or the second
    # of the video.
    quote = models.TextField(max_length=1000, blank=True)
    section = models.CharField(max_length=300, blank=True)
    start = models.PositiveIntegerField(null=True)
    second = models.PositiveIntegerField(null=True)
    # Named by the page that wrote it, so that sending it twice makes one.
    key = models.CharField(max_length=40, blank=True)
    # Grows with each change: who saves names the one that they saw.
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        verbose_name = _("note in a lesson")
        verbose_name_plural = _("notes in lessons")
        indexes = [
            models.Index(fields=["student", "lesson", "id"], name="annotation_of_lesson"),
            models.Index(fields=["student", "-id"], name="annotation_of_student"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "key"], condition=~Q(key=""), name="annotation_key_once"
            )
        ]

    def __str__(self) -> str:
        return f"annotation {self.pk}"

    @property
    def is_bookmark(self) -> bool:
        return not self.text
