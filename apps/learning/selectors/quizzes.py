"""What is read about quizzes: for taking them, for their results, for their teacher."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from apps.ai.prompts.quiz.schema import QuestionKind
from apps.core.errors import Conflict
from apps.courses.models import Lesson
from apps.enrollment import selectors as enrollment

from ..engine import marking
from ..engine.questions import layout_of, shown
from ..models import Answer, Attempt, Question, QuestionStatus, QuestionVersion, Quiz
from .quiz_statistics import QuestionStatistics, QuizStatistics, statistics_of

__all__ = [
    "QuestionStatistics",
    "QuizStatistics",
    "attempts_of",
    "attempts_open_to",
    "open_attempt_of",
    "questions_of",
    "quiz_of_lesson",
    "quizzes_open_to",
    "result_of",
    "shown_questions",
    "standing_of",
    "statistics_of",
]


# ── Quizzes ───────────────────────────────────────────────────────────────────────────────────
def quizzes_open_to(user: Any) -> QuerySet[Quiz]:
    """Quizzes that this person may see: published ones of lessons open to them, and one's own."""
    readable = enrollment.lessons_open_to(user)
    own = Quiz.objects.editable_by(user)
    return Quiz.objects.filter(
        Q(published_at__isnull=False, lesson__in=readable.values("pk")) | Q(pk__in=own.values("pk"))
    )


def quiz_of_lesson(user: Any, lesson: Lesson) -> Quiz | None:
    """The lesson's quiz, once published; its editors see the draft."""
    return quizzes_open_to(user).filter(lesson=lesson).select_related("course").first()


def questions_of(quiz: Quiz) -> QuerySet[Question]:
    """What the quiz asks now, in order; before it is published, its drafts too."""
    asked = [QuestionStatus.APPROVED]
    if quiz.published_at is None:
        asked.append(QuestionStatus.DRAFT)
    return quiz.questions.filter(status__in=asked).select_related("current").in_order()


def shown_questions(user: Any, quiz: Quiz) -> list[dict[str, Any]]:
    """The questions as this person may see them: {"id", "position", "kind", "text", "options"?}.

    As laid out in the attempt under way; without one, in an order of their own that stays.
    """
    attempt = open_attempt_of(user, quiz)
    if attempt is not None:
        return [
            _shown(row.question_id, row.position, row.version, row.layout)
            for row in _asked(attempt)
        ]
    questions = [(question, question.current) for question in questions_of(quiz)]
    return [
        _shown(question.pk, position, version, _layout_before(user, quiz, version))
        for position, (question, version) in enumerate(questions, start=1)
        if version is not None
    ]


def _shown(
    question_id: int, position: int, version: QuestionVersion, layout: list[int]
) -> dict[str, Any]:
    return {"id": question_id, "position": position, **shown(version, layout)}


def _layout_before(user: Any, quiz: Quiz, version: QuestionVersion) -> list[int]:
    """The same for each look of one person; nobody without the server's key can turn it back."""
    seed = salted_hmac("learning.layout", f"{user.pk}:{version.pk}").digest()
    pick = random.Random(seed)  # noqa: S311 - an order, seeded by a keyed hash
    return layout_of(version.kind, version.body, shuffle=quiz.shuffles, pick=pick)


# ── Attempts ──────────────────────────────────────────────────────────────────────────────────
def attempts_of(user: Any, quiz: Quiz | None = None) -> QuerySet[Attempt]:
    """The person's own, newest first."""
    rows = Attempt.objects.filter(student_id=user.pk).select_related("quiz").order_by("-pk")
    return rows if quiz is None else rows.filter(quiz=quiz)


def attempts_open_to(user: Any) -> QuerySet[Attempt]:
    """The person's own: results for good, what is under way while its lesson is open to them."""
    readable = enrollment.lessons_open_to(user)
    return attempts_of(user).filter(
        Q(submitted_at__isnull=False)
        | Q(quiz__lesson=None)
        | Q(quiz__lesson__in=readable.values("pk"))
    )


def open_attempt_of(user: Any, quiz: Quiz) -> Attempt | None:
    return attempts_of(user, quiz).filter(submitted_at=None).first()


@dataclass(frozen=True)
class Standing:
    """Where a student stands with a quiz; the best are None before the first submission."""

    attempts_used: int
    best_score: float | None
    best_percent: int | None
    open_attempt: Attempt | None
    attempts_left: int | None  # None: as many as they like
    passed: bool


def standing_of(user: Any, quiz: Quiz) -> Standing:
    figures = Attempt.objects.filter(student_id=user.pk, quiz=quiz).aggregate(
        used=Count("pk"),
        score=Max("score"),
        percent=Max("percent"),
        passed=Count("pk", filter=Q(passed=True)),
    )
    limit, used = quiz.attempts_limit, figures["used"]
    return Standing(
        attempts_used=used,
        best_score=None if figures["score"] is None else float(figures["score"]),
        best_percent=figures["percent"],
        open_attempt=open_attempt_of(user, quiz),
        attempts_left=None if limit is None else max(0, limit - used),
        passed=figures["passed"] > 0,
    )


def _asked(attempt: Attempt) -> QuerySet[Answer]:
    return attempt.answers.select_related("version")


@dataclass(frozen=True)
class AskedQuestion:
    """A question of an attempt under way: nothing here tells the right answer."""

    question_id: int
    position: int
    shown: dict[str, Any]
    given: Any
    given_at: datetime | None


def asked_questions(attempt: Attempt) -> list[AskedQuestion]:
    """The questions of an attempt as they are laid out, with the answers saved so far."""
    return [
        AskedQuestion(
            question_id=row.question_id,
            position=row.position,
            shown=shown(row.version, row.layout),
            given=row.given,
            given_at=row.given_at,
        )
        for row in _asked(attempt)
    ]


# ── Results ───────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class ResultRow:
    """A question after submission. `share` is of its one point; `rule` says how it is given."""

    question_id: int
    position: int
    shown: dict[str, Any]
    given: Any
    correct: bool
    share: float
    right_answer: Any
    explanation: str
    quote: str
    section: str
    rule: str


@dataclass(frozen=True)
class Result:
    attempt_id: int
    score: float
    max_score: int
    percent: int
    passed: bool
    started_at: datetime
    submitted_at: datetime
    flashcards_created: int
    results: list[ResultRow]


def result_of(attempt: Attempt) -> Result:
    """Everything about a submitted attempt; Conflict while it is under way."""
    if attempt.submitted_at is None:
        raise Conflict(_("This attempt isn’t submitted yet."))
    assert attempt.percent is not None  # as a constraint has it
    assert attempt.passed is not None
    return Result(
        attempt_id=attempt.pk,
        score=float(attempt.score or 0),
        max_score=attempt.max_score,
        percent=attempt.percent,
        passed=attempt.passed,
        started_at=attempt.started_at,
        submitted_at=attempt.submitted_at,
        flashcards_created=attempt.cards_created,
        results=[_result_row(row) for row in _asked(attempt)],
    )


def _result_row(row: Answer) -> ResultRow:
    version = row.version
    return ResultRow(
        question_id=row.question_id,
        position=row.position,
        shown=shown(version, row.layout),
        given=row.given,
        correct=bool(row.is_right),
        share=float(row.share or 0),
        right_answer=marking.right_answer(version.kind, version.body),
        explanation=version.explanation,
        quote=version.quote,
        section=version.section,
        rule=str(marking.RULES[QuestionKind(version.kind)]),
    )
