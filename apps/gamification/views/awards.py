"""One's own awards: level, streak, calendar, shelf; and one badge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from babel.dates import format_date
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_safe

from apps.accounts.rights import SignedInRequest
from apps.core.errors import NotFound
from apps.core.templatetags.ui import percent
from apps.social.selectors import profile_of

from ..heat import LONG, SHORT, heat_of
from ..models import Habit
from ..selectors import habits, shelf
from ..selectors.boards import course_shown
from ..selectors.calendar import CalendarDay, calendar_of
from ..wording import KINDS

LAST_DAYS = 14
SUMS = ("lessons", "quizzes", "reviews", "comments", "minutes", "points")


@dataclass(frozen=True)
class MonthRow:
    name: str
    days: int
    lessons: int
    quizzes: int
    reviews: int
    comments: int
    minutes: int
    points: int


@require_safe
def awards(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    habit = habits.habit_of(request.user)
    if not habit.is_on:
        return render(request, "gamification/off.html")
    summary = habits.summary_of(request.user, now, habit)
    days = year_of(request.user, habit, summary.today)
    groups = shelf.shelf_of(request.user, habit)
    context = {
        "summary": summary,
        "next_level": summary.level + 1,
        "streak": summary.streak,
        "goal": habits.goal_of(habit, summary.today),
        "begun": [group for group in groups if group.earned],
        "ahead": [group for group in groups if not group.earned],
        "board": course_shown(request.user),
        "months": list(_months(days)),
        "last_days": [(day, KINDS[day.kind]) for day in days[: -LAST_DAYS - 1 : -1]],
        **drawn(days, habit),
    }
    return render(request, "gamification/awards.html", context)


@require_safe
def award(request: SignedInRequest, slug: str) -> HttpResponse:
    habit = habits.habit_of(request.user)
    held = shelf.held_badge(request.user, habit, slug) if habit.is_on else None
    if held is None:
        raise NotFound
    share = percent(round(held.share, 1 if held.share < 10 else 0)) if held.share else ""
    context = {
        "held": held,
        "share": share,
        "shows_badges": profile_of(request.user).show_badges and request.user.is_profile_public,
    }
    return render(request, "gamification/award.html", context)


def year_of(user: Any, habit: Habit, today: date) -> list[CalendarDay]:
    """Whole weeks up to today."""
    since = today - timedelta(days=today.weekday() + 7 * (LONG - 1))
    return calendar_of(user, habit, since=since, until=today, today=today, at=timezone.now())


def drawn(days: Sequence[CalendarDay], habit: Habit) -> dict[str, Any]:
    """The year as two pictures, for a desk and for a phone."""
    active = sum(day.kind == "studied" for day in days)
    text = ngettext(
        "Study over the last year: %(n)d active day", "Study over the last year: %(n)d active days",
        active,
    )  # fmt: skip
    kinds = {day.kind for day in days}
    return {
        "maps": [heat_of(days, goal=habit.daily_goal, weeks=weeks) for weeks in (LONG, SHORT)],
        "heat_label": text % {"n": active},
        "active_days": active,
        "legend": [(kind, KINDS[kind]) for kind in ("rest", "frozen", "repaired") if kind in kinds],
    }


def _months(days: Sequence[CalendarDay]) -> Iterable[MonthRow]:
    """The latest first; those without anything are left out."""
    by_month = groupby(reversed(days), key=lambda day: (day.day.year, day.day.month))
    for (year, month), group in by_month:
        rows = list(group)
        sums = {name: sum(getattr(row, name) for row in rows) for name in SUMS}
        if any(sums.values()):
            name = format_date(date(year, month, 1), "LLLL y", locale=get_language() or "en")
            studied = sum(row.kind == "studied" for row in rows)
            yield MonthRow(name=name.capitalize(), days=studied, **sums)
