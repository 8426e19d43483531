"""Notes and the cards made from them, the log of reviews, and each student's schedule."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..engine.log import Figures
from ..engine.memory import Memory


class NoteKind(models.TextChoices):
    BASIC = "basic", _("question and answer")
    CLOZE = "cloze", _("gaps")


class NoteSource(models.TextChoices):
    """What a note came from."""

    OWN = "own", _("made by you")
    MISTAKE = "mistake", _("from a mistake")
    TERM = "term", _("from a key term")
    IMPORT = "import", _("imported")


class CardState(models.IntegerChoices):
    """As py-fsrs numbers them; a card that was never graded is in LEARNING without stability."""

    LEARNING = 1, _("learning")
    REVIEW = 2, pgettext_lazy("card", "review")
    RELEARNING = 3, _("relearning")


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: Any) -> "NoteQuerySet":
        return self.filter(student_id=user.pk)


class Note(models.Model):
    """What a student wants to remember; one card, or one for each numbered gap of a cloze.

    A cloze keeps its text with gaps `{{c1::answer}}` or `{{c1::answer::hint}}` in `front`, and what
    is shown beside the answer in `back`.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The deck; None is the deck of what belongs to no course.
    course = models.ForeignKey(
        "courses.Course", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    lesson = models.ForeignKey(
        "courses.Lesson", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    question = models.ForeignKey(
        "learning.Question", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=NoteKind, default=NoteKind.BASIC)
    front = models.TextField(_("front"), max_length=8000)
    back = models.TextField(_("back"), max_length=8000, blank=True)
    source = models.CharField(
        _("source"), max_length=10, choices=NoteSource, default=NoteSource.OWN
    )
    # What it was made from ("question:12", "term:7:mitosis", an imported guid): no second one.
    source_key = models.CharField(max_length=200, null=True)  # noqa: DJ001
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [models.Index(fields=["student", "course", "-id"], name="note_of_student")]
        constraints = [
            models.UniqueConstraint(fields=["student", "source_key"], name="note_source_once")
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"


class CardQuerySet(models.QuerySet["Card"]):
    def visible_to(self, user: Any) -> "CardQuerySet":
        return self.filter(student_id=user.pk)


class Card(models.Model):
    """What is asked, and its state in the scheduler.

    `due` is the placed moment that the student sees; `unplaced_due` is what py-fsrs computed.
    """

    note = models.ForeignKey(Note, models.CASCADE, related_name="cards")
    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # As the note's: kept here for the lists of due cards.
    course = models.ForeignKey(
        "courses.Course", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Number of the gap of a cloze; 0 for a basic note.
    ordinal = models.PositiveSmallIntegerField(default=0)
    state = models.PositiveSmallIntegerField(choices=CardState, default=CardState.LEARNING)
    step = models.PositiveSmallIntegerField(null=True, default=0)
    stability = models.FloatField(null=True)
    difficulty = models.FloatField(null=True)
    due = models.DateTimeField(_("due"))
    unplaced_due = models.DateTimeField()
    last_review = models.DateTimeField(_("last review"), null=True)
    reps = models.PositiveIntegerField(pgettext_lazy("card", "reviews"), default=0)
    lapses = models.PositiveIntegerField(_("lapses"), default=0)
    # Earned since the last review by practising what builds on it, 0 … 1; `due` is then put off.
    credit = models.FloatField(default=0.0)
    # The placed moment before any credit; None while `due` is that moment.
    own_due = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(_("suspended"), null=True)
    # Put off by hand until then; siblings hide one another by `last_review` alone.
    buried_until = models.DateTimeField(null=True)
    # Forgotten so often that the card itself is at fault.
    leech_at = models.DateTimeField(_("leech since"), null=True)
    created_at = models.DateTimeField(_("created"))

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        indexes = [
            models.Index(
                fields=["student", "due"], name="card_due", condition=Q(suspended_at=None)
            ),
            models.Index(fields=["student", "-id"], name="card_of_student"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["note", "ordinal"], name="card_once"),
            models.CheckConstraint(
                condition=Q(stability__isnull=True, last_review__isnull=True)
                | Q(stability__gt=0, difficulty__isnull=False, last_review__isnull=False),
                name="card_state_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"card {self.pk}"

    @property
    def memory(self) -> Memory:
        return Memory(
            due=self.unplaced_due,
            state=self.state,
            step=self.step,
            stability=self.stability,
            difficulty=self.difficulty,
            last_review=self.last_review,
        )

    @property
    def figures(self) -> Figures:
        """All that reviews change."""
        return Figures(
            memory=self.memory,
            due=self.due,
            reps=self.reps,
            lapses=self.lapses,
            leech_at=self.leech_at,
            credit=self.credit,
            own_due=self.own_due,
        )

    @property
    def is_new(self) -> bool:
        return self.last_review is None


class MemoryParameters(models.Model):
    """A fit of the scheduler's parameters to a student's log, adopted or not, with its figures."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    weights = ArrayField(models.FloatField(), size=21)
    review_count = models.PositiveIntegerField()
    # Mean log loss per held-out review with the set in use before, with the candidate, and the
    # standard error of the gain.
    loss_before = models.FloatField()
    loss_after = models.FloatField()
    standard_error = models.FloatField()
    adopted = models.BooleanField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("fit of the scheduler")
        verbose_name_plural = _("fits of the scheduler")
        indexes = [models.Index(fields=["student", "-id"], name="parameters_of_student")]

    def __str__(self) -> str:
        return f"parameters {self.pk}"


class MemorySettings(models.Model):
    """How a student wants to be asked; without a row the defaults hold."""

    student = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    desired_retention = models.FloatField(
        _("desired retention"),
        default=0.9,
        validators=[MinValueValidator(0.80), MaxValueValidator(0.97)],
    )
    # The hour at which the study day begins, in the student's own zone.
    day_start = models.PositiveSmallIntegerField(
        _("the day starts at"), default=4, validators=[MaxValueValidator(23)]
    )
    cards_from_mistakes = models.BooleanField(_("cards from mistakes"), default=True)
    cards_from_terms = models.BooleanField(_("cards from key terms"), default=True)
    # None: py-fsrs' own defaults.
    parameters = models.ForeignKey(
        MemoryParameters, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The study day on which the last reminder was sent.
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(desired_retention__gte=0.80, desired_retention__lte=0.97),
                name="memory_retention_range",
            ),
            models.CheckConstraint(condition=Q(day_start__lte=23), name="memory_day_start"),
        ]

    def __str__(self) -> str:
        return f"memory settings of {self.student_id}"


class Review(models.Model):
    """One grade of one card; an undone one stays in the log, marked."""

    # Without one when the card was deleted: what was remembered stays counted.
    card = models.ForeignKey(Card, models.SET_NULL, null=True, related_name="reviews")
    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    course = models.ForeignKey("courses.Course", models.SET_NULL, null=True, related_name="+")
    rating = models.PositiveSmallIntegerField()
    reviewed_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField(default=0)
    # The card's figures before this review: undo puts them back.
    before = models.JSONField()
    # Whole periods of 24 h since the review before; None for a card never graded.
    elapsed_days = models.PositiveIntegerField(null=True)
    # What was expected: probability of recall just before, None for a card never graded.
    retrievability = models.FloatField(null=True)
    # After it, as py-fsrs computed, and the placed due.
    state = models.PositiveSmallIntegerField(choices=CardState)
    stability = models.FloatField()
    difficulty = models.FloatField()
    unplaced_due = models.DateTimeField()
    due = models.DateTimeField()
    # What it was computed with: needed to replay the log.
    desired_retention = models.FloatField()
    parameters = models.ForeignKey(MemoryParameters, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    # Not kept: how many reviews of other cards the grade that was just given put off.
    postponed = 0

    class Meta:
        verbose_name = _("review of a card")
        verbose_name_plural = _("reviews of cards")
        indexes = [
            models.Index(fields=["student", "-reviewed_at", "-id"], name="review_of_student"),
            models.Index(fields=["card", "-id"], name="review_of_card"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=4), name="review_rating")
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"
