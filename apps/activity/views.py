"""The feed, its few newest rows on Today, and what one person did, on their profile."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.accounts.models import User
from apps.core.pagination import Page

from . import selectors, wording
from .models import FeedEntry

PAGE = 20
NEWEST = 4
ON_PROFILE = 8
SUGGESTED = 6


def _told(page: Page[FeedEntry], *, named: bool) -> dict[str, Any]:
    """The page's entries with their words and where they lead."""
    say = wording.after_name if named else wording.alone
    rows = [
        {
            "entry": entry,
            "text": say(entry),
            "url": wording.url_of(entry),
            "icon": wording.ICONS[entry.kind],
        }
        for entry in page.items
    ]
    return {"rows": rows, "next": page.next}


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    page = selectors.feed_of(user, cursor=request.GET.get("cursor"), limit=PAGE)
    context = _told(page, named=True)
    if request.htmx and "cursor" in request.GET:
        return render(request, "activity/_rows.html", context)
    context["suggested"] = selectors.people_to_follow(user, count=SUGGESTED)
    return render(request, "activity/feed.html", context)


@require_GET
def summary(request: HttpRequest) -> HttpResponse:
    """For Today: the newest few; nothing for who follows nobody."""
    user: User = request.user  # type: ignore[assignment]
    if not selectors.follows_somebody(user):
        return HttpResponse()
    page = selectors.feed_of(user, cursor=None, limit=NEWEST)
    return render(request, "activity/_summary.html", _told(page, named=True))


@login_not_required
@require_GET
def person(request: HttpRequest, username: str) -> HttpResponse:
    """What somebody did: a page, and for htmx a section of the profile, or more rows of either."""
    found = selectors.get_active_person(username, request.user)
    is_section = bool(request.htmx) and "cursor" not in request.GET
    page = selectors.entries_of(
        found,
        request.user,
        cursor=request.GET.get("cursor"),
        limit=ON_PROFILE if is_section else PAGE,
    )
    context = _told(page, named=False) | {"person": found}
    if is_section:
        return render(request, "activity/_section.html", context)
    if request.htmx:
        return render(request, "activity/_own_rows.html", context)
    return render(request, "activity/person.html", context)
