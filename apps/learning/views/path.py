"""The path through a course, and what the student decides on it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import Invalid, NotFound
from apps.courses.models import Course, Lesson
from apps.enrollment import selectors as enrollment

from ..selectors.lessons import shared_curriculum
from ..selectors.path import CoursePath, LessonStep, courses_learnt_by, way_through
from ..services import path as services

SHOWN = 20  # lessons ahead that stand on the page unfolded
CONCEPTS_SHOWN = 12


@require_GET
def path(request: HttpRequest, slug: str) -> HttpResponse:
    course = _course(request, slug)
    way = way_through(request.user, course, timezone.now())
    if way is None:
        raise NotFound
    modules = shared_curriculum(course)
    chosen = next((m for m in modules if str(m["id"]) == request.GET.get("module")), None)
    ahead = list(enumerate(_within(way.ahead, chosen), start=1))
    context = {
        "course": course,
        "way": way,
        "modules": modules if len(modules) > 1 else [],
        "chosen": chosen,
        "first": way.ahead[0] if way.ahead else None,
        "ahead": ahead[:SHOWN],
        "further": ahead[SHOWN:],
        "skipped": _within(way.skipped, chosen),
        "done": _within(way.done, chosen),
        "concepts": _concepts(way)[:CONCEPTS_SHOWN],
        "more_concepts": max(0, len(way.graph.concepts) - CONCEPTS_SHOWN),
    }
    return render(request, "learning/path/path.html", context)


def _within(steps: Sequence[LessonStep], module: dict[str, Any] | None) -> list[LessonStep]:
    return [step for step in steps if module is None or step.lesson.module_id == module["id"]]


def _concepts(way: CoursePath) -> list[dict[str, Any]]:
    """What the student knows best first, then the rest in the order of the course."""
    rows = [
        {
            "name": concept.name,
            "level": int(found.level) if (found := way.knowledge.get(concept.pk)) else 0,
            "shown": found.shown if found else 0.0,
        }
        for concept in way.graph.concepts
    ]
    return sorted(rows, key=lambda row: -row["shown"])


# ── Decisions ─────────────────────────────────────────────────────────────────────────────────
@require_POST
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """`do` what with `lesson`, or with every lesson that is skipped: take, skip again, known."""
    course = _course(request, slug)
    lesson = _lesson(request, course)
    _DECISIONS.get(request.POST.get("do", ""), _unknown)(request, course, lesson)
    seat = enrollment.seat_of(request.user, course.pk)
    if request.POST.get("do") == "known" and seat and seat.is_completed:
        return redirect("learning:done", course.slug)
    if request.POST.get("next") == "lesson" and lesson:
        return redirect("learning:lesson", course.slug, lesson.pk)
    return redirect("learning:path", course.slug)


def _take(request: HttpRequest, course: Course, lesson: Lesson | None) -> None:
    now = timezone.now()
    if lesson is None:
        services.take_every_lesson(student=request.user, course=course, at=now)
    else:
        services.take_lesson(student=request.user, lesson=lesson, at=now)


def _skip(request: HttpRequest, course: Course, lesson: Lesson | None) -> None:
    if lesson is None:
        _unknown(request, course, lesson)
    else:
        services.skip_lesson(student=request.user, lesson=lesson, at=timezone.now())


def _known(request: HttpRequest, course: Course, lesson: Lesson | None) -> None:
    count = services.count_as_known(
        student=request.user, course=course, lesson=lesson, at=timezone.now()
    )
    text = ngettext("%(n)d lesson counts as done.", "%(n)d lessons count as done.", count)
    messages.success(request, text % {"n": count})


def _unknown(request: HttpRequest, course: Course, lesson: Lesson | None) -> None:
    raise Invalid(errors={"do": [_("Choose what to do with the lesson.")]})


Decision = Callable[[HttpRequest, Course, Lesson | None], None]
_DECISIONS: dict[str, Decision] = {"take": _take, "skip": _skip, "known": _known}


def _course(request: HttpRequest, slug: str) -> Course:
    return get_object_or_404(courses_learnt_by(request.user), slug=slug)


def _lesson(request: HttpRequest, course: Course) -> Lesson | None:
    wanted = request.POST.get("lesson", "")
    if not wanted:
        return None
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 16):
        raise NotFound
    return get_object_or_404(course.lessons, pk=int(wanted))
