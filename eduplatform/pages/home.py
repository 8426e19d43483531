"""The address /: the landing page for visitors, today's page for everybody who is signed in."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.accounts.rights import has_right
from apps.core.caching import public_for_visitors
from apps.courses.models import Course, CourseStatus
from apps.enrollment.selectors import seats_of
from apps.learning.selectors import path
from apps.learning.selectors.cards import due_now
from apps.notifications.selectors import last_notifications_of
from apps.onboarding.selectors import welcome_of
from apps.onboarding.way import note_way, wants_elsewhere

from ..context import count_cards_due
from . import selectors
from .landing.page import landing

STEPS = 5
POPULAR = 4
FINISHED = 3


@login_not_required
@require_safe
@public_for_visitors
def home(request: HttpRequest) -> HttpResponse:
    return _today(request) if request.user.is_authenticated else landing(request)


def _today(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    now = timezone.localtime()
    paths = path.paths_of(user, now)
    has_begun = bool(paths) or seats_of(user).exists()
    welcome = welcome_of(
        user,
        now,
        has_seat=has_begun,
        has_learnt=any(way.seat.completed_lessons for way in paths),
        wants_elsewhere=wants_elsewhere(request),
    )
    if welcome.leads:
        return redirect("onboarding:welcome")
    if welcome.is_under_way:
        note_way(request)
    steps = selectors.next_steps(paths, limit=STEPS)
    due = due_now(user, now)
    count_cards_due(request, due.count)
    step = path.next_step_on(user, paths, due, now)
    first = next((each for each in steps if step and each.lesson == step.lesson), None)
    way = next((way for way in paths if way.ahead and way.has_concepts), None)
    teaching = _teaching(user)
    context = {
        "now": now,
        "greeting": _greeting(now, user.get_short_name()),
        "step": step,
        "first_step": first,
        "further_steps": [each for each in steps if each is not first or step.kind != "lesson"],
        "way": way,
        "strip": path.strip_of(way, now) if way else [],
        "finished": selectors.lately_finished(paths)[:FINISHED],
        "has_begun": has_begun,
        "is_invited": welcome.invites,
        "recommended": [] if len(steps) > 1 else _recommended(user),
        "news": last_notifications_of(user),
        "teaching": teaching,
        "begins_to_teach": bool(
            teaching and not has_begun and not teaching["published"] and not teaching["drafts"]
        ),
    }
    return render(request, "pages/today.html", context)


def _recommended(user: User) -> list[Course]:
    """Popular ones that the person neither learns nor teaches."""
    known = set(seats_of(user).values_list("course_id", flat=True))
    courses = selectors.popular_courses(count=POPULAR * 3)
    fresh = [each for each in courses if each.pk not in known and each.owner_id != user.pk]
    return fresh[:3]


def _teaching(user: User) -> dict[str, Any] | None:
    """A teacher's courses at a glance."""
    if not has_right(user, "course.create"):
        return None
    return Course.objects.filter(owner=user).aggregate(
        published=Count("pk", filter=Q(status=CourseStatus.PUBLISHED)),
        drafts=Count("pk", filter=Q(status=CourseStatus.DRAFT)),
        students=Sum("student_count", default=0),
    )


def _greeting(now: datetime, name: str) -> str:
    if 5 <= now.hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if 12 <= now.hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    if 18 <= now.hour < 23:
        return _("Good evening, %(name)s") % {"name": name}
    return _("Good night, %(name)s") % {"name": name}
