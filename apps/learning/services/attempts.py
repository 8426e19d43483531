"""Attempts at a quiz: begun once, answers kept as they are given, submitted once, closed in time."""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotFound

from ..engine import marking
from ..engine.questions import layout_of
from ..events import QuizSubmitted
from ..models import Answer, Attempt, Question, Quiz
from . import acts, evidence
from .notes import cards_from_mistakes

logger = logging.getLogger(__name__)
_pick = random.SystemRandom()
MAX_CLOSED_AT_ONCE = 500


@dataclass(frozen=True)
class Given:
    """An answer as it came; `duration_ms` is the time spent on the question so far."""

    question_id: int
    answer: Any
    duration_ms: int = 0


# ── Begun ─────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def start_attempt(*, quiz: Quiz, student: User, at: datetime) -> Attempt:
    """A new attempt, or the one that is open. Raises Conflict when there are no more tries.

    Who may open the quiz is asked by whoever fetched it.
    """
    if quiz.published_at is None:
        raise Conflict(_("This quiz isn’t published yet."))
    for _try in range(2):
        # counted before looking: what another tab begins in between is found, or collides below
        used = Attempt.objects.filter(quiz=quiz, student=student).count()
        going_on = _open_attempt(quiz, student, at)
        if going_on is not None:
            return going_on
        try:
            with transaction.atomic():
                return _begin(quiz, student, used, at)
        except IntegrityError:  # the other tab was first: what it began is there now
            continue
    raise Conflict(retry_after=1)


def _open_attempt(quiz: Quiz, student: User, at: datetime) -> Attempt | None:
    """The attempt under way; one whose time is over is closed on the way."""
    found = Attempt.objects.filter(quiz=quiz, student=student, submitted_at=None).first()
    if found is not None and _is_over(found, at):
        submit_attempt(attempt=found, answers=[], at=at)
        return None
    return found


def _begin(quiz: Quiz, student: User, used: int, at: datetime) -> Attempt:
    if quiz.attempts_limit is not None and used >= quiz.attempts_limit:
        raise Conflict(_("You have used all your attempts."))
    questions = asked_in(quiz)
    if not questions:
        raise Conflict(_("This quiz has no questions yet."))
    attempt, answers = laid_out(quiz, student, used + 1, questions, at)
    attempt.save()
    Answer.objects.bulk_create(answers)
    acts.keep_attempts(attempts=[attempt])
    return attempt


def asked_in(quiz: Quiz) -> list[Question]:
    """What an attempt asks, with the version that it shows."""
    return list(quiz.questions.approved().in_order().select_related("current"))


def laid_out(
    quiz: Quiz, student: User, number: int, questions: Sequence[Question], at: datetime
) -> tuple[Attempt, list[Answer]]:
    """An attempt and its questions as they will be shown, not stored yet."""
    shown = list(questions)
    if quiz.shuffles:
        _pick.shuffle(shown)
    minutes = quiz.time_limit_minutes
    attempt = Attempt(
        student=student,
        quiz=quiz,
        number=number,
        started_at=at,
        deadline=at + timedelta(minutes=minutes) if minutes else None,
        max_score=len(shown),
    )
    return attempt, [
        _blank(attempt, question, position, quiz.shuffles)
        for position, question in enumerate(shown, start=1)
    ]


def _blank(attempt: Attempt, question: Question, position: int, shuffle: bool) -> Answer:
    version = question.current
    assert version is not None  # a question is stored with its first version
    return Answer(
        attempt=attempt,
        question=question,
        version=version,
        position=position,
        layout=layout_of(version.kind, version.body, shuffle=shuffle, pick=_pick),
    )


# ── Answered ──────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def save_answers(*, attempt: Attempt, answers: Sequence[Given], at: datetime) -> Attempt:
    """Keep answers; a later one to the same question replaces it, None takes it back.

    Raises Invalid, naming the question, for one that can't be an answer to it, and Conflict once
    the attempt is submitted or its time is over.
    """
    attempt = _locked(attempt)
    if attempt.submitted_at is not None:
        raise Conflict(_("This attempt is over."))
    if _is_over(attempt, at):
        raise Conflict(_("The time is over."))
    _keep(attempt, _rows(attempt), answers, at)
    return attempt


def _keep(
    attempt: Attempt, rows: dict[int, Answer], answers: Sequence[Given], at: datetime
) -> None:
    put_answers(attempt, rows, answers, at)
    changed = [rows[given.question_id] for given in answers]
    Answer.objects.bulk_update(changed, ["given", "given_at", "duration_ms"])


