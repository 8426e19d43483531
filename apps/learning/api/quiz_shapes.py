"""What the calls about quizzes take and answer."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.api import IdField

from ..models import QuestionKind
from ..services.attempts import Given

DAY_MS = 24 * 60 * 60 * 1000
MAX_ANSWERS = 200


# ── In ────────────────────────────────────────────────────────────────────────────────────────
class GenerateIn(serializers.Serializer[Any]):
    engine = serializers.ChoiceField(
        choices=["offline"],
        required=False,
        help_text="`offline` asks no model and costs no credits; without it the best one there is.",
    )


ANSWER = {
    "description": "An option id; a list of option ids; a boolean; a string; a number (or a string "
    "with its unit); a list of option ids in order; an object left id → right id; a list of "
    "strings, one per gap. Null: no answer.",
    "type": ["string", "number", "boolean", "array", "object"],
}


@extend_schema_field(ANSWER)
class AnswerField(serializers.JSONField):
    """An answer in the form of its kind."""


class AnswerIn(serializers.Serializer[Any]):
    question = IdField()
    answer = AnswerField(required=False, allow_null=True, default=None)
    duration_ms = serializers.IntegerField(
        min_value=0,
        max_value=DAY_MS,
        required=False,
        default=0,
        help_text="Time spent on the question so far.",
    )


class AnswersIn(serializers.Serializer[Any]):
    answers = serializers.ListField(child=AnswerIn(), required=False, max_length=MAX_ANSWERS)

    @classmethod
    def given(cls, data: Any) -> list[Given]:
        form = cls(data=data)
        form.is_valid(raise_exception=True)
        return [
            Given(row["question"], row["answer"], row["duration_ms"])
            for row in form.validated_data.get("answers", [])
        ]


# ── Out ───────────────────────────────────────────────────────────────────────────────────────
class JobStartedOut(serializers.Serializer[Any]):
    job = serializers.IntegerField(help_text="To be followed at /api/jobs/{id}.")


OPTION = {
    "type": "object",
    "required": ["id", "text"],
    "properties": {"id": {"type": "integer"}, "text": {"type": "string"}},
}
OPTIONS = {"type": "array", "items": OPTION}
SIDES = {
    "type": "object",
    "required": ["left", "right"],
    "properties": {"left": OPTIONS, "right": OPTIONS},
}


@extend_schema_field({"oneOf": [OPTIONS, SIDES]})
class OptionsField(serializers.JSONField):
    """[{id, text}], or of a matching {left: […], right: […]}."""


class QuestionOut(serializers.Serializer[Any]):
    """A question as a student may see it; `text` and options are markdown."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=QuestionKind.choices)
    text = serializers.CharField()
    options = OptionsField(required=False)
    gaps = serializers.IntegerField(required=False, help_text="Of a cloze: how many.")
    position = serializers.IntegerField()


class QuizOut(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="quiz.pk")
    lesson = serializers.IntegerField(source="quiz.lesson_id", allow_null=True)
    title = serializers.CharField(source="quiz.title")
    questions = QuestionOut(many=True)
    published_at = serializers.DateTimeField(source="quiz.published_at", allow_null=True)
    attempts_limit = serializers.IntegerField(source="quiz.attempts_limit", allow_null=True)
    time_limit_minutes = serializers.IntegerField(source="quiz.time_limit_minutes", allow_null=True)
    pass_percent = serializers.IntegerField(source="quiz.pass_percent")
    attempts_used = serializers.IntegerField(source="standing.attempts_used")
    best_score = serializers.FloatField(source="standing.best_score", allow_null=True)
    best_percent = serializers.IntegerField(source="standing.best_percent", allow_null=True)
    open_attempt = serializers.IntegerField(
        allow_null=True, help_text="Id of the attempt under way."
    )


class AttemptStartedOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    deadline = serializers.DateTimeField(allow_null=True)


class ResultRowOut(serializers.Serializer[Any]):
    question = serializers.IntegerField(source="question_id")
    correct = serializers.BooleanField()
    share = serializers.FloatField(help_text="Of the question's one point.")
    answer = AnswerField(source="given", allow_null=True)
    right_answer = AnswerField()
    explanation = serializers.CharField(allow_blank=True)


class ResultOut(serializers.Serializer[Any]):
    score = serializers.FloatField()
    max_score = serializers.IntegerField()
    percent = serializers.IntegerField()
    passed = serializers.BooleanField()
    results = ResultRowOut(many=True)
    flashcards_created = serializers.IntegerField()


class KeptAnswerOut(serializers.Serializer[Any]):
    question = serializers.IntegerField(source="question_id")
    answer = AnswerField(source="given", allow_null=True)


class AskedQuestionOut(QuestionOut):
    def to_representation(self, instance: Any) -> dict[str, Any]:
        row = {"id": instance.question_id, "position": instance.position, **instance.shown}
        return super().to_representation(row)


class AttemptOut(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="attempt.pk")
    quiz = serializers.IntegerField(source="attempt.quiz_id")
    number = serializers.IntegerField(source="attempt.number")
    started_at = serializers.DateTimeField(source="attempt.started_at")
    deadline = serializers.DateTimeField(source="attempt.deadline", allow_null=True)
    submitted_at = serializers.DateTimeField(source="attempt.submitted_at", allow_null=True)
    questions = AskedQuestionOut(many=True)
    answers = KeptAnswerOut(source="questions", many=True)
    result = ResultOut(allow_null=True, help_text="Null until it is submitted.")


class SummaryOut(serializers.Serializer[Any]):
    text = serializers.CharField(source="summary")
    engine = serializers.CharField()
    made_at = serializers.DateTimeField()
