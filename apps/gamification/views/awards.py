"""One's own awards: level, streak, calendar, shelf."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.rights import SignedInRequest

from ..selectors import habits


@require_safe
def awards(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    habit = habits.habit_of(request.user)
    if not habit.is_on:
        return render(request, "gamification/off.html")
    summary = habits.summary_of(request.user, now, habit)
    context = {
        "summary": summary,
        "next_level": summary.level + 1,
        "streak": summary.streak,
    }
    return render(request, "gamification/awards.html", context)
