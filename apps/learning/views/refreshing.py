"""Two minutes before a lesson: what to expect, one card or question at a time, on to the lesson."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import Invalid
from apps.courses.models import Lesson

from ..card_forms import GradeForm
from ..forms.answers import given_in
from ..models import Concept, Refresh, RefreshItem
from ..selectors import path as selectors
from ..selectors import sessions
from ..services import refreshing as services
from .asked import asked_version


@require_GET
def refresh(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """What waits; `seen` names the question answered just now, `turned` shows a card's answer."""
    lesson = _lesson(request, slug, lesson_id)
    items = RefreshItem.objects.filter(refresh__student=request.user, refresh__lesson=lesson)
    items = items.select_related("refresh", "version", "question__course")
    seen = request.GET.get("seen", "")
    if seen.isdecimal() and len(seen) < 16:
        answered = items.filter(answered_at__isnull=False, version__isnull=False)
        return _settled(request, lesson, get_object_or_404(answered, pk=int(seen)))
    current = items.open().filter(refresh__finished_at=None).first()
    if current is not None:
        return _ask(request, lesson, current)
    found = selectors.refresh_before(request.user, lesson, timezone.now())
    if found is None:
        return redirect(_page(lesson))
    context = {"lesson": lesson, "course": lesson.course, "found": found}
    return render(request, "learning/path/refresh.html", context)


@require_POST
def start(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    lesson = _lesson(request, slug, lesson_id)
    begun = services.start_refresh(student=request.user, lesson=lesson, at=timezone.now())
    return redirect(_page(lesson) if begun is None else _here(lesson))


@require_POST
def answer(request: HttpRequest, slug: str, lesson_id: int, item_id: int) -> HttpResponse:
    """A grade of a card, or an answer to a question, which is then shown with what is right."""
    lesson = _lesson(request, slug, lesson_id)
    own = RefreshItem.objects.filter(refresh__student=request.user, refresh__lesson=lesson)
    item = get_object_or_404(
        own.select_related("refresh", "version", "question__course"), pk=item_id
    )
    now = timezone.now()
    if item.version is None:
        form = GradeForm(request.POST)
        if not form.is_valid():
            raise Invalid(errors=form.errors)
        grade = form.cleaned_data
        services.grade_card(item=item, rating=grade["rating"], seen_reps=grade["reps"], at=now)
        return _onward(request, lesson, item.refresh)
    given = None if "dont_know" in request.POST else given_in(request.POST, item)
    if given is None and "dont_know" not in request.POST and item.answered_at is None:
        error = _("Answer it, or say that you don’t know.")
        return _ask(request, lesson, item, error=error)
    try:
        services.answer_question(item=item, answer=given, at=now)
    except Invalid as error:
        return _ask(request, lesson, item, given=given, error=error.errors["answer"][0])
    return redirect(f"{_here(lesson)}?seen={item.pk}")


@require_POST
def leave(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """Straight to the lesson: what was answered stays."""
    lesson = _lesson(request, slug, lesson_id)
    for each in Refresh.objects.visible_to(request.user).filter(lesson=lesson, finished_at=None):
        services.leave_refresh(refresh=each, at=timezone.now())
    return redirect(_page(lesson))


# ── What is shown ─────────────────────────────────────────────────────────────────────────────
def _ask(
    request: HttpRequest, lesson: Lesson, item: RefreshItem, *, given: Any = None, error: str = ""
) -> HttpResponse:
    context = _frame(lesson, item)
    if item.version is not None:
        each = asked_version(
            item.version, item.layout, number=item.position, given=given, error=error
        )
        context |= {"each": each, "alone": [each]}
    elif item.card is not None:
        context["asked"] = sessions.asked([item.card], request.user, timezone.now())[0]
        context["turned"] = "turned" in request.GET
    return render(request, "learning/path/ask.html", context, status=422 if error else 200)


def _settled(request: HttpRequest, lesson: Lesson, item: RefreshItem) -> HttpResponse:
    assert item.version is not None  # fetched as a question
    context = _frame(lesson, item) | {
        "each": asked_version(
            item.version, item.layout, number=item.position, given=item.given, reveal=True
        ),
        "answer": item,
        "version": item.version,
        "row_percent": round((item.share or 0) * 100),
        "is_over": item.refresh.finished_at is not None,
    }
    return render(request, "learning/path/settled.html", context)


def _frame(lesson: Lesson, item: RefreshItem) -> dict[str, Any]:
    items = list(item.refresh.items.all())
    return {
        "lesson": lesson,
        "course": lesson.course,
        "item": item,
        "count": len(items),
        "answered": sum(each.answered_at is not None for each in items),
        "concept": Concept.objects.filter(pk=item.concept_id).first(),
        "asked_course": item.question.course if item.question else lesson.course,
    }


def _onward(request: HttpRequest, lesson: Lesson, begun: Refresh) -> HttpResponse:
    begun.refresh_from_db()
    if begun.finished_at is None:
        return redirect(_here(lesson))
    messages.success(request, _("Refreshed. Now the lesson."))
    return redirect(_page(lesson))


def _lesson(request: HttpRequest, slug: str, lesson_id: int) -> Lesson:
    learnt = selectors.courses_learnt_by(request.user).filter(slug=slug)
    rows = Lesson.objects.select_related("course").filter(course__in=learnt)
    return get_object_or_404(rows, pk=lesson_id)


def _page(lesson: Lesson) -> str:
    return reverse("learning:lesson", args=[lesson.course.slug, lesson.pk])


def _here(lesson: Lesson) -> str:
    return reverse("learning:refresh", args=[lesson.course.slug, lesson.pk])
