"""The way in: three questions, a first course, the steps beside its first lesson, the end of the day."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.requests import PersonalRequest
from apps.accounts.selectors import local_day
from apps.core.errors import Invalid, NotFound
from apps.courses.models import Lesson

from . import selectors, services, wording
from .forms import QuestionsForm, goal_options, minutes_options, subject_options
from .models import Minutes, Start
from .selectors.standing import is_for, is_fresh
from .way import leave_way, note_way

LONGEST_ID = 18  # digits
USUAL_MINUTES = Minutes.STEADY
page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def welcome(request: PersonalRequest) -> HttpResponse:
    """Where one stopped; home for whom it isn't for, and for whom it is over."""
    return redirect(_next_place(request, selectors.start_of(request.user)))


# ── Questions ─────────────────────────────────────────────────────────────────────────────────
@page
def questions(request: PersonalRequest) -> HttpResponse:
    if not is_for(request.user):
        return redirect("home")
    now = timezone.now()
    begun = services.begin(user=request.user, at=now)
    if begun.is_closed or begun.is_under_way:
        return _go(request, _next_place(request, begun))
    form, status = QuestionsForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                services.answer(user=request.user, **form.cleaned_data, at=now)
                return _go(request, reverse("onboarding:course"))
            except Invalid as error:
                form.add_error("subjects", str(error))
    context = _asked(request, begun, form)
    name = "onboarding/_questions.html" if request.htmx else "onboarding/questions.html"
    return render(request, name, context, status=status)


@require_safe
def outlook(request: PersonalRequest) -> HttpResponse:
    """The line below the minutes, for what is ticked at this moment."""
    chosen = request.GET.getlist("subjects")
    text = _outlook(request, chosen, request.GET.get("minutes", ""))
    return render(request, "onboarding/_outlook.html", {"outlook": text})


def _asked(request: PersonalRequest, begun: Start, form: QuestionsForm) -> dict[str, Any]:
    """What is ticked: as sent, else as it is kept."""
    if form.is_bound:
        subjects = form.data.getlist("subjects")
        goal, minutes = form.data.get("goal", ""), form.data.get("minutes", "")
    else:
        subjects = selectors.wishes_of(request.user).subjects
        goal, minutes = begun.goal, str(begun.minutes or USUAL_MINUTES)
    return {
        "form": form,
        "subjects": subject_options(subjects),
        "goals": goal_options(goal),
        "minutes": minutes_options(minutes),
        "outlook": _outlook(request, subjects, minutes),
    }


def _outlook(request: PersonalRequest, subjects: list[str], minutes: str) -> str:
    """Empty where no course fits, or where nothing sensible was sent."""
    if minutes not in map(str, Minutes.values):
        return ""
    known = {slug for slug, _name in selectors.offered_subjects()}
    offer = selectors.offer_for(request.user, [slug for slug in subjects if slug in known])
    return wording.outlook(offer.first, int(minutes)) if offer.first else ""


# ── The first course ──────────────────────────────────────────────────────────────────────────
@require_safe
def course(request: PersonalRequest) -> HttpResponse:
    begun = selectors.start_of(request.user)
    if not is_for(request.user) or selectors.step_of(begun) != "course" or begun.is_closed:
        return redirect(_next_place(request, begun))
    subjects = selectors.wishes_of(request.user).subjects
    offer = selectors.offer_for(request.user, subjects, chosen=begun.course_id)
    context = {
        "first": _shown(offer.first) if offer.first else None,
        "others": [_shown(pick) for pick in offer.others],
        "outlook": wording.outlook(offer.first, begun.minutes or USUAL_MINUTES)
        if offer.first
        else "",
    }
    return render(request, "onboarding/course.html", context)


@require_POST
def choose(request: PersonalRequest) -> HttpResponse:
    _students_only(request)
    services.choose_course(user=request.user, course_id=_sent_id(request), at=timezone.now())
    return redirect("onboarding:course")


@require_POST
def start(request: PersonalRequest) -> HttpResponse:
    """The first lesson, with a seat where the course is free."""
    _students_only(request)
    begun = services.open_first_lesson(
        user=request.user, course_id=_sent_id(request), at=timezone.now()
    )
    return redirect(_next_place(request, begun))


