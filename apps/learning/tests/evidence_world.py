"""A course with concepts, quizzes and cards whose evidence is told in one line each."""

from datetime import UTC, datetime, timedelta

from apps.ai.prompts.quiz.schema import DraftQuestion
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.learning.engine.marking import right_answer
from apps.learning.models import (
    Card,
    CardState,
    Evidence,
    LessonConcept,
    Mastery,
    NoteConcept,
    Prerequisite,
    QuestionConcept,
    QuestionStatus,
    Standing,
)
from apps.learning.services import attempts, notes, reviews
from apps.learning.services.attempts import Given
from apps.learning.services.questions import add_question

from .factories import ConceptFactory, QuizFactory

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FOUR = DraftQuestion(
    kind="single", text="Which makes ATP?", options=["mitochondrion", "ribosome", "nucleus", "wall"],
    right=[0],
)  # fmt: skip
OTHER = {"short": DraftQuestion(kind="short", text="What holds the DNA?", accepted=["nucleus"])}


class World:
    """One course and one student; `a`, `b`, `c` … are concepts by name."""

    def __init__(self, student):
        self.student = student
        self.course = CourseFactory()
        self.lesson = LessonFactory(course=self.course)
        self._quizzes = 0

    def concept(self, name, **fields):
        return ConceptFactory(course=self.course, name=name, **fields)

    def needs(self, advanced, prerequisite, weight=0.7):
        return Prerequisite.objects.create(
            course=self.course, advanced=advanced, prerequisite=prerequisite, weight=weight
        )

    def teaches(self, lesson, *concepts):
        for concept in concepts:
            LessonConcept.objects.create(lesson=lesson, concept=concept)

    # ── Quizzes ───────────────────────────────────────────────────────────────────────────────
    def quiz(self, *concepts, draft=FOUR, **fields):
        """One question for each: a concept, or several in a tuple."""
        quiz = QuizFactory(lesson=LessonFactory(course=self.course), course=self.course, **fields)
        for about in concepts:
            question = add_question(
                course=self.course, quiz=quiz, draft=draft, editor=self.course.owner,
                status=QuestionStatus.APPROVED, at=NOW,
            )  # fmt: skip
            for concept in about if isinstance(about, tuple) else (about,):
                QuestionConcept.objects.create(question=question, concept=concept)
        return quiz

    def begun(self, quiz, at=NOW):
        return attempts.start_attempt(quiz=quiz, student=self.student, at=at)

    def take(self, quiz, *rights, at=NOW, duration_ms=20_000):
        """The quiz answered, each question right or wrong, all right when nothing is told."""
        attempt = self.begun(quiz, at - timedelta(minutes=5))
        return attempts.submit_attempt(
            attempt=attempt, answers=given(attempt, rights, duration_ms), at=at
        )

    # ── Cards ─────────────────────────────────────────────────────────────────────────────────
    def card(self, *concepts, at=NOW, course=None):
        note, _made = notes.add_note(
            student=self.student, kind="basic", front="2 + 2", back="4", at=at, course=course
        )
        for concept in concepts:
            NoteConcept.objects.create(note=note, concept=concept)
        return note.cards.get()

    def known_card(self, *concepts, stability=10.0, days=9, at=NOW, **fields):
        """One reviewed so many days ago."""
        card, last = self.card(*concepts, at=at - days * DAY), at - days * DAY
        due = last + round(stability) * DAY
        values = {
            "state": CardState.REVIEW, "step": None, "stability": stability, "difficulty": 5.0,
            "last_review": last, "due": due, "unplaced_due": due, "reps": 3, **fields,
        }  # fmt: skip
        Card.objects.filter(pk=card.pk).update(**values)
        card.refresh_from_db()
        return card

    def grade(self, card, rating=3, at=NOW):
        return reviews.review_card(card=card, rating=rating, at=at)

    # ── What came of it ───────────────────────────────────────────────────────────────────────
    def mastery(self, concept):
        return Mastery.objects.get(student=self.student, concept=concept)

    @property
    def standing(self):
        return Standing.objects.get(student=self.student, course=self.course)

    @property
    def log(self):
        return Evidence.objects.filter(student=self.student, course=self.course).order_by("pk")

    def state(self):
        """Everything that is folded from the log."""
        standings = Standing.objects.filter(student=self.student, course=self.course)
        masteries = Mastery.objects.filter(student=self.student, course=self.course)
        return (
            list(standings.values("theta", "answers", "last_at", "last_id")),
            [(row.concept_id, row.known, row.place) for row in masteries.order_by("concept_id")],
            list(self.log.values("pk", "expected", "lines")),
        )


def given(attempt, rights=(), duration_ms=20_000):
    """Answers to an attempt; a wrong one is none."""
    rows = list(attempt.answers.select_related("version").order_by("position"))
    rights = rights or [True] * len(rows)
    return [
        Given(
            row.question_id,
            right_answer(row.version.kind, row.version.body) if right else None,
            duration_ms,
        )
        for row, right in zip(rows, rights, strict=True)
    ]
