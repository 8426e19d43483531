"""The pre-test on the site: what it is, its questions one by one, what it found."""

from itertools import accumulate
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import Invalid, NotFound
from apps.courses.models import Course, Lesson
from apps.enrollment import selectors as enrollment

from ..forms.answers import duration_in, given_in
from ..models import Pretest, PretestAnswer
from ..selectors import pretests as selectors
from ..selectors.pretests import FoundLesson
from ..services import path, pretests
from .asked import asked

MAX_DIGITS = 15
NAMED = 3  # concepts named in the sentence over the path


@require_GET
def pretest(request: HttpRequest, slug: str) -> HttpResponse:
    """What to expect; the open question while a test is under way."""
    course = _course(request, slug)
    if course.slug != slug:
        return redirect("learning:pretest", course.slug)
    if not enrollment.has_open_seat(request.user, course.pk):
        return redirect(f"/courses/{course.slug}/")
    going_on = selectors.open_pretest(request.user, course)
    row = selectors.open_question(going_on) if going_on else None
    if row is not None:
        return render(request, "learning/pretest/take.html", _sheet(course, row))
    last = selectors.last_finished(request.user, course)
    context = {
        "course": course,
        "length": selectors.length_of(course),
        "last": last,
        "may_start": last is None or pretests.may_be_repeated(last, timezone.now()),
    }
    return render(request, "learning/pretest/intro.html", context)


@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    course = _course(request, slug)
    pretests.start_pretest(student=request.user, course=course, at=timezone.now())
    return redirect("learning:pretest", course.slug)


@require_POST
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the answer and go on; what can't be read is shown where it was given."""
    course = _course(request, slug)
    found, row = _asked(request, course)
    if row.answered_at is None:
        is_unknown = "unknown" in request.POST
        given = None if is_unknown else given_in(request.POST, row)
        try:
            if given is None and not is_unknown:
                raise Invalid(errors={"answer": [_("Give an answer, or say that you don’t know.")]})
            found = pretests.answer_pretest(
                pretest=found,
                question_id=row.question_id,
                answer=given,
                duration_ms=duration_in(request.POST, row.question_id),
                at=timezone.now(),
            )
        except Invalid as error:
            sheet = _sheet(course, row, given=given, error=str(error.errors["answer"][0]))
            return render(request, "learning/pretest/take.html", sheet, status=422)
    if found.finished_at is not None:
        return redirect("learning:pretest_result", course.slug, found.pk)
    return redirect("learning:pretest", course.slug)


@require_POST
def decline(request: HttpRequest, slug: str) -> HttpResponse:
    """“I'm new to this”: on to the first lesson."""
    course = _course(request, slug)
    pretests.decline_pretest(student=request.user, course=course, at=timezone.now())
    return redirect("learning:course", course.slug)


@require_GET
def result(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    course = _course(request, slug)
    found = selectors.result_of(_finished(request, course, pk))
    context = {
        "course": course,
        "result": found,
        "rows": _numbered(found.lessons),
        "known": ", ".join(found.known[:NAMED]),
        "new": ", ".join(found.new[:NAMED]),
        "minutes_before": found.minutes_saved + found.minutes_left,
        "first": found.left[0].lesson if found.left else None,
        "has_seat": enrollment.has_open_seat(request.user, course.pk),
    }
    return render(request, "learning/pretest/result.html", context)


@require_POST
def take(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a lesson that could be skipped, or take that back; without a lesson: all, and begin."""
    course = _course(request, slug)
    now = timezone.now()
    number = request.POST.get("lesson", "")
    if not number:
        for step in selectors.result_of(_finished(request, course, pk)).skipped:
            path.take_lesson(student=request.user, lesson=step.lesson, at=now)
        return redirect("learning:course", course.slug)
    lessons = Lesson.objects.filter(course=course)
    lesson = get_object_or_404(lessons, pk=_number(number))
    change = path.skip_lesson if "skip" in request.POST else path.take_lesson
    change(student=request.user, lesson=lesson, at=now)
    return redirect("learning:pretest_result", course.slug, pk)


# ── Scope ─────────────────────────────────────────────────────────────────────────────────────
def _course(request: HttpRequest, slug: str) -> Course:
    """The course by its slug, or one that it had before."""
    courses = enrollment.courses_open_to(request.user)
    now = courses.filter(slug=slug).first()
    return now or get_object_or_404(courses, old_slugs__slug=slug)


def _finished(request: HttpRequest, course: Course, pk: int) -> Pretest:
    mine = Pretest.objects.visible_to(request.user).filter(course=course)
    return get_object_or_404(mine.exclude(finished_at=None), pk=pk)


def _asked(request: HttpRequest, course: Course) -> tuple[Pretest, PretestAnswer]:
    """The test and the question that the page was made for."""
    mine = selectors.pretests_open_to(request.user).filter(course=course)
    found = get_object_or_404(mine, pk=_number(request.POST.get("pretest", "")))
    rows = found.answers.select_related("version")
    return found, get_object_or_404(rows, question=_number(request.POST.get("asked", "")))


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return int(text)
    raise NotFound


def _numbered(steps: list[FoundLesson]) -> list[tuple[int, FoundLesson]]:
    """With the place of each lesson among those that remain."""
    places = accumulate(int(not step.is_skipped) for step in steps)
    return list(zip(places, steps, strict=True))


def _sheet(
    course: Course, row: PretestAnswer, *, given: Any = None, error: str = ""
) -> dict[str, Any]:
    return {
        "course": course,
        "row": row,
        "questions": [asked(row, given=given, error=error)],
        "about": row.position - 1 + row.about_left,
        "to_come": range(row.about_left - 1),
        "behind": range(row.position - 1),
    }
