"""A course's leaderboard: its page, the few rows of it elsewhere, taking part and leaving."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.courses.models import Course
from apps.enrollment.selectors import open_seats_of

from ..selectors.boards import (
    PERIODS,
    Leaderboard,
    Place,
    courses_with_board_for,
    leaderboard_of,
)
from ..services import boards

BRIEF, FIRST = 6, 3


@require_GET
def leaderboard(request: HttpRequest, slug: str) -> HttpResponse:
    course = _course(request, slug)
    board = _board(request, course, _period(request.GET.get("period")))
    template = "_board" if request.htmx else "leaderboard"
    return render(request, f"gamification/{template}.html", _context(board))


@require_GET
def brief(request: HttpRequest, slug: str) -> HttpResponse:
    """The first of the week and oneself; `course` in the query names another course."""
    course = _course(request, request.GET.get("course") or slug)
    return _brief(request, course)


@require_POST
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """Take part, or with `stop` leave; answers what was shown: the board, or its `brief` piece."""
    user: User = request.user  # type: ignore[assignment]
    course = _course(request, slug)
    if "stop" in request.POST:
        boards.leave(user_id=user.pk, course_id=course.pk)
    else:
        boards.join(user=user, course=course, at=timezone.now())
    period = _period(request.POST.get("period"))
    if not request.htmx:
        page = reverse("gamification:leaderboard", args=[course.slug])
        return redirect(f"{page}?period={period}")
    if "brief" in request.POST:
        return _brief(request, course)
    board = _board(request, course, period)
    return render(request, "gamification/_board.html", _context(board))


def _course(request: HttpRequest, slug: str) -> Course:
    return get_object_or_404(courses_with_board_for(request.user), slug=slug)


def _period(asked: str | None) -> str:
    return asked if asked in PERIODS else "week"


def _board(request: HttpRequest, course: Course, period: str) -> Leaderboard:
    user: User = request.user  # type: ignore[assignment]
    return leaderboard_of(user, course, period, timezone.now())


def _context(board: Leaderboard) -> dict[str, Any]:
    periods = [
        ("week", _("This week"), board.period == "week"),
        ("all", _("All time"), board.period == "all"),
    ]
    return {"board": board, "course": board.course, "periods": periods}


def _brief(request: HttpRequest, course: Course) -> HttpResponse:
    board = _board(request, course, "week")
    context = {
        **_context(board),
        "places": _few(board),
        "courses": [seat.course for seat in open_seats_of(request.user)],
    }
    return render(request, "gamification/_board_brief.html", context)


def _few(board: Leaderboard) -> list[Place]:
    """The first six; for who stands further down the first three, and oneself between two others."""
    leaders = board.leaders[:BRIEF]
    if board.me is None or not board.me.xp or board.me in leaders:
        return leaders
    own = board.around.index(board.me)
    near = board.around[max(0, own - 1) : own + 2]
    return [*(place for place in leaders[:FIRST] if place not in near), *near]
