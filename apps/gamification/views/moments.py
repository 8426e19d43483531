"""The one celebration: a dialog with all that waits, and its end."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.core.errors import Invalid, NotFound
from apps.enrollment.selectors import seat_of

from ..engine.rules import RULES
from ..models import Habit
from ..selectors.habits import habit_of
from ..selectors.moments import celebration_for
from ..services.moments import mark_course_seen, mark_seen
from ..wording import STREAK_LABELS, STREAK_TITLES

LONGEST = 18  # digits that a key has at the most


@require_GET
def moment(request: HttpRequest) -> HttpResponse:
    """The dialog, or nothing. It opens by script, and says when it was closed."""
    user: User = request.user  # type: ignore[assignment]
    now, habit = timezone.now(), habit_of(user)
    found = celebration_for(user, now) if _celebrates(habit) else None
    if found is None:
        return HttpResponse()
    days = found.first.days
    context = {
        "found": found,
        "first": found.first,
        "streak_label": STREAK_LABELS.get(days, ""),
        "streak_title": STREAK_TITLES.get(days, ""),
    }
    return render(request, "gamification/_moment.html", context)


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """`upto`: the last of the moments that the dialog showed."""
    user: User = request.user  # type: ignore[assignment]
    upto = request.POST.get("upto", "")
    if not upto.isascii() or not upto.isdigit() or len(upto) > LONGEST:
        raise Invalid
    mark_seen(user=user, upto=int(upto), at=timezone.now())
    if request.htmx or request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    return redirect("gamification:awards")


@require_POST
def course_done(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page at the end of a course shows of it; that page is its celebration."""
    user: User = request.user  # type: ignore[assignment]
    seat = seat_of(user, pk)
    if seat is None or not seat.is_completed:
        raise NotFound
    mark_course_seen(user=user, course_id=pk, at=timezone.now())
    habit = habit_of(user)
    if not habit.is_on:
        return HttpResponse()
    return render(request, "gamification/_course_done.html", {"points": RULES["course"].xp})


def _celebrates(habit: Habit) -> bool:
    return habit.is_on and habit.celebrates
