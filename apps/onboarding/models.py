"""How far somebody's first hour is: what they chose, and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Goal(models.TextChoices):
    """What a person wants to learn for."""

    WORK = "work", _("for work")
    STUDIES = "studies", _("for studies")
    CHANGE = "change", _("a change of field")
    SELF = "self", _("for oneself")


class Minutes(models.IntegerChoices):
    """What a person wants to learn in a day."""

    LIGHT = 10, pgettext_lazy("minutes a day", "light")
    STEADY = 20, pgettext_lazy("minutes a day", "steady")
    KEEN = 40, pgettext_lazy("minutes a day", "keen")
    INTENSE = 60, pgettext_lazy("minutes a day", "intense")


class Start(models.Model):
    """Somebody's way in, one row a person. The subjects are theirs in accounts, the steps of the
    first lesson are read where they were done: neither is kept here.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    goal = models.CharField(_("goal"), max_length=8, choices=Goal, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes a day"), choices=Minutes, null=True, blank=True
    )
    # the one that the person took instead of the picked one, or the one they began
    course = models.ForeignKey(
        "courses.Course", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("first course"),
    )  # fmt: skip
    begun_at = models.DateTimeField(pgettext_lazy("first steps", "begun"))
    chosen_at = models.DateTimeField(_("questions answered"), null=True, blank=True)
    opened_at = models.DateTimeField(_("first lesson opened"), null=True, blank=True)
    skipped_at = models.DateTimeField(
        pgettext_lazy("first steps", "skipped"), null=True, blank=True
    )
    finished_at = models.DateTimeField(
        pgettext_lazy("first steps", "finished"), null=True, blank=True
    )

    class Meta:
        verbose_name = pgettext_lazy("first steps", "start")
        verbose_name_plural = pgettext_lazy("first steps", "starts")
        constraints = [
            models.CheckConstraint(
                condition=Q(goal="") | Q(goal__in=Goal.values), name="start_goal_known"
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__in=Minutes.values),
                name="start_minutes_known",
            ),
            models.CheckConstraint(
                condition=Q(skipped_at=None) | Q(finished_at=None), name="start_one_end"
            ),
            models.CheckConstraint(
                condition=Q(chosen_at=None) | (~Q(goal="") & Q(minutes__isnull=False)),
                name="start_answers_whole",
            ),
        ]
        indexes = [models.Index(fields=["-begun_at", "-user"], name="start_newest")]

    def __str__(self) -> str:
        return f"start of {self.user_id}"

    @property
    def is_closed(self) -> bool:
        """It isn't shown any more."""
        return self.skipped_at is not None or self.finished_at is not None

    @property
    def is_under_way(self) -> bool:
        """The first lesson is open, the steps of it are being done."""
        return self.opened_at is not None and self.course_id is not None and not self.is_closed
