"""Learning acts read off the rows that they left: the same rows always give the same statements."""

from collections.abc import Iterable
from datetime import datetime

from apps.enrollment.models import Enrollment, LessonCompletion

from ..engine.mastery import RIGHT
from ..models import (
    Activity,
    Answer,
    Attempt,
    Concept,
    Evidence,
    Pretest,
    PretestAnswer,
    Review,
    TutorMessage,
    Verb,
)
from .statements import Act, Thing, record_all

GRADES = 4


def iso_duration(seconds: float) -> str:
    """As ISO 8601 writes it, to the hundredth, as xAPI compares them."""
    return f"PT{seconds:.2f}".rstrip("0").rstrip(".") + "S"


def _timed(milliseconds: int) -> dict[str, str]:
    return {"duration": iso_duration(milliseconds / 1000)} if milliseconds else {}


# ── Lessons and courses ───────────────────────────────────────────────────────────────────────
def keep_completions(*, completions: Iterable[LessonCompletion]) -> None:
    record_all(
        acts=[
            Act(
                key=f"lesson:{done.enrollment_id}:{done.lesson_id}",
                actor_id=done.enrollment.student_id,
                verb=Verb.COMPLETED,
                object=Thing(activity=Activity.LESSON, id=done.lesson_id, name=done.lesson.title),
                at=done.completed_at,
                received_at=done.completed_at,
                course_id=done.enrollment.course_id,
                lesson_id=done.lesson_id,
                result={"completion": True},
            )
            for done in completions
        ]
    )


def keep_courses(*, seats: Iterable[Enrollment]) -> None:
    """Courses that were finished."""
    record_all(
        acts=[
            Act(
                key=f"course:{seat.pk}",
                actor_id=seat.student_id,
                verb=Verb.COMPLETED,
                object=Thing(activity=Activity.COURSE, id=seat.course_id, name=seat.course.title),
                at=seat.completed_at,
                received_at=seat.completed_at,
                course_id=seat.course_id,
                result={"completion": True},
            )
            for seat in seats
            if seat.completed_at is not None
        ]
    )


# ── Quizzes ───────────────────────────────────────────────────────────────────────────────────
def keep_attempts(*, attempts: Iterable[Attempt]) -> None:
    """That each began, and once it is submitted every answer and how it ended."""
    found = list(attempts)
    acts = [_begun(attempt) for attempt in found]
    submitted = {attempt.pk: attempt for attempt in found if attempt.submitted_at is not None}
    rows = Answer.objects.filter(attempt__in=submitted).select_related("version")
    acts += [_answered(submitted[row.attempt_id], row) for row in rows]
    acts += [_ended(attempt, attempt.submitted_at) for attempt in submitted.values()]
    record_all(acts=acts)


def _begun(attempt: Attempt) -> Act:
    return Act(
        key=f"attempt:{attempt.pk}:begun",
        actor_id=attempt.student_id,
        verb=Verb.ATTEMPTED,
        object=Thing(activity=Activity.QUIZ, id=attempt.quiz_id, name=attempt.quiz.title),
        at=attempt.started_at,
        received_at=attempt.started_at,
        course_id=attempt.quiz.course_id,
        lesson_id=attempt.quiz.lesson_key,
    )


def _answered(attempt: Attempt, row: Answer) -> Act:
    ended = attempt.submitted_at or attempt.started_at
    share = float(row.share or 0)
    return Act(
        key=f"answer:{row.pk}",
        actor_id=attempt.student_id,
        verb=Verb.ANSWERED,
        object=Thing(activity=Activity.QUESTION, id=row.question_id, name=row.version.text),
        at=min(row.given_at or ended, ended),
        received_at=ended,
        course_id=attempt.quiz.course_id,
        lesson_id=attempt.quiz.lesson_key,
        result={
            "score": {"scaled": share, "raw": share, "min": 0, "max": 1},
            "success": bool(row.is_right),
            "completion": row.given is not None,
            **_timed(row.duration_ms),
        },
    )


def _ended(attempt: Attempt, at: datetime | None) -> Act:
    ended = at or attempt.started_at
    passed = bool(attempt.passed)
    return Act(
        key=f"attempt:{attempt.pk}:ended",
        actor_id=attempt.student_id,
        verb=Verb.PASSED if passed else Verb.FAILED,
        object=Thing(activity=Activity.QUIZ, id=attempt.quiz_id, name=attempt.quiz.title),
        at=ended,
        received_at=ended,
        course_id=attempt.quiz.course_id,
        lesson_id=attempt.quiz.lesson_key,
        result={
            "score": {
                "scaled": (attempt.percent or 0) / 100,
                "raw": float(attempt.score or 0),
                "min": 0,
                "max": attempt.max_score,
            },
            "success": passed,
            "completion": True,
            "duration": iso_duration((ended - attempt.started_at).total_seconds()),
        },
    )


