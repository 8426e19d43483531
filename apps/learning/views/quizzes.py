"""The quiz of a lesson, as students take it: what to expect, the questions, the result."""

import math
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import NotAllowed, NotFound
from apps.core.markdown import headings, plain_text
from apps.courses.models import Lesson
from apps.enrollment import selectors as enrollment

from ..engine import marking
from ..forms.answers import asked_in, duration_in, given_in
from ..models import Answer, Attempt, QuestionKind, QuestionVersion, Quiz
from ..selectors import lessons, path, quizzes
from ..selectors.mastery import outcome_of
from ..services import attempts as services
from ..services.attempts import Given
from .asked import asked

FRAGMENT_WORDS = 8


@require_GET
def quiz(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """What to expect; the questions themselves while an attempt is open."""
    lesson, found = _quiz_of(request, lesson_id)
    if lesson.course.slug != slug:
        return redirect("learning:quiz", lesson.course.slug, lesson.pk)
    if not found.published_at:  # its teacher sees the draft
        return redirect("learning:quiz_preview", lesson.pk)
    now = timezone.now()
    attempt = quizzes.open_attempt_of(request.user, found)
    if attempt is None:
        return render(request, "learning/quiz/intro.html", _intro(request, lesson, found))
    if attempt.deadline and attempt.deadline <= now:
        services.submit_attempt(attempt=attempt, answers=[], at=now)
        return _to_result(lesson, attempt)
    return render(request, "learning/quiz/take.html", _sheet(lesson, found, attempt, at=now))


@require_POST
def start(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    lesson, found = _quiz_of(request, lesson_id)
    services.start_attempt(quiz=found, student=request.user, at=timezone.now())
    return redirect("learning:quiz", lesson.course.slug, lesson.pk)


@require_POST
def answer(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """Keep what was answered so far; to the page's script it says what it couldn't read."""
    lesson, found = _quiz_of(request, lesson_id)
    attempt = _attempt(request, found)
    given, errors = _read(request, attempt)
    services.save_answers(attempt=attempt, answers=given, at=timezone.now())
    if not request.accepts("text/html"):
        return JsonResponse({"errors": {str(key): text for key, text in errors.items()}})
    return redirect("learning:quiz", lesson.course.slug, lesson.pk)


@require_POST
def submit(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """The end of the attempt; an answer that can't be read is shown where it was typed."""
    lesson, found = _quiz_of(request, lesson_id)
    attempt = _attempt(request, found)
    given, errors = _read(request, attempt)
    now = timezone.now()
    is_late = attempt.deadline is not None and attempt.deadline <= now
    if errors and not is_late and attempt.submitted_at is None:
        services.save_answers(attempt=attempt, answers=given, at=now)
        context = _sheet(lesson, found, attempt, at=now, data=request.POST, errors=errors)
        return render(request, "learning/quiz/take.html", context, status=422)
    services.submit_attempt(attempt=attempt, answers=given, at=now)
    return _to_result(lesson, attempt)


@require_GET
def result(request: HttpRequest, slug: str, lesson_id: int, attempt_id: int) -> HttpResponse:
    lesson, found = _quiz_of(request, lesson_id)
    mine = quizzes.attempts_of(request.user, found).exclude(submitted_at=None)
    attempt = get_object_or_404(mine, pk=attempt_id)
    left = quizzes.standing_of(request.user, found).attempts_left
    is_end, onward = _onward(request, lesson)
    places = {heading.title.casefold(): heading.id for heading in headings(lesson.content)}
    context = {
        "lesson": lesson,
        "course": lesson.course,
        "quiz": found,
        "attempt": attempt,
        "results": [_settled(row, lesson, places) for row in _answers(attempt)],
        "attempts_left": left,
        "may_try_again": left != 0 and found.published_at,
        "was_late": attempt.deadline is not None and attempt.submitted_at == attempt.deadline,
        "onward": onward,
        "is_end": is_end,
        "outcome": outcome_of(attempt),
    }
    return render(request, "learning/quiz/result.html", context)


# ── Scope ─────────────────────────────────────────────────────────────────────────────────────
def _quiz_of(request: HttpRequest, lesson_id: int) -> tuple[Lesson, Quiz]:
    """A lesson that one may read, with its quiz; NotFound when either isn't there for them."""
    try:
        lesson = lessons.get_lesson(request.user, lesson_id)
    except NotAllowed as error:
        raise NotFound from error
    found = quizzes.quiz_of_lesson(request.user, lesson)
    if found is None:
        raise NotFound
    return lesson, found


def _attempt(request: HttpRequest, quiz: Quiz) -> Attempt:
    """The attempt that the page was made for."""
    text = request.POST.get("attempt", "")
    known = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    return get_object_or_404(quizzes.attempts_of(request.user, quiz), pk=known)


def _answers(attempt: Attempt) -> list[Answer]:
    return list(attempt.answers.select_related("version").order_by("position"))


def _to_result(lesson: Lesson, attempt: Attempt) -> HttpResponse:
    return redirect("learning:quiz_result", lesson.course.slug, lesson.pk, attempt.pk)


# ── What the pages show ───────────────────────────────────────────────────────────────────────
def _intro(request: HttpRequest, lesson: Lesson, quiz: Quiz) -> dict[str, Any]:
    standing = quizzes.standing_of(request.user, quiz)
    questions = list(quizzes.questions_of(quiz))
    kinds = {question.current.kind for question in questions if question.current}
    rules = {str(kind): rule for kind, rule in marking.RULES.items()}
    return {
        "lesson": lesson,
        "course": lesson.course,
        "quiz": quiz,
        "question_count": len(questions),
        "rules": [(kind.label, rules[kind]) for kind in QuestionKind if kind in kinds],
        "attempts": quizzes.attempts_of(request.user, quiz),
        "attempts_left": standing.attempts_left,
        "best_percent": standing.best_percent,
        "onward": _onward(request, lesson)[1],
    }


def _sheet(
    lesson: Lesson,
    quiz: Quiz,
    attempt: Attempt,
    *,
    at: datetime,
    data: Any = None,
    errors: dict[int, str] | None = None,
) -> dict[str, Any]:
    """The questions as saved; `data` of a form that couldn't be read stands over what is saved."""
    errors = errors or {}
    rows = _answers(attempt)
    return {
        "lesson": lesson,
        "course": lesson.course,
        "quiz": quiz,
        "attempt": attempt,
        "questions": [
            asked(
                row,
                given=row.given if data is None else given_in(data, row),
                error=errors.get(row.question_id, ""),
            )
            for row in rows
        ],
        # rounded down, so that the page hands in before the deadline and not after it
        "seconds_left": attempt.deadline
        and max(0, math.floor((attempt.deadline - at).total_seconds())),
        "failed": bool(errors),
    }


def _read(request: HttpRequest, attempt: Attempt) -> tuple[list[Given], dict[int, str]]:
    """The answers of the form, and by question what is wrong with those that can't be taken."""
    given, errors = [], {}
    speaks_of = asked_in(request.POST)
    for row in _answers(attempt):
        if row.question_id not in speaks_of:
            continue
        value = given_in(request.POST, row)
        try:
            marking.check_form(row.version.kind, row.version.body, value)
        except ValueError as error:
            errors[row.question_id] = str(error)
            continue
        spent = duration_in(request.POST, row.question_id)
        given.append(Given(question_id=row.question_id, answer=value, duration_ms=spent))
    return given, errors


def _settled(row: Answer, lesson: Lesson, places: dict[str, str]) -> dict[str, Any]:
    return {
        "asked": asked(row, given=row.given, reveal=True),
        "answer": row,
        "percent": round((row.share or 0) * 100),
        "passage": _passage(row.version, lesson, places),
    }


def _passage(version: QuestionVersion, lesson: Lesson, places: dict[str, str]) -> str:
    """The lesson at the section, and in browsers that can at the very words; "" without either."""
    section = places.get(plain_text(version.section).casefold(), "")
    words = plain_text(version.quote).split()[:FRAGMENT_WORDS]
    if not section and not words:
        return ""
    fragment = f":~:text={quote(' '.join(words), safe='')}" if words else ""
    page = reverse("learning:lesson", args=[lesson.course.slug, lesson.pk])
    return f"{page}#{section}{fragment.replace('-', '%2D')}"


def _onward(request: HttpRequest, lesson: Lesson) -> tuple[bool, str]:
    """Whether the course is at its end, and where one goes on; "" for those without a seat."""
    seat = enrollment.seat_of(request.user, lesson.course_id)
    if seat is None:
        return False, ""
    rows = [row for module in lessons.shared_curriculum(lesson.course) for row in module["lessons"]]
    is_last = bool(rows) and rows[-1]["id"] == lesson.pk
    if seat.is_completed and is_last:
        return True, reverse("learning:done", args=[lesson.course.slug])
    next_id = path.lesson_ahead(request.user, lesson.course, timezone.now())
    next_id = next_id or lessons.next_lesson_id(request.user, lesson)
    if next_id is None or next_id == lesson.pk:
        return False, ""
    return False, reverse("learning:lesson", args=[lesson.course.slug, next_id])
