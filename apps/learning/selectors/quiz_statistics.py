"""How a quiz and each of its questions fare; first submitted attempts only, never the teacher's own."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.aggregates import Corr
from django.db.models import (
    Aggregate,
    Avg,
    Count,
    Exists,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Cast, Extract, NullIf

from ..models import Answer, Attempt, Question, QuestionKind, QuestionVersion, Quiz

FEWEST_FOR_DISCRIMINATION = 10


class Median(Aggregate):
    name = "Median"
    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class OptionCount:
    """How often an option was chosen; of a true/false question the text is "true" or "false"."""

    text: str
    count: int
    is_right: bool


@dataclass(frozen=True)
class QuestionStatistics:
    """`discrimination` is the corrected point-biserial correlation: of being right here with the
    share of points in the rest of the quiz (S. Henrysson, Psychometrika 28, 1963). Below 0.2 the
    question tells the able from others poorly. None with fewer than 10 attempts, or when all
    answers or all rests are alike.
    """

    question: Question
    answered: int
    share_right: float | None
    discrimination: float | None
    median_seconds: float | None
    options: list[OptionCount] = field(default_factory=list)


@dataclass(frozen=True)
class QuizStatistics:
    """People, not attempts: those who began, those who submitted; then of their first submission."""

    started: int
    submitted: int
    completion_rate: float | None
    accuracy: float | None
    pass_rate: float | None
    median_seconds: float | None
    questions: list[QuestionStatistics]


def statistics_of(quiz: Quiz) -> QuizStatistics:
    """In six queries, however many attempts there are."""
    others = Attempt.objects.filter(quiz=quiz).exclude(student_id=quiz.course.owner_id)
    firsts = _first_submissions(others)
    people = others.aggregate(
        started=Count("student_id", distinct=True),
        submitted=Count("student_id", distinct=True, filter=Q(submitted_at__isnull=False)),
    )
    figures = firsts.aggregate(
        accuracy=Avg("percent"),
        passed=Avg(Cast(Cast("passed", IntegerField()), FloatField())),
        seconds=Median(Extract(F("submitted_at") - F("started_at"), "epoch")),
    )
    return QuizStatistics(
        started=people["started"],
        submitted=people["submitted"],
        completion_rate=people["submitted"] / people["started"] if people["started"] else None,
        accuracy=figures["accuracy"] and figures["accuracy"] / 100,
        pass_rate=figures["passed"],
        median_seconds=figures["seconds"],
        questions=_of_questions(quiz, firsts),
    )


def _first_submissions(attempts: QuerySet[Attempt]) -> QuerySet[Attempt]:
    submitted = attempts.filter(submitted_at__isnull=False)
    earlier = submitted.filter(student_id=OuterRef("student_id"), number__lt=OuterRef("number"))
    return submitted.filter(~Exists(earlier))


def _of_questions(quiz: Quiz, firsts: QuerySet[Attempt]) -> list[QuestionStatistics]:
    answers = Answer.objects.filter(attempt__in=firsts.values("pk"), question__quiz=quiz)
    figures = {row["question_id"]: row for row in _figures(answers)}
    options = _chosen(answers)
    questions = quiz.questions.select_related("current").in_order()
    return [
        _one(question, figures.get(question.pk), options[question.pk])
        for question in questions
        if question.pk in figures or question.status != "retired"
    ]


def _figures(answers: QuerySet[Answer]) -> Any:
    right = Cast(Cast("is_right", IntegerField()), FloatField())
    rest = (F("attempt__score") - F("share")) / NullIf(F("attempt__max_score") - 1, 0)
    return (
        answers.order_by()
        .values("question_id")
        .annotate(
            answered=Count("pk"),
            share_right=Avg(right),
            discrimination=Corr(right, Cast(rest, FloatField())),
            milliseconds=Median("duration_ms", filter=Q(duration_ms__gt=0)),
        )
    )


def _one(
    question: Question, row: dict[str, Any] | None, options: list[OptionCount]
) -> QuestionStatistics:
    if row is None:
        return QuestionStatistics(question, 0, None, None, None)
    enough = row["answered"] >= FEWEST_FOR_DISCRIMINATION
    milliseconds = row["milliseconds"]
    return QuestionStatistics(
        question=question,
        answered=row["answered"],
        share_right=row["share_right"],
        discrimination=row["discrimination"] if enough else None,
        median_seconds=None if milliseconds is None else milliseconds / 1000,
        options=options,
    )


# ── Options ───────────────────────────────────────────────────────────────────────────────────
def _chosen(answers: QuerySet[Answer]) -> dict[int, list[OptionCount]]:
    """Options by question, the most chosen first. By their text: each version has ids of its own."""
    kinds = [QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE]
    rows = list(
        answers.filter(version__kind__in=kinds)
        .order_by()
        .values("question_id", "version_id", "given")
        .annotate(count=Count("pk"))
    )
    versions = QuestionVersion.objects.in_bulk({row["version_id"] for row in rows})
    counts: dict[int, dict[tuple[str, bool], int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        found = counts[row["question_id"]]
        for option_id, key in _options(versions[row["version_id"]]).items():
            found[key] += row["count"] * _is_chosen(option_id, row["given"])
    return defaultdict(
        list,
        {
            question_id: sorted(
                (OptionCount(text, count, right) for (text, right), count in found.items()),
                key=lambda option: -option.count,
            )
            for question_id, found in counts.items()
        },
    )


def _options(version: QuestionVersion) -> dict[Any, tuple[str, bool]]:
    """The text of each option, and whether it is right, by what an answer names it with."""
    if version.kind == QuestionKind.TRUE_FALSE:
        right = version.body["right"]
        return {True: ("true", right), False: ("false", not right)}
    return {option["id"]: (option["text"], option["right"]) for option in version.body["options"]}


def _is_chosen(option_id: Any, given: Any) -> bool:
    return option_id in given if isinstance(given, list) else option_id == given