def put_answers(
    attempt: Attempt, rows: dict[int, Answer], answers: Sequence[Given], at: datetime
) -> None:
    """Write them on the rows, unsaved; raises Invalid for one that can't be an answer."""
    _check(rows, answers)
    most = max(0, int((at - attempt.started_at).total_seconds() * 1000))
    for given in answers:
        row = rows[given.question_id]
        row.given = given.answer
        row.given_at = at
        row.duration_ms = max(row.duration_ms, min(given.duration_ms, most))


def _check(rows: dict[int, Answer], answers: Sequence[Given]) -> None:
    """Every fault at once, each under the id of its question."""
    errors: dict[str, list[str]] = {}
    seen: set[int] = set()
    for given in answers:
        if fault := _fault(rows.get(given.question_id), given, seen):
            errors[f"question_{given.question_id}"] = [fault]
        seen.add(given.question_id)
    if errors:
        raise Invalid(errors=errors)


def _fault(row: Answer | None, given: Given, seen: set[int]) -> str:
    if row is None:
        return _("This question isn’t in this attempt.")
    if given.question_id in seen:
        return _("Answer each question once.")
    try:
        marking.check_form(row.version.kind, row.version.body, given.answer)
    except ValueError as error:
        return str(error)
    return ""


# ── Submitted ─────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def submit_attempt(*, attempt: Attempt, answers: Sequence[Given], at: datetime) -> Attempt:
    """Mark the attempt; again gives the same result. After its time, what was saved in time counts."""
    attempt = _locked(attempt)
    if attempt.submitted_at is not None:
        return attempt
    rows, received_at = _rows(attempt), at
    if _is_over(attempt, at):
        at = attempt.deadline or at
    else:
        _keep(attempt, rows, answers, at)
    mark(attempt, list(rows.values()), at)
    Answer.objects.bulk_update(list(rows.values()), ["share", "is_right"])
    attempt.cards_created = cards_from_mistakes(attempt=attempt, at=at)
    attempt.save(
        update_fields=["submitted_at", "score", "percent", "passed", "max_score", "cards_created"]
    )
    evidence.record_quiz(attempt=attempt, at=received_at)
    announce(attempt)
    return attempt


def announce(attempt: Attempt) -> None:
    publish(
        QuizSubmitted(
            attempt_id=attempt.pk,
            student_id=attempt.student_id,
            course_id=attempt.quiz.course_id,
            quiz_id=attempt.quiz_id,
            percent=attempt.percent or 0,
            passed=bool(attempt.passed),
        )
    )


def mark(attempt: Attempt, rows: list[Answer], at: datetime) -> None:
    """Set what the answers are worth, unsaved. Percent is rounded down, so that 100 means all, and passing agrees with what is shown."""
    total = Fraction(0)
    for row in rows:
        found = marking.mark(row.version.kind, row.version.body, row.given)
        total += found.share
        row.share, row.is_right = _rounded(found.share, "0.0001"), found.is_right
    attempt.submitted_at = at
    attempt.max_score = len(rows)
    attempt.score = _rounded(total, "0.01")
    attempt.percent = int(100 * total / len(rows)) if rows else 0
    attempt.passed = attempt.percent >= attempt.quiz.pass_percent


def _rounded(value: Fraction, step: str) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(step), rounding=ROUND_HALF_UP)


def close_expired(*, at: datetime) -> int:
    """Submit what was saved in attempts whose time is over; how many that were.

    Each in a transaction of its own, so that one that fails holds up no other.
    """
    expired = Attempt.objects.filter(submitted_at=None, deadline__lte=at).order_by("deadline")
    closed = 0
    for attempt in list(expired[:MAX_CLOSED_AT_ONCE]):
        try:
            submit_attempt(attempt=attempt, answers=[], at=at)
            closed += 1
        except Exception:
            logger.exception("attempt_not_closed", extra={"attempt": attempt.pk})
    return closed


# ── Rows ──────────────────────────────────────────────────────────────────────────────────────
def _is_over(attempt: Attempt, at: datetime) -> bool:
    return attempt.deadline is not None and at >= attempt.deadline


def _locked(attempt: Attempt) -> Attempt:
    rows = Attempt.objects.select_related("quiz").select_for_update(of=("self",))
    found = rows.filter(pk=attempt.pk).first()
    if found is None:
        raise NotFound
    return found


def _rows(attempt: Attempt) -> dict[int, Answer]:
    return {row.question_id: row for row in attempt.answers.select_related("version", "question")}
