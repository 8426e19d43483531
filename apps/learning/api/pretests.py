"""The pre-test through the API: begun, answered question by question, its result."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import IdField, SignedIn
from apps.core.idempotency import idempotent
from apps.enrollment import selectors as enrollment

from ..engine.questions import shown
from ..models import Pretest
from ..selectors import pretests as selectors
from ..services import pretests
from .quiz_shapes import DAY_MS, AnswerField, QuestionOut


# ── Shapes ────────────────────────────────────────────────────────────────────────────────────
class PretestAnswerIn(serializers.Serializer[Any]):
    question = IdField()
    answer = AnswerField(allow_null=True, help_text="Null: I don't know.")
    duration_ms = serializers.IntegerField(
        min_value=0,
        max_value=DAY_MS,
        required=False,
        default=0,
        help_text="Time spent on the question, if it was measured.",
    )


class PretestOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    question = QuestionOut()


class PretestConceptOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    known = serializers.FloatField(help_text="Probability, 0 to 1.")
    skip = serializers.BooleanField()


class PretestLessonOut(serializers.Serializer[Any]):
    lesson = serializers.IntegerField(source="lesson.pk")
    title = serializers.CharField(source="lesson.title")
    skip = serializers.BooleanField()
    why = serializers.CharField()


class PretestResultOut(serializers.Serializer[Any]):
    """Lessons are those not yet done, in the order of the course."""

    looks_random = serializers.BooleanField(
        help_text="The answers look given at random: nothing is skipped."
    )
    asked = serializers.IntegerField()
    minutes_saved = serializers.IntegerField()
    minutes_left = serializers.IntegerField()
    concepts = PretestConceptOut(many=True)
    lessons = PretestLessonOut(many=True)


class PretestStepOut(serializers.Serializer[Any]):
    done = serializers.BooleanField()
    question = QuestionOut(required=False, help_text="The next one, until it is done.")
    result = PretestResultOut(required=False, help_text="Once it is done.")


# ── Calls ─────────────────────────────────────────────────────────────────────────────────────
class StartPretest(APIView):
    """POST /api/courses/{id}/pretest: a new test, or the one under way, with its open question."""

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses={201: PretestOut})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        course = get_object_or_404(enrollment.courses_open_to(request.user), pk=pk)
        pretest = pretests.start_pretest(student=request.user, course=course, at=timezone.now())
        found = {"id": pretest.pk, "question": _question(pretest)}
        return Response(PretestOut(found).data, status=201)


class AnswerPretest(APIView):
    """POST /api/pretests/{id}/answers: the answer to the open question; the next one or the result.

    The same answer again gives the same; another one to a question that is answered is a conflict.
    """

    permission_classes = [SignedIn]

    @extend_schema(request=PretestAnswerIn, responses=PretestStepOut)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        pretest = get_object_or_404(selectors.pretests_open_to(request.user), pk=pk)
        form = PretestAnswerIn(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        pretest = pretests.answer_pretest(
            pretest=pretest,
            question_id=given["question"],
            answer=given["answer"],
            duration_ms=given["duration_ms"],
            at=timezone.now(),
        )
        return Response(PretestStepOut(_step(pretest)).data)


def _step(pretest: Pretest) -> dict[str, Any]:
    if pretest.finished_at is None:
        return {"done": False, "question": _question(pretest)}
    return {"done": True, "result": selectors.result_of(pretest)}


def _question(pretest: Pretest) -> dict[str, Any]:
    row = selectors.open_question(pretest)
    assert row is not None  # a test under way always has one
    return {"id": row.question_id, "position": row.position, **shown(row.version, row.layout)}
