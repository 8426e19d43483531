"""The question bank of a course, the quiz of a lesson, and the attempts at it."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.courses.models import Course


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("single choice")
    MULTIPLE = "multiple", _("multiple choice")
    TRUE_FALSE = "true_false", _("true or false")
    SHORT = "short", _("short answer")
    NUMERIC = "numeric", pgettext_lazy("kind of question", "number")
    ORDERING = "ordering", _("ordering")
    MATCHING = "matching", _("matching")
    CLOZE = "cloze", _("gaps")


class QuestionStatus(models.TextChoices):
    """A draft waits for the teacher; only approved ones are asked; retired ones stay for the past."""

    DRAFT = "draft", _("draft")
    APPROVED = "approved", _("approved")
    RETIRED = "retired", _("retired")


class QuizQuerySet(models.QuerySet["Quiz"]):
    def editable_by(self, user: Any) -> "QuizQuerySet":
        return self.filter(course__in=Course.objects.editable_by(user))

    def published(self) -> "QuizQuerySet":
        return self.exclude(published_at=None)


class Quiz(models.Model):
    """The questions after a lesson, and the rules for taking them."""

    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    # Without one when the lesson was deleted: attempts keep what was asked.
    lesson = models.OneToOneField(
        "courses.Lesson", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The lesson's id, kept beyond its deletion: a course restored from its history has it again.
    lesson_key = models.PositiveBigIntegerField(null=True, editable=False, db_index=True)
    title = models.CharField(_("title"), max_length=160)
    # None: as many as the student likes; None: no limit.
    attempts_limit = models.PositiveSmallIntegerField(
        _("attempts"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    time_limit_minutes = models.PositiveSmallIntegerField(
        _("time limit, minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
    )
    pass_percent = models.PositiveSmallIntegerField(
        _("pass mark, %"), default=70, validators=[MaxValueValidator(100)]
    )
    shuffles = models.BooleanField(_("shuffle questions and options"), default=True)
    one_at_a_time = models.BooleanField(_("one question at a time"), default=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    objects = QuizQuerySet.as_manager()

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints = [
            models.CheckConstraint(condition=Q(pass_percent__lte=100), name="quiz_pass_percent")
        ]

    def __str__(self) -> str:
        return self.title


class Difficulty(models.TextChoices):
    EASY = "easy", pgettext_lazy("question", "easy")
    MEDIUM = "medium", pgettext_lazy("question", "medium")
    HARD = "hard", pgettext_lazy("question", "hard")


class QuestionQuerySet(models.QuerySet["Question"]):
    def editable_by(self, user: Any) -> "QuestionQuerySet":
        return self.filter(course__in=Course.objects.editable_by(user))

    def approved(self) -> "QuestionQuerySet":
        return self.filter(status=QuestionStatus.APPROVED)

    def in_order(self) -> "QuestionQuerySet":
        return self.order_by("position", "pk")


class Question(models.Model):
    """A question of a course's bank; its words stand in versions, of which `current` is asked."""

    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    # The quiz that asks it, if any.
    quiz = models.ForeignKey(Quiz, models.SET_NULL, null=True, blank=True, related_name="questions")
    # The lesson that it was made from, if any.
    lesson = models.ForeignKey(
        "courses.Lesson", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    status = models.CharField(
        _("status"), max_length=10, choices=QuestionStatus, default=QuestionStatus.DRAFT
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    current = models.OneToOneField("QuestionVersion", models.CASCADE, null=True, related_name="+")
    # Where the quote of the current version stands in the lesson's text, in characters.
    span_start = models.PositiveIntegerField(null=True)
    span_end = models.PositiveIntegerField(null=True)
    # Since when the quote is no longer in the lesson.
    stale_since = models.DateTimeField(_("stale since"), null=True, blank=True)
    # As its maker judges it, and in logits as measured from the log, drawn hard to 0; None before.
    difficulty = models.CharField(
        _("difficulty"), max_length=10, choices=Difficulty, default=Difficulty.MEDIUM
    )
    measured_difficulty = models.FloatField(null=True, editable=False)
    # The median time spent on it, from the log; None before anything was measured.
    median_ms = models.PositiveIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [
            models.Index(fields=["course", "status", "id"], name="question_of_course"),
            models.Index(fields=["quiz", "position", "id"], name="question_of_quiz"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=QuestionStatus.values), name="question_status_known"
            )
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"


class QuestionVersion(models.Model):
    """A question as it was asked at some time; never changed, so that past attempts stay readable.

    `body` by kind; ids are random and tell nothing of the right answer:
    single, multiple  {"options": [{"id", "text", "right"}]}
    true_false        {"right": bool}
    short             {"accepted": [text]}
    numeric           {"value": "9.81", "tolerance": "0.01", "unit": "m/s²"}
    ordering          {"items": [{"id", "text"}]} in the right order
    matching          {"left": [{"id", "text"}], "right": [{"id", "text"}], "pairs": {left id: right id}}
    cloze             {"gaps": [[text]]}
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind)
    text = models.TextField(_("text"), max_length=4000)
    body = models.JSONField()
    explanation = models.TextField(_("explanation"), max_length=4000, blank=True)
    # The lesson's own words that hold the answer, and the heading over them.
    quote = models.TextField(_("quote"), max_length=4000, blank=True)
    section = models.CharField(_("section"), max_length=300, blank=True)
    # Which engine made it: "offline", the name of a model, or empty for a person's hand.
    engine = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_version_once"),
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values), name="question_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.question_id} v{self.number}"


class Attempt(models.Model):
    """One go at a quiz. Open until it is submitted or its deadline is over."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField(_("started"))
    deadline = models.DateTimeField(_("deadline"), null=True)
    submitted_at = models.DateTimeField(pgettext_lazy("attempt", "submitted"), null=True)
    # Set by submission; the score is the sum of the answers' shares, of `max_score` questions.
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True)
    max_score = models.PositiveIntegerField(_("of"), default=0)
    percent = models.PositiveSmallIntegerField(_("percent"), null=True)
    passed = models.BooleanField(_("passed"), null=True)
    cards_created = models.PositiveIntegerField(_("cards made"), default=0)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [
            models.Index(fields=["quiz", "submitted_at"], name="attempt_of_quiz"),
            models.Index(
                fields=["deadline"], name="attempt_open_deadline", condition=Q(submitted_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "quiz"],
                condition=Q(submitted_at=None),
                name="attempt_open_once",
            ),
            models.UniqueConstraint(
                fields=["student", "quiz", "number"], name="attempt_number_once"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None)
                | Q(score__isnull=False, percent__isnull=False, passed__isnull=False),
                name="attempt_submitted_has_score",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class Answer(models.Model):
    """A question of an attempt, the version and layout that was shown, and what was answered."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    # Ids in the order in which they were shown: options, items, or the right sides of a matching.
    layout = models.JSONField(default=list)
    # As the API takes it; None is no answer.
    given = models.JSONField(null=True)
    given_at = models.DateTimeField(null=True)
    # Time spent on it as the page measured it, within what the server saw.
    duration_ms = models.PositiveIntegerField(default=0)
    # Set by submission: 0 … 1, and whether it is wholly right.
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    is_right = models.BooleanField(null=True)

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["question", "attempt"], name="answer_of_question")]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "question"], name="answer_once"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=1),
                name="answer_share_range",
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
