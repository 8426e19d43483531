"""The habit on Today."""

from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from apps.accounts.models import User

from ..models import Habit
from ..selectors import habits, shelf
from ..selectors.calendar import kinds_of
from ..wording import KINDS

EVENING = 18
DAY = timedelta(days=1)


@dataclass(frozen=True)
class WeekDay:
    """A dot of the week; `told` is what a screen reader says beside the name."""

    name: str
    kind: str
    told: str
    is_today: bool


@require_GET
def summary(request: HttpRequest) -> HttpResponse:
    """Nothing for who switched it off."""
    user: User = request.user  # type: ignore[assignment]
    now = timezone.now()
    habit = habits.habit_of(user)
    if not habit.is_on:
        return HttpResponse()
    found = habits.summary_of(user, now, habit)
    context = {
        "summary": found,
        "streak": found.streak,
        "goal": habits.goal_of(habit, found.today),
        "week": _week(user, habit, found.today),
        "nearest": shelf.nearest(habit),
        "is_evening": timezone.localtime(now).hour >= EVENING,
    }
    return render(request, "gamification/_summary.html", context)


def _week(user: User, habit: Habit, today: date) -> list[WeekDay]:
    monday = today - today.weekday() * DAY
    kinds = kinds_of(user, habit, today)
    rests = habits.rest_days_of(habit.folded(), today).now
    return [
        _week_day(day, kinds.get(day, ""), today, day.weekday() in rests)
        for day in (monday + n * DAY for n in range(7))
    ]


def _week_day(day: date, kind: str, today: date, rests: bool) -> WeekDay:
    if not kind and day >= today and rests:
        kind = "rest"
    name = format_date(day, "ccc", locale=get_language() or "en").capitalize()
    return WeekDay(name, kind, str(KINDS[kind]), day == today)
