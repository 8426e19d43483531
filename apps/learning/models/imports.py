"""Files that people brought: what was read of them waits here until it is confirmed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ImportFormat(models.TextChoices):
    GIFT = "gift", "GIFT"
    MOODLE = "moodle", "Moodle XML"
    APKG = "apkg", "Anki"
    CSV = "csv", "CSV"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: Any) -> "ImportQuerySet":
        return self.filter(owner_id=user.pk)

    def of_cards(self) -> "ImportQuerySet":
        return self.filter(course=None)


class Import(models.Model):
    """What was read of one file. Nothing of it is anywhere else before `confirmed_at`."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The bank that questions go to; None for cards.
    course = models.ForeignKey("courses.Course", models.CASCADE, null=True, related_name="+")
    format = models.CharField(_("format"), max_length=10, choices=ImportFormat)
    name = models.CharField(_("file"), max_length=200, blank=True)
    # The entries as gzipped JSON; emptied when all of them are taken.
    content = models.BinaryField()
    count = models.PositiveIntegerField()
    # [[line, text]], and how many more there were; pictures and sounds that are left out.
    problems = models.JSONField(default=list)
    problems_left = models.PositiveIntegerField(default=0)
    media = models.PositiveIntegerField(default=0)
    # Counts that the preview shows, made once when the file was read.
    figures = models.JSONField(default=dict)
    # What was chosen when it was confirmed, how many entries are taken, and what came of them.
    choices = models.JSONField(default=dict)
    taken = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(fields=["owner", "-id"], name="import_of_owner"),
            models.Index(fields=["created_at"], name="import_by_age"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=models.F("count")), name="import_taken_within"
            )
        ]

    def __str__(self) -> str:
        return self.name or f"import {self.pk}"
