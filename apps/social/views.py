"""Following and blocking on the site, and the settings of profile and privacy."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import User
from apps.accounts.rights import SignedInRequest
from apps.accounts.selectors import person_shown
from apps.core.errors import DomainError
from apps.core.pagination import paginate
from apps.media.models import Purpose
from apps.media.services import store_upload

from . import selectors, services
from .forms import AboutForm, CoverForm, Form, PrivacyForm

BLOCKED = 50


@require_POST
def follow(request: SignedInRequest, username: str) -> HttpResponse:
    """Follow, or with `stop` no longer; htmx gets the button as it is now."""
    person = _person(request, username)
    follows = "stop" not in request.POST
    if follows:
        services.follow(follower=request.user, followed=person, at=timezone.now())
    else:
        services.unfollow(follower=request.user, followed=person)
    if not request.htmx:
        return redirect("profile", person.username)
    context = {
        "person": person,
        "follows": follows,
        "profile": selectors.profile_of(person),
        "is_row": "row" in request.POST,
        "is_answer": "row" not in request.POST,
    }
    return render(request, "social/_follow.html", context)


@require_POST
def block(request: SignedInRequest, username: str) -> HttpResponse:
    person = _person(request, username)
    services.block(blocker=request.user, blocked=person, at=timezone.now())
    text = _("%(name)s is blocked: neither of you sees or writes to the other.")
    messages.success(request, text % {"name": person_shown(person, request.user).name})
    return redirect("social:settings")


@require_POST
def unblock(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(selectors.blocks_of(request.user), pk=pk)
    services.unblock(blocker=request.user, blocked=row.blocked)
    messages.success(request, _("The block is lifted."))
    return redirect("social:settings")


# ── Settings ──────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: SignedInRequest) -> HttpResponse:
    """Two forms; `part` says which one was sent."""
    if request.method != "POST":
        return _settings(request)
    part = "privacy" if request.POST.get("part") == "privacy" else "about"
    form = (PrivacyForm if part == "privacy" else AboutForm)(request.POST)
    status = _saved(form, lambda data: services.change_profile(user=request.user, changes=data))
    if status != 200:
        return _settings(request, status=status, **{part: form})
    messages.success(request, _("Saved."))
    return redirect("social:settings")


@require_POST
def cover(request: SignedInRequest) -> HttpResponse:
    """Put a picture in the place of the old one, or take it away."""

    def save(data: dict[str, Any]) -> None:
        upload = store_upload(
            owner=request.user, file=data["file"], purpose=Purpose.BANNER, at=timezone.now()
        )
        services.change_profile(user=request.user, changes={"cover": upload})

    if "remove" in request.POST:
        services.change_profile(user=request.user, changes={"cover": None})
        return redirect("social:settings")
    form = CoverForm(request.POST, request.FILES)
    status = _saved(form, save)
    if status != 200:
        return _settings(request, status=status, cover_form=form)
    messages.success(request, _("Saved."))
    return redirect("social:settings")


def _settings(request: SignedInRequest, *, status: int = 200, **forms: Form) -> HttpResponse:
    profile = selectors.profile_of(request.user)
    stored = {**vars(profile), "is_profile_public": request.user.is_profile_public}
    page = paginate(
        selectors.blocks_of(request.user),
        ordering=selectors.LATEST,
        cursor=request.GET.get("cursor"),
        limit=BLOCKED,
    )
    if request.htmx and "cursor" in request.GET:
        return render(request, "social/_blocked_rows.html", {"page": page})
    context = {
        "profile": profile,
        "about": AboutForm(initial=stored),
        "privacy": PrivacyForm(initial=stored),
        "cover_form": CoverForm(),
        "page": page,
        **forms,
    }
    return render(request, "social/settings.html", context, status=status)


def _person(request: SignedInRequest, username: str) -> User:
    return get_object_or_404(selectors.people_left_by(request.user), username=username.lower())


def _saved(form: Form, save: Callable[[dict[str, Any]], object]) -> int:
    """Do it if the form is right; 200 when it's done, else the status that says why not."""
    if not form.is_valid():
        return 422
    try:
        save(form.cleaned_data)
    except DomainError as error:
        return form.tell(error)
    return 200
