"""The first-run page of the admin, its test buttons, and its notice on the admin's first page."""

import time
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.core import limits
from apps.core.errors import DomainError, TooMany

from . import history, overview
from .parts import Found, Part, State

TRIALS, PER = 20, timedelta(minutes=5)  # of one person
FOUND = "setup-found"  # in the session: what one's own trials found


def admin_of(request: HttpRequest) -> User:
    user = request.user
    if not (isinstance(user, User) and user.is_admin):
        raise PermissionDenied
    return user


@require_safe
def setup(request: HttpRequest) -> HttpResponse:
    admin_of(request)
    sections = overview.sections()
    every = [part for section in sections for part in section.parts]
    left = [part for part in every if part.is_open]
    found = {
        key: {**entry, "at": parse_datetime(entry["at"])}
        for key, entry in request.session.get(FOUND, {}).items()
    }
    needed = [part for part in every if part.is_needed and part.state != State.YOURS]
    context = {
        **admin.site.each_context(request),
        "title": _("Setup"),
        "sections": [
            (section.title, [(part, found.get(part.key)) for part in section.parts])
            for section in sections
        ],
        "left": left,
        "done": len(needed) - len(left),
        "needed": len(needed),
        "is_dismissed": bool(left) and {part.key for part in left} <= history.dismissed(),
    }
    return render(request, "admin/setup.html", context)


@require_POST
def try_part(request: HttpRequest, key: str) -> HttpResponse:
    """Try the part, note it in the audit log, and show what was found at its line."""
    user = admin_of(request)
    trial = overview.trial_of(key)
    try:
        limits.take(bucket=f"setup:{user.pk}", limit=TRIALS, per=PER)
    except TooMany:
        messages.error(request, _("Too many tests in a row. Wait a few minutes."))
        return redirect("admin:setup")
    started = time.monotonic()
    try:
        found = trial.make(user)
    except DomainError as error:
        found = Found(False, str(error), "refused")
    now = timezone.now()
    took = round((time.monotonic() - started) * 1000)
    history.note_trial(by=user, key=key, code=found.code, of=trial.of, milliseconds=took, at=now)
    entry = {"is_ok": found.is_ok, "text": found.text, "at": now.isoformat()}
    request.session[FOUND] = {**request.session.get(FOUND, {}), key: entry}
    return redirect(f"{reverse('admin:setup')}#{key}")


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """Hide the notice until something else comes to be missing; with `show`, bring it back."""
    user = admin_of(request)
    if "show" in request.POST:
        history.show_again(by=user, at=timezone.now())
    else:
        left = [part.key for part in overview.open_parts()]
        history.dismiss(by=user, left=left, at=timezone.now())
    return redirect("admin:setup" if "show" in request.POST else "admin:index")


def notice(request: HttpRequest) -> list[Part]:
    """What the admin's first page reminds of: nothing once all is there, or dismissed."""
    user: Any = request.user
    if not user.is_admin:
        return []
    left = overview.open_parts()
    return left if {part.key for part in left} - history.dismissed() else []


urlpatterns: list[URLPattern] = [
    path("setup/", admin.site.admin_view(setup), name="setup"),
    path("setup/dismiss/", admin.site.admin_view(dismiss), name="setup_dismiss"),
    path("setup/try/<slug:key>/", admin.site.admin_view(try_part), name="setup_try"),
]
