"""How a quiz fares, said in words beside the figures."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.requests import PersonalRequest
from apps.core.errors import NotFound

from ..models import Question, QuestionVersion
from ..selectors import quizzes
from ..selectors.talk import figures_of
from .scope import lesson_of, sees_answers
from .studio import quiz_of

EARLY = 10  # results, under which a share says little
EASY, HARD = 85, 40  # percent right
SHARP, BLUNT = 0.2, 0.0


@dataclass(frozen=True)
class Option:
    text: str
    name: str  # of true and false, which no teacher typed
    percent: int
    is_right: bool
    draws: bool


@dataclass(frozen=True)
class Row:
    number: int
    question: Question
    version: QuestionVersion
    answered: int
    percent: int
    difficulty: str
    discrimination: float | None
    power: str
    seconds: float | None
    options: list[Option]


@require_safe
def statistics(request: PersonalRequest, pk: int) -> HttpResponse:
    lesson = lesson_of(request.user, pk)
    if not sees_answers(request.user, lesson.course):
        raise NotFound
    quiz = quiz_of(lesson)
    found = quizzes.statistics_of(quiz)
    rows = [_row(n, each) for n, each in enumerate(found.questions, start=1)]
    answered = [row for row in rows if row.answered >= EARLY]
    context = {
        "lesson": lesson,
        "course": lesson.course,
        "quiz": quiz,
        "statistics": found,
        "completion": _percent(found.completion_rate),
        "accuracy": _percent(found.accuracy),
        "passed": _percent(found.pass_rate),
        "is_early": found.submitted < EARLY,
        "rows": rows,
        "talks": figures_of(lesson),
        "hardest": min(answered, key=lambda row: row.percent, default=None),
    }
    return render(request, "learning/studio/statistics.html", context)


def _percent(share: float | None) -> int:
    return round(100 * (share or 0))


def _row(number: int, found: quizzes.QuestionStatistics) -> Row:
    version = found.question.current
    assert version is not None  # a question is stored with its first version
    percent = _percent(found.share_right)
    return Row(
        number=number,
        question=found.question,
        version=version,
        answered=found.answered,
        percent=percent,
        difficulty=_difficulty(percent),
        discrimination=found.discrimination,
        power=_power(found.discrimination),
        seconds=found.median_seconds,
        options=_options(found),
    )


def _difficulty(percent: int) -> str:
    if percent >= EASY:
        return _("easy")
    return _("hard") if percent < HARD else _("medium")


def _power(discrimination: float | None) -> str:
    if discrimination is None:
        return ""
    if discrimination >= SHARP:
        return _("well")
    return _("weakly") if discrimination > BLUNT else _("misleads")


def _options(found: quizzes.QuestionStatistics) -> list[Option]:
    """The wrong option that draws most is marked, once there are enough answers to say so."""
    names = (
        {"true": _("True"), "false": _("False")}
        if found.question.current.kind == "true_false"
        else {}
    )
    wrong = [each.count for each in found.options if not each.is_right]
    most = max(wrong, default=0) if found.answered >= EARLY else 0
    return [
        Option(
            text=each.text,
            name=names.get(each.text, ""),
            percent=round(100 * each.count / found.answered) if found.answered else 0,
            is_right=each.is_right,
            draws=bool(most) and not each.is_right and each.count == most,
        )
        for each in found.options
    ]
