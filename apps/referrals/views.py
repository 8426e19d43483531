"""The page of invitations."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.core.pagination import paginate

from . import selectors, services
from .links import invitation_url

PAGE = 20
REWARDS = 8
LEADERS = 5


@require_GET
def referrals(request: HttpRequest) -> HttpResponse:
    """One's link, whom it brought, what that earned, and who invited most."""
    user: User = request.user  # type: ignore[assignment]
    page = paginate(
        selectors.referrals_of(user),
        ordering=selectors.ORDERING,
        cursor=request.GET.get("cursor"),
        limit=PAGE,
    )
    if request.htmx and "cursor" in request.GET:
        return render(request, "referrals/_rows.html", {"page": page})
    code = services.own_code(user=user, at=timezone.now())
    url = invitation_url(request, code)
    rules = services.rules_in_force()
    own = selectors.place_of(user)
    leaders = selectors.leaders()[:LEADERS]
    context = {
        "page": page,
        "code": code,
        "url": url,
        "letter": _letter(url),
        "summary": selectors.summary_of(user),
        "rewards": selectors.rewards_of(user)[:REWARDS],
        "next_milestone": selectors.next_milestone(user),
        "joined": next((rule for rule in rules if rule.cause == "joined"), None),
        "first_course": next((rule for rule in rules if rule.cause == "first_course"), None),
        "milestones": [rule for rule in rules if rule.cause == "milestone"],
        "leaders": leaders,
        "own": own,
        "is_among_leaders": any(place.user.pk == user.pk for place in leaders),
    }
    return render(request, "referrals/referrals.html", context)


def _letter(url: str) -> str:
    """The address that opens a letter with the link."""
    subject = _("Learn with me on EduPlatform")
    text = _("Here is my invitation to EduPlatform: %(url)s") % {"url": url}
    return f"mailto:?subject={quote(subject)}&body={quote(text)}"


@require_POST
def new_code(request: HttpRequest) -> HttpResponse:
    services.generate_code(user=request.user, at=timezone.now())
    messages.success(request, _("Here is a new code. The old one works until it expires."))
    return redirect("referrals:page")
