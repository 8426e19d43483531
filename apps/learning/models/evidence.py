"""The log of evidence, and the standing of each student that is folded from it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..engine import fold
from ..engine.mastery import Ability, Answer, Kind
from ..engine.progress import Place
from ..engine.trace import Trace


class EvidenceKind(models.TextChoices):
    """As `engine.mastery.Kind`."""

    QUIZ = "quiz", pgettext_lazy("evidence", "quiz answer")
    CARD = "card", pgettext_lazy("evidence", "card")
    PRETEST = "pretest", pgettext_lazy("evidence", "pre-test")
    TUTOR = "tutor", pgettext_lazy("evidence", "talk with the tutor")
    LESSON = "lesson", pgettext_lazy("evidence", "lesson read")


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: Any) -> "EvidenceQuerySet":
        return self.filter(student_id=user.pk)


class Evidence(models.Model):
    """One thing that tells what a student knows, as facts that later edits don't change.

    Only `voided_at` and the effects (`credits`, `expected`, `lines`) are ever written again.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=EvidenceKind)
    # What it came from ("answer:12", "review:5", "lesson:7", "turn:3", "pretest:2"): no second one.
    key = models.CharField(max_length=60)
    occurred_at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField()
    # The student's study day, by the zone and day start of then.
    day = models.DateField()
    # Ids, the one that moves ability first; concepts may be gone since.
    concepts = ArrayField(models.PositiveBigIntegerField())
    # Of an answer (quiz, card, tutor); None for a lesson and a pre-test. As `engine.mastery.Answer`.
    score = models.FloatField(null=True)
    guess = models.FloatField(null=True)
    difficulty = models.FloatField(null=True)
    weight = models.FloatField(null=True)
    teaches = models.BooleanField(null=True)
    hints = models.PositiveSmallIntegerField(default=0)
    duration_ms = models.PositiveIntegerField(default=0)
    question = models.ForeignKey("learning.Question", models.SET_NULL, null=True, related_name="+")
    lesson = models.ForeignKey("courses.Lesson", models.SET_NULL, null=True, related_name="+")
    # "exercises": [[concept, weight]], how much its concepts exercised others then; of a card grade
    # "card": id, "recall" just before, and "trace" after it; of a pre-test its "findings".
    facts = models.JSONField(default=dict)
    # Cards that this success postponed: [{"card", "last": the grade it counts from, "due": [before,
    # after], "credit": [before, after], "saved", "back": taken back with the evidence}].
    credits = models.JSONField(default=list)
    # What it did: the chance of a right answer before it, and [{"concept", "evidence", "teaching" in
    # log-odds, "m": [before, after], "level": [before, after]}].
    expected = models.FloatField(null=True)
    lines = models.JSONField(default=list)
    # Concepts whose mastery was announced by it: not again, however often it is replayed.
    announced = ArrayField(models.PositiveBigIntegerField(), default=list)
    model_version = models.PositiveSmallIntegerField(default=1)
    # It counts no more: taken back where it came from, or contested by the student.
    voided_at = models.DateTimeField(null=True)
    contested = models.BooleanField(default=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        indexes = [
            models.Index(fields=["student", "course", "id"], name="evidence_of_student"),
            models.Index(
                fields=["question", "id"],
                name="evidence_of_question",
                condition=Q(question__isnull=False),
            ),
            models.Index(fields=["course", "id"], name="evidence_of_course"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["student", "key"], name="evidence_once"),
            models.CheckConstraint(
                condition=Q(kind__in=EvidenceKind.values), name="evidence_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1),
                name="evidence_score_range",
            ),
        ]

    def __str__(self) -> str:
        return f"evidence {self.pk}"

    @property
    def event(self) -> fold.Event:
        return fold.Event(
            id=self.pk,
            kind=Kind(self.kind),
            occurred_at=self.occurred_at,
            received_at=self.received_at,
            day=self.day,
            concepts=tuple(self.concepts),
            answer=self._answer,
            card=self._card,
            findings=tuple(fold.Finding(*each) for each in self.facts.get("findings", [])),
            voided=self.voided_at is not None,
        )

    @property
    def _answer(self) -> Answer | None:
        if self.score is None or self.guess is None:
            return None
        difficulty, weight = self.difficulty or 0.0, 1.0 if self.weight is None else self.weight
        return Answer(self.score, self.guess, difficulty, weight, bool(self.teaches))

    @property
    def _card(self) -> fold.CardFacts | None:
        if "card" not in self.facts:
            return None
        return fold.CardFacts(self.facts["card"], self.facts["recall"], trace(self.facts["trace"]))

    @property
    def exercises(self) -> dict[int, float]:
        return dict(self.facts.get("exercises", []))


class Standing(models.Model):
    """A student's ability in a course; its row is locked while evidence is folded in."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    theta = models.FloatField(default=0.0)
    answers = models.PositiveIntegerField(default=0)
    # Place in the order of the last evidence that was folded in: an earlier one means a replay.
    last_at = models.DateTimeField(null=True)
    last_id = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "course"], name="standing_once")]

    def __str__(self) -> str:
        return f"standing of {self.student_id} in {self.course_id}"

    @property
    def ability(self) -> Ability:
        return Ability(self.theta, self.answers)


def trace(stored: list[Any]) -> Trace:
    """As `stored_trace` keeps it."""
    stability, difficulty, last, decay = stored
    return Trace(stability, difficulty, datetime.fromisoformat(last), decay)


def stored_trace(trace: Trace) -> list[Any]:
    return [trace.stability, trace.difficulty, trace.last.isoformat(), trace.decay]


class MasteryQuerySet(models.QuerySet["Mastery"]):
    def visible_to(self, user: Any) -> "MasteryQuerySet":
        return self.filter(student_id=user.pk)


class Mastery(models.Model):
    """What is known of one student and concept: `engine.fold.Concept`. It fades when it is read."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    concept = models.ForeignKey("learning.Concept", models.CASCADE, related_name="+")
    started = models.FloatField()
    m = models.FloatField()
    # The trace; None without an encounter.
    stability = models.FloatField(null=True)
    trace_difficulty = models.FloatField(null=True)
    decay = models.FloatField(null=True)
    last = models.DateTimeField(null=True)
    # Traces of its cards: {card id: [stability, difficulty, last, decay]}.
    cards = models.JSONField(default=dict)
    succeeded = ArrayField(models.CharField(max_length=10), default=list)
    days = ArrayField(models.DateField(), default=list)
    last_right = models.BooleanField(default=False)
    mastered = models.BooleanField(default=False)
    practised_on = models.DateField(null=True)
    # Study day on which it was last entered into mastered.
    mastered_on = models.DateField(null=True)
    # Credit of the trace since its last encounter, and the day it asks to be practised.
    credit = models.FloatField(default=0.0)
    due = models.DateTimeField(null=True)

    objects = MasteryQuerySet.as_manager()

    class Meta:
        verbose_name = _("mastery of a concept")
        verbose_name_plural = _("mastery of concepts")
        indexes = [models.Index(fields=["student", "course"], name="mastery_of_student")]
        constraints = [
            models.UniqueConstraint(fields=["student", "concept"], name="mastery_once"),
            models.CheckConstraint(condition=Q(m__gt=0, m__lt=1), name="mastery_m_range"),
        ]

    def __str__(self) -> str:
        return f"mastery of {self.student_id}: concept {self.concept_id}"

    @property
    def known(self) -> fold.Concept:
        own = None
        if self.stability is not None:
            assert self.trace_difficulty is not None
            assert self.last is not None
            assert self.decay is not None
            own = Trace(self.stability, self.trace_difficulty, self.last, self.decay)
        return fold.Concept(
            started=self.started,
            m=self.m,
            trace=own,
            cards={int(card): trace(stored) for card, stored in self.cards.items()},
            succeeded=frozenset(Kind(kind) for kind in self.succeeded),
            days=frozenset(self.days),
            last_right=self.last_right,
            mastered=self.mastered,
            practised_on=self.practised_on,
        )

    @property
    def place(self) -> Place:
        return Place(self.credit, self.due, self.mastered_on)

    def put(self, known: fold.Concept, place: Place) -> None:
        """Set the fields to what was folded; saving is the caller's."""
        own = known.trace
        self.started, self.m = known.started, known.m
        self.stability, self.trace_difficulty, self.last, self.decay = (
            (own.stability, own.difficulty, own.last, own.decay) if own else (None,) * 4
        )
        self.cards = {str(card): stored_trace(each) for card, each in known.cards.items()}
        self.succeeded = sorted(known.succeeded)
        self.days = sorted(known.days)
        self.last_right, self.mastered = known.last_right, known.mastered
        self.practised_on = known.practised_on
        self.credit, self.due, self.mastered_on = place.credit, place.due, place.mastered_on
