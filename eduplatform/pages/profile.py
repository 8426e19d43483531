"""What others see of a person, and who follows whom."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.core.pagination import paginate
from apps.gamification.selectors.shown import habit_shown
from apps.gamification.views.awards import drawn, year_of
from apps.learning.selectors.path import paths_of
from apps.messaging.selectors import may_write_to
from apps.social import selectors as social
from apps.social.links import shown_link
from apps.social.models import Profile

from . import people, selectors

SHOWN = 24
PEOPLE = 24
BADGES = 8


# Kept by no shared cache: a switch, or a block, holds from the next look on.
@login_not_required
@require_safe
def profile(request: HttpRequest, username: str) -> HttpResponse:
    person = people.get_person(request.user, username)
    shown = people.shown_profile(request.user, person)
    lists = shown.shows_courses
    context = {
        "person": person,
        "shown": shown,
        "profile": shown.profile,
        "is_self": shown.is_self,
        "links": _links(shown.profile),
        "taught": selectors.courses_taught(person)[:SHOWN] if lists else [],
        "finished": selectors.courses_finished(person)[:SHOWN] if lists else [],
        # what somebody is learning just now is their own business
        "steps": _steps(person) if shown.is_self else [],
        **_habit(shown, request.user),
        **_between(request.user, person),
    }
    return render(request, "pages/profile.html", context)


@login_not_required
@require_safe
def followers(request: HttpRequest, username: str) -> HttpResponse:
    person = people.get_person(request.user, username)
    return _people(request, person, social.followers_of(person, request.user), "follower")


@login_not_required
@require_safe
def following(request: HttpRequest, username: str) -> HttpResponse:
    person = people.get_person(request.user, username)
    return _people(request, person, social.followed_by(person, request.user), "followed")


def _people(request: HttpRequest, person: User, follows: Any, side: str) -> HttpResponse:
    page = paginate(follows, ordering=social.LATEST, cursor=request.GET.get("cursor"), limit=PEOPLE)
    context = {
        "person": person,
        "profile": social.profile_of(person),
        "is_self": person.pk == request.user.pk,
        "people": [getattr(row, side) for row in page.items],
        "page": page,
        "side": side,
    }
    name = "pages/_people_rows.html" if request.htmx else "pages/people.html"
    return render(request, name, context)


def _links(profile: Profile) -> list[tuple[str, str]]:
    """(what is read, address): the website by its address, networks by their names."""
    named = [
        (shown_link(profile.website), profile.website),
        ("LinkedIn", profile.linkedin_url),
        ("GitHub", profile.github_url),
        ("X", profile.twitter_url),
    ]
    return [(name, url) for name, url in named if url]


def _between(viewer: Any, person: User) -> dict[str, Any]:
    """What the viewer may do with the person: nothing as a visitor or with themselves."""
    if not viewer.is_authenticated or viewer.pk == person.pk:
        return {}
    return {
        "follows": social.is_following(viewer.pk, person.pk),
        "may_write": may_write_to(viewer, person),
    }


def _habit(shown: people.Shown, viewer: Any) -> dict[str, Any]:
    """Level, points and badges where badges are shown, the days of the year where activity is too."""
    found = None
    if shown.shows_badges:
        found = habit_shown(shown.person, viewer, timezone.now())
    if found is None or not found.summary.xp:
        return {}
    context = {
        "habit": found.summary,
        "badges": found.badges[:BADGES],
        "badge_count": len(found.badges),
    }
    if shown.shows_activity:
        days = year_of(shown.person, found.habit, found.summary.today)
        context |= drawn(days, found.habit)
    return context


def _steps(person: User) -> list[selectors.Step]:
    return selectors.next_steps(paths_of(person, timezone.now()), limit=SHOWN)