# ── Cards ─────────────────────────────────────────────────────────────────────────────────────
def keep_reviews(*, reviews: Iterable[Review]) -> None:
    """Each grade, and of one taken back that it was; what stands on a card is the student's own."""
    acts = []
    for review in reviews:
        acts.append(_graded(review))
        if review.undone_at is not None:
            acts.append(_undone(review, review.undone_at))
    record_all(acts=acts)


def _graded(review: Review) -> Act:
    return Act(
        key=f"review:{review.pk}",
        actor_id=review.student_id,
        verb=Verb.ANSWERED,
        object=Thing(activity=Activity.CARD, id=review.card_id),
        at=review.reviewed_at,
        received_at=review.reviewed_at,
        course_id=review.course_id,
        lesson_id=review.card.note.lesson_id if review.card else None,
        result={
            "score": {
                "scaled": round((review.rating - 1) / (GRADES - 1), 4),
                "raw": review.rating,
                "min": 1,
                "max": GRADES,
            },
            "success": review.rating > 1,
            **_timed(review.duration_ms),
        },
    )


def _undone(review: Review, at: datetime) -> Act:
    return Act(
        key=f"review:{review.pk}:undone",
        actor_id=review.student_id,
        verb=Verb.VOIDED,
        object=Thing(activity=Activity.STATEMENT),
        at=at,
        received_at=at,
        course_id=review.course_id,
        voids=f"review:{review.pk}",
    )


# ── Pre-tests, talks, mastery ─────────────────────────────────────────────────────────────────
def keep_pretests(*, pretests: Iterable[Pretest]) -> None:
    """Finished ones: that they began, every answer, and that they ended."""
    found = {test.pk: test for test in pretests if test.finished_at is not None}
    acts = []
    for test in found.values():
        acts.append(_of_pretest(test, Verb.ATTEMPTED, test.started_at))
        acts.append(_of_pretest(test, Verb.COMPLETED, test.finished_at or test.started_at))
    rows = PretestAnswer.objects.filter(pretest__in=found).exclude(answered_at=None)
    acts += [
        _of_pretest_answer(found[row.pretest_id], row) for row in rows.select_related("version")
    ]
    record_all(acts=acts)


def _of_pretest(test: Pretest, verb: Verb, at: datetime) -> Act:
    ended = verb == Verb.COMPLETED
    lasted = iso_duration((at - test.started_at).total_seconds())
    return Act(
        key=f"pretest:{test.pk}:{verb.value}",
        actor_id=test.student_id,
        verb=verb,
        object=Thing(activity=Activity.PRETEST, id=test.pk),
        at=at,
        received_at=at,
        course_id=test.course_id,
        result={"completion": True, "duration": lasted} if ended else {},
    )


def _of_pretest_answer(test: Pretest, row: PretestAnswer) -> Act:
    at = row.answered_at or row.asked_at
    share = float(bool(row.is_right))
    return Act(
        key=f"pretest-answer:{row.pk}",
        actor_id=test.student_id,
        verb=Verb.ANSWERED,
        object=Thing(activity=Activity.QUESTION, id=row.question_id, name=row.version.text),
        at=at,
        received_at=at,
        course_id=test.course_id,
        result={
            "score": {"scaled": share, "raw": share, "min": 0, "max": 1},
            "success": bool(row.is_right),
            "completion": row.given is not None,
            **_timed(row.duration_ms),
        },
    )


def keep_turns(*, messages: Iterable[TutorMessage]) -> None:
    """A student's turns in talks: how they were judged, never what was said."""
    record_all(
        acts=[
            Act(
                key=f"turn:{message.pk}",
                actor_id=message.thread.student_id,
                verb=Verb.ASKED,
                object=Thing(activity=Activity.TALK, id=message.thread_id),
                at=message.created_at,
                received_at=message.created_at,
                course_id=message.thread.course_id,
                lesson_id=message.thread.lesson_id,
                result={}
                if message.score is None
                else {
                    "score": {"scaled": message.score, "raw": message.score, "min": 0, "max": 1},
                    "success": message.score >= RIGHT,
                },
            )
            for message in messages
        ]
    )


def keep_mastered(*, entries: Iterable[tuple[int, int]]) -> None:
    """Concepts that became mastered, as (concept, evidence that made it so)."""
    pairs = set(entries)
    evidence = {
        row.pk: row for row in Evidence.objects.filter(pk__in={pk for _concept, pk in pairs})
    }
    names = dict(
        Concept.objects.filter(pk__in={pk for pk, _evidence in pairs}).values_list("pk", "name")
    )
    record_all(
        acts=[
            Act(
                key=f"mastered:{row.student_id}:{concept}:{row.pk}",
                actor_id=row.student_id,
                verb=Verb.MASTERED,
                object=Thing(activity=Activity.CONCEPT, id=concept, name=names.get(concept, "")),
                at=row.occurred_at,
                received_at=row.received_at,
                course_id=row.course_id,
                lesson_id=row.lesson_id,
                result={"success": True},
            )
            for concept, pk in sorted(pairs)
            if (row := evidence.get(pk)) is not None
        ]
    )
