"""The concepts of a course, what each needs, and what lessons, questions and notes are about."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.courses.models import Course


class ConceptQuerySet(models.QuerySet["Concept"]):
    def editable_by(self, user: Any) -> "ConceptQuerySet":
        return self.filter(course__in=Course.objects.editable_by(user))

    def in_order(self) -> "ConceptQuerySet":
        return self.order_by("position", "pk")


class Concept(models.Model):
    """A knowledge point of a course. Evidence names it by id and outlives it."""

    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), max_length=1000, blank=True)
    # Other names, by which texts and imported files call it.
    aliases = ArrayField(
        models.CharField(max_length=80), verbose_name=_("other names"), default=list, blank=True
    )
    # How large it is drawn, and how far ahead it goes when time is short.
    importance = models.PositiveSmallIntegerField(
        _("importance"), default=3, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    objects = ConceptQuerySet.as_manager()

    class Meta:
        verbose_name = _("concept")
        verbose_name_plural = _("concepts")
        indexes = [models.Index(fields=["course", "position", "id"], name="concept_of_course")]
        constraints = [
            models.UniqueConstraint("course", Lower("name"), name="concept_name_once"),
            models.CheckConstraint(
                condition=Q(importance__gte=1, importance__lte=5), name="concept_importance_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MergedConcept(models.Model):
    """A concept that another took over: its evidence counts for that one from then on."""

    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    old_id = models.PositiveBigIntegerField(unique=True)
    concept = models.ForeignKey(Concept, models.CASCADE, related_name="+")
    merged_at = models.DateTimeField()
    # Since when mastery is folded with it; None while that is still to be done.
    replayed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"concept {self.old_id} in {self.concept_id}"


class Prerequisite(models.Model):
    """An edge from an advanced concept to one that it needs; the database refuses cycles."""

    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    advanced = models.ForeignKey(Concept, models.CASCADE, related_name="needs")
    prerequisite = models.ForeignKey(Concept, models.CASCADE, related_name="opens")
    # How much of the simpler concept is exercised by practising the advanced one, 0 … 1.
    weight = models.FloatField(
        _("weight"), default=0.7, validators=[MinValueValidator(0.05), MaxValueValidator(1)]
    )
    # By the teacher; a proposal that came along with a concept isn't yet.
    confirmed = models.BooleanField(pgettext_lazy("edge", "confirmed by the teacher"), default=True)

    class Meta:
        verbose_name = _("edge between concepts")
        verbose_name_plural = _("edges between concepts")
        constraints = [
            models.UniqueConstraint(fields=["advanced", "prerequisite"], name="prerequisite_once"),
            models.CheckConstraint(
                condition=~Q(advanced=F("prerequisite")), name="prerequisite_of_another"
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=1), name="prerequisite_weight_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.advanced_id} needs {self.prerequisite_id}"


class LessonConcept(models.Model):
    """What a lesson teaches. It waits for a lesson that was deleted: a restored one has it again."""

    lesson = models.ForeignKey(
        "courses.Lesson", models.DO_NOTHING, related_name="+", db_constraint=False
    )
    concept = models.ForeignKey(Concept, models.CASCADE, related_name="lesson_tags")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "concept"], name="lesson_concept_once")
        ]

    def __str__(self) -> str:
        return f"lesson {self.lesson_id}: concept {self.concept_id}"


class QuestionConcept(models.Model):
    """What a question asks about; the first moves ability. Without any its lesson's count."""

    question = models.ForeignKey("learning.Question", models.CASCADE, related_name="concept_tags")
    concept = models.ForeignKey(Concept, models.CASCADE, related_name="question_tags")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "concept"], name="question_concept_once")
        ]

    def __str__(self) -> str:
        return f"question {self.question_id}: concept {self.concept_id}"


class NoteConcept(models.Model):
    """What the cards of a note are about; without any its question's count, then its lesson's."""

    note = models.ForeignKey("learning.Note", models.CASCADE, related_name="concept_tags")
    concept = models.ForeignKey(Concept, models.CASCADE, related_name="note_tags")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "concept"], name="note_concept_once")
        ]

    def __str__(self) -> str:
        return f"note {self.note_id}: concept {self.concept_id}"


class ProposalStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("proposal", "open")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
    DECLINED = "declined", pgettext_lazy("proposal", "declined")


class ConceptProposal(models.Model):
    """A concept that an engine found in a lesson, for the teacher to accept or decline."""

    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    lesson = models.ForeignKey("courses.Lesson", models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), max_length=1000, blank=True)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    # The lesson's own words it was found in.
    quote = models.TextField(max_length=4000, blank=True)
    # Names of concepts that it needs, of the course or proposed beside it.
    needs = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    importance = models.PositiveSmallIntegerField(default=3)
    status = models.CharField(max_length=10, choices=ProposalStatus, default=ProposalStatus.OPEN)
    # Which engine made it: "offline" or the name of a model.
    engine = models.CharField(max_length=80)
    created_at = models.DateTimeField(_("created"))
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("proposed concept")
        verbose_name_plural = _("proposed concepts")
        constraints = [
            models.UniqueConstraint("course", Lower("name"), name="proposal_name_once"),
            models.CheckConstraint(
                condition=Q(status__in=ProposalStatus.values), name="proposal_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
