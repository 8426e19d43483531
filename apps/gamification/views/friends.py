"""The streaks that somebody keeps with friends, for a page about something else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.models import User

from ..selectors.friends import friend_streaks

FIRST = 6


@require_GET
def friends(request: HttpRequest) -> HttpResponse:
    """Nothing for who follows nobody that follows them, too."""
    user: User = request.user  # type: ignore[assignment]
    found = friend_streaks(user, timezone.now())
    if not found:
        return HttpResponse()
    return render(
        request, "gamification/_friends.html", {"first": found[:FIRST], "others": found[FIRST:]}
    )
