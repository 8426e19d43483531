"""Pre-tests, and what the student decides on lessons that could be skipped."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PretestQuerySet(models.QuerySet["Pretest"]):
    def visible_to(self, user: Any) -> "PretestQuerySet":
        return self.filter(student_id=user.pk)


class Pretest(models.Model):
    """One placement test of a student in a course, on the graph as it was when the test began."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    # {"concepts": [id, in the order of the course], "edges": [[advanced, prerequisite, weight, confirmed]]}
    graph = models.JSONField()
    # λ: what is left of the chance to know a concept without one of its prerequisites.
    factor = models.FloatField()
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    # Given up by the student; it then tells nothing.
    abandoned_at = models.DateTimeField(null=True)
    # [[concept, before, after, skip]] and whether the answers looked random.
    findings = models.JSONField(default=list)
    looks_random = models.BooleanField(default=False)

    objects = PretestQuerySet.as_manager()

    class Meta:
        verbose_name = _("pre-test")
        verbose_name_plural = _("pre-tests")
        indexes = [models.Index(fields=["course", "finished_at"], name="pretest_of_course")]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "course"],
                condition=Q(finished_at=None, abandoned_at=None),
                name="pretest_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"pre-test {self.pk}"


class PretestAnswer(models.Model):
    """A question of a pre-test as it was shown, and the reply; open until `answered_at`."""

    pretest = models.ForeignKey(Pretest, models.CASCADE, related_name="answers")
    position = models.PositiveIntegerField()
    question = models.ForeignKey("learning.Question", models.PROTECT, related_name="+")
    version = models.ForeignKey("learning.QuestionVersion", models.PROTECT, related_name="+")
    concept_id = models.PositiveBigIntegerField()
    layout = models.JSONField(default=list)
    guess = models.FloatField()
    difficulty = models.FloatField(default=0.0)
    asked_at = models.DateTimeField()
    # How many questions were still to come, this one included, as far as could be told then.
    about_left = models.PositiveSmallIntegerField(default=1)
    # As the API takes it; None is "I don't know".
    given = models.JSONField(null=True)
    answered_at = models.DateTimeField(null=True)
    is_right = models.BooleanField(null=True)
    hasty = models.BooleanField(default=False)
    duration_ms = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["pretest", "question"], name="pretest_question_once"),
            models.UniqueConstraint(fields=["pretest", "position"], name="pretest_position_once"),
            models.UniqueConstraint(
                fields=["pretest"],
                condition=Q(answered_at=None),
                name="pretest_one_open_question",
            ),
        ]

    def __str__(self) -> str:
        return f"pre-test answer {self.pk}"


class PretestFactor(models.Model):
    """λ of a course as its finished pre-tests taught it: for the tests that begin from then on."""

    course = models.OneToOneField("courses.Course", models.CASCADE, related_name="+")
    factor = models.FloatField()
    # How many tests had been finished by then.
    tests = models.PositiveIntegerField()
    learnt_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"λ of course {self.course_id}: {self.factor}"


class TakenLesson(models.Model):
    """A lesson that the path would skip, and that the student takes all the same."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lesson = models.ForeignKey("courses.Lesson", models.CASCADE, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "lesson"], name="taken_lesson_once")
        ]

    def __str__(self) -> str:
        return f"lesson {self.lesson_id} taken by {self.student_id}"


class KnownLesson(models.Model):
    """A lesson that was counted as done because the student knew it: nothing was read."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lesson = models.ForeignKey("courses.Lesson", models.CASCADE, related_name="+")
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "lesson"], name="known_lesson_once")
        ]

    def __str__(self) -> str:
        return f"lesson {self.lesson_id} known by {self.student_id}"
