"""What others see of a person."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.core.caching import public_for_visitors
from apps.core.errors import NotFound
from apps.learning.selectors.path import paths_of

from . import selectors

SHOWN = 24


@login_not_required
@require_safe
@public_for_visitors
def profile(request: HttpRequest, username: str) -> HttpResponse:
    person = User.objects.filter(username=username.lower(), is_active=True, erased_at=None).first()
    if person is None:
        raise NotFound
    is_self = person.pk == request.user.pk
    context = {
        "person": person,
        "is_self": is_self,
        "taught": selectors.courses_taught(person)[:SHOWN],
        "finished": selectors.courses_finished(person)[:SHOWN],
        # what somebody is learning just now is their own business
        "steps": _steps(person) if is_self else [],
    }
    return render(request, "pages/profile.html", context)


def _steps(person: User) -> list[selectors.Step]:
    return selectors.next_steps(paths_of(person, timezone.now()), limit=SHOWN)
