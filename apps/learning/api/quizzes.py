"""Quizzes through the API: made, published, taken, marked; and the summary of a lesson."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.rights import needs
from apps.core.api import SignedIn
from apps.core.errors import NotFound
from apps.core.idempotency import idempotent
from apps.courses.models import Lesson

from ..models import Attempt, Quiz
from ..selectors import lessons as lesson_selectors
from ..selectors import quizzes as selectors
from ..services import attempts, digests, quizzes
from .quiz_shapes import (
    AnswersIn,
    AttemptOut,
    AttemptStartedOut,
    GenerateIn,
    JobStartedOut,
    QuizOut,
    ResultOut,
    SummaryOut,
)


def quiz_for_reader(user: Any, quiz: Quiz) -> dict[str, Any]:
    standing = selectors.standing_of(user, quiz)
    found = {
        "quiz": quiz,
        "questions": selectors.shown_questions(user, quiz),
        "standing": standing,
        "open_attempt": standing.open_attempt.pk if standing.open_attempt else None,
    }
    return dict(QuizOut(found).data)


# ── The teacher's side ────────────────────────────────────────────────────────────────────────
class GenerateQuiz(APIView):
    """POST /api/lessons/{id}/quiz/generate: drafts made from the lesson, by a job."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=GenerateIn, responses={202: JobStartedOut})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        lesson = get_object_or_404(Lesson.objects.editable_by(request.user), pk=pk)
        form = GenerateIn(data=request.data)
        form.is_valid(raise_exception=True)
        job = quizzes.start_generation(
            lesson=lesson,
            by=request.user,
            at=timezone.now(),
            offline=form.validated_data.get("engine") == "offline",
        )
        return Response({"job": job.pk}, status=202)


class PublishQuiz(APIView):
    """POST /api/quizzes/{id}/publish: approves the drafts and shows the quiz to students."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=None, responses=QuizOut)
    def post(self, request: Request, pk: int) -> Response:
        quiz = get_object_or_404(Quiz.objects.editable_by(request.user), pk=pk)
        quiz = quizzes.publish_quiz(quiz=quiz, by=request.user, at=timezone.now())
        return Response(quiz_for_reader(request.user, quiz))


# ── The student's side ────────────────────────────────────────────────────────────────────────
class LessonQuiz(APIView):
    """GET /api/lessons/{id}/quiz: the questions, never the right answers.

    Until it is published its editors see the draft, and to others there is none. With an attempt
    under way the questions come as that attempt has them.
    """

    permission_classes = [SignedIn]

    @extend_schema(responses=QuizOut)
    def get(self, request: Request, pk: int) -> Response:
        lesson = lesson_selectors.get_lesson(request.user, pk)
        quiz = selectors.quiz_of_lesson(request.user, lesson)
        if quiz is None:
            raise NotFound
        return Response(quiz_for_reader(request.user, quiz))


class StartAttempt(APIView):
    """POST /api/quizzes/{id}/attempts: a new attempt, or the one that is under way."""

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses={201: AttemptStartedOut})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        quiz = get_object_or_404(selectors.quizzes_open_to(request.user), pk=pk)
        attempt = attempts.start_attempt(quiz=quiz, student=request.user, at=timezone.now())
        return Response(AttemptStartedOut(attempt).data, status=201)


class OneAttempt(APIView):
    """GET /api/attempts/{id}: one's own, with the answers kept so far or the result."""

    permission_classes = [SignedIn]

    @extend_schema(responses=AttemptOut)
    def get(self, request: Request, pk: int) -> Response:
        return Response(shown_attempt(own_attempt(request, pk)))


class SaveAnswers(APIView):
    """PUT /api/attempts/{id}/answers: keeps them; null takes one back."""

    permission_classes = [SignedIn]

    @extend_schema(request=AnswersIn, responses=AttemptOut)
    def put(self, request: Request, pk: int) -> Response:
        attempt = own_attempt(request, pk)
        answers = AnswersIn.given(request.data)
        attempt = attempts.save_answers(attempt=attempt, answers=answers, at=timezone.now())
        return Response(shown_attempt(attempt))


class SubmitAttempt(APIView):
    """POST /api/attempts/{id}/submit: marked; again answers the same.

    After the deadline what was saved in time counts, and what comes here doesn't.
    """

    permission_classes = [SignedIn]

    @extend_schema(request=AnswersIn, responses=ResultOut)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        attempt = own_attempt(request, pk)
        answers = AnswersIn.given(request.data)
        attempt = attempts.submit_attempt(attempt=attempt, answers=answers, at=timezone.now())
        return Response(ResultOut(selectors.result_of(attempt)).data)


def own_attempt(request: Request, pk: int) -> Attempt:
    return get_object_or_404(selectors.attempts_open_to(request.user), pk=pk)


def shown_attempt(attempt: Attempt) -> dict[str, Any]:
    found = {
        "attempt": attempt,
        "questions": selectors.asked_questions(attempt),
        "result": selectors.result_of(attempt) if attempt.submitted_at else None,
    }
    return dict(AttemptOut(found).data)


# ── The lesson in short ───────────────────────────────────────────────────────────────────────
class LessonSummary(APIView):
    """GET /api/lessons/{id}/summary: the first read makes it, without a model."""

    permission_classes = [SignedIn]

    @extend_schema(responses=SummaryOut)
    def get(self, request: Request, pk: int) -> Response:
        lesson = lesson_selectors.get_lesson(request.user, pk)
        digest = digests.digest_of(lesson=lesson, at=timezone.now())
        return Response(SummaryOut(digest).data)