def _shown(pick: selectors.Pick) -> dict[str, Any]:
    return {"pick": pick, "course": pick.course, "lesson": pick.lesson, "why": wording.why(pick)}


# ── The steps ─────────────────────────────────────────────────────────────────────────────────
@require_safe
def steps(request: PersonalRequest) -> HttpResponse:
    """The strip, or nothing once the steps are no longer under way."""
    begun = selectors.start_of(request.user)
    found = selectors.first_steps_of(request.user, begun)
    if found is None or not (begun.is_under_way and is_fresh(begun, timezone.now())):
        leave_way(request)
        return HttpResponse()
    return render(request, "onboarding/_steps.html", _strip(request, begun, found))


@require_POST
def card(request: PersonalRequest) -> HttpResponse:
    """A first card by one's own act."""
    _students_only(request)
    services.keep_first_card(user=request.user, at=timezone.now())
    if request.htmx:
        return steps_again(request)
    return redirect("learning:cards")


def steps_again(request: PersonalRequest) -> HttpResponse:
    begun = selectors.start_of(request.user)
    found = selectors.first_steps_of(request.user, begun)
    if found is None:
        return HttpResponse()
    return render(request, "onboarding/_steps.html", _strip(request, begun, found))


def _strip(request: HttpRequest, begun: Start, found: selectors.FirstSteps) -> dict[str, Any]:
    names = [_("Read the lesson"), _("Answer its questions"), _("First card"), _("Streak of one")]
    rows = [{"name": name, "is_done": done} for name, done in zip(names, found.done, strict=False)]
    now = next((row for row in rows if not row["is_done"]), None)
    lesson = _lesson_url(begun, found.lesson)
    return {
        "steps": rows,
        "now": now,
        "count": found.count,
        "is_complete": found.is_complete,
        "lesson_url": lesson,
        "quiz_url": f"{lesson}quiz/",
        "has_read": found.has_read,
        "has_answered": found.attempt is not None,
        "has_card": found.has_card,
        "is_here": request.htmx
        and (request.htmx.current_url_abs_path or "").split("?")[0] == lesson,
    }


# ── The end ───────────────────────────────────────────────────────────────────────────────────
@require_POST
def skip(request: PersonalRequest) -> HttpResponse:
    _students_only(request)
    services.skip(user=request.user, at=timezone.now())
    leave_way(request)
    if request.htmx:
        return HttpResponse()
    messages.success(request, _("Skipped. Subjects and your daily goal are in the settings."))
    return redirect("home")


@require_POST
def finish(request: PersonalRequest) -> HttpResponse:
    _students_only(request)
    begun = services.finish(user=request.user, at=timezone.now())
    leave_way(request)
    return redirect("onboarding:done" if begun.finished_at else "home")


@require_safe
def done(request: PersonalRequest) -> HttpResponse:
    """What the first day brought; on that day."""
    begun, now = selectors.start_of(request.user), timezone.now()
    ended = begun.finished_at
    if ended is None or local_day(request.user, ended) != local_day(request.user, now):
        return redirect("home")
    day = selectors.first_day_of(request.user, begun, now)
    onward = _lesson_url(begun, day.next_lesson) if day.next_lesson else ""
    context = {"day": day, "course": begun.course, "next_url": onward}
    return render(request, "onboarding/done.html", context)


# ── Where one goes ────────────────────────────────────────────────────────────────────────────
def _next_place(request: PersonalRequest, begun: Start) -> str:
    if not is_for(request.user) or begun.is_closed:
        return reverse("home")
    step = selectors.step_of(begun)
    if step != "lesson":
        return reverse(f"onboarding:{step}")
    lesson = selectors.first_lesson_of(request.user, begun.course_id or 0)
    if lesson is None:
        return reverse("home")
    note_way(request)
    return _lesson_url(begun, lesson)


def _lesson_url(begun: Start, lesson: Lesson) -> str:
    assert begun.course is not None
    return reverse("learning:lesson", args=[begun.course.slug, lesson.pk])


def _go(request: PersonalRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _students_only(request: PersonalRequest) -> None:
    if not is_for(request.user):
        raise NotFound


def _sent_id(request: HttpRequest) -> int:
    text = request.POST.get("course", "")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        raise NotFound
    return int(text)
