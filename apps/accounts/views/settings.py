"""Settings: profile, language and time, security with devices."""

from collections.abc import Callable
from typing import Any

from django.contrib import auth, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.errors import DomainError
from apps.media.models import Purpose
from apps.media.services import store_upload

from .. import selectors, services
from ..forms import AvatarForm, EmailForm, Form, LanguageForm, PasswordForm, ProfileForm
from ..models import User
from ..rights import SignedInRequest
from ..sessions import client_of
from .sign_in import remember_language, sign_in

page = require_http_methods(["GET", "HEAD", "POST"])


def saved(form: Form, save: Callable[[dict[str, Any]], object]) -> int:
    """Do it if the form is right; 200 when it's done, else the status that says why not."""
    if not form.is_valid():
        return 422
    try:
        save(form.cleaned_data)
    except DomainError as error:
        return form.tell(error)
    return 200


# ── Profile ───────────────────────────────────────────────────────────────────────────────────
@page
def profile(request: SignedInRequest) -> HttpResponse:
    # a form fills its instance before it's valid; the header shows the person as stored
    form, status = ProfileForm(request.POST or None, instance=_copy(request.user)), 200
    if request.method == "POST":
        status = saved(form, lambda data: services.update_profile(user=request.user, changes=data))
        if status == 200:
            messages.success(request, _("Saved."))
            return redirect("accounts:settings")
    context = {"form": form, "avatar_form": AvatarForm()}
    return render(request, "accounts/settings_profile.html", context, status=status)


@require_POST
def avatar(request: SignedInRequest) -> HttpResponse:
    """Put a picture in the place of the old one, or take it away."""

    def save(data: dict[str, Any]) -> None:
        upload = store_upload(
            owner=request.user, file=data["file"], purpose=Purpose.AVATAR, at=timezone.now()
        )
        services.update_profile(user=request.user, changes={"avatar": upload})

    if "remove" in request.POST:
        services.update_profile(user=request.user, changes={"avatar": None})
        return redirect("accounts:settings")
    form = AvatarForm(request.POST, request.FILES)
    status = saved(form, save)
    if status == 200:
        messages.success(request, _("Saved."))
        return redirect("accounts:settings")
    context = {"form": ProfileForm(instance=_copy(request.user)), "avatar_form": form}
    return render(request, "accounts/settings_profile.html", context, status=status)


def _copy(user: User) -> User:
    return User.objects.get(pk=user.pk)


@page
def language(request: SignedInRequest) -> HttpResponse:
    user = request.user
    initial = {"locale": user.locale, "timezone": user.timezone}
    form, status = LanguageForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        status = saved(form, lambda data: services.update_profile(user=user, changes=data))
        if status == 200:
            with override(user.locale):
                messages.success(request, _("Saved."))
            response = redirect("accounts:language")
            remember_language(response, user.locale)
            return response
    return render(request, "accounts/settings_language.html", {"form": form}, status=status)


# ── Security ──────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD"])
def security(request: SignedInRequest) -> HttpResponse:
    return _security(request)


@sensitive_post_parameters()
@require_POST
def password(request: SignedInRequest) -> HttpResponse:
    """A new password signs out everywhere; this browser goes on in a fresh session."""
    form = PasswordForm(request.POST, auto_id="password_%s")
    status = saved(
        form,
        lambda data: services.change_password(
            user=request.user,
            old=data["old_password"],
            new=data["password"],
            client=client_of(request),
            at=timezone.now(),
        ),
    )
    if status != 200:
        return _security(request, password_form=form, status=status)
    response = sign_in(request, request.user, to="/settings/security/")
    messages.success(request, _("The new password is set. You were logged out elsewhere."))
    return response


@sensitive_post_parameters()
@require_POST
def email(request: SignedInRequest) -> HttpResponse:
    form = EmailForm(request.POST, auto_id="email_%s")
    status = saved(
        form,
        lambda data: services.change_email(
            user=request.user, client=client_of(request), at=timezone.now(), **data
        ),
    )
    if status != 200:
        return _security(request, email_form=form, status=status)
    text = _("Open the letter at %(email)s to finish.") % {"email": form.cleaned_data["email"]}
    messages.success(request, text)
    return redirect("accounts:security")


@require_POST
def sign_out_device(request: SignedInRequest, pk: int) -> HttpResponse:
    device = get_object_or_404(selectors.live_devices(request.user), pk=pk)
    if device.pk == request.session.get("device"):
        auth.logout(request)
        return redirect("accounts:login")
    services.revoke_device(device=device, at=timezone.now())
    messages.success(request, _("That device is logged out."))
    return redirect("accounts:security")


@require_POST
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    services.revoke_every_device(user=request.user, at=timezone.now())
    auth.logout(request)
    messages.success(request, _("You are logged out everywhere."))
    return redirect("accounts:login")


def _security(request: SignedInRequest, *, status: int = 200, **forms: Form) -> HttpResponse:
    context = {
        "password_form": PasswordForm(auto_id="password_%s"),
        "email_form": EmailForm(auto_id="email_%s"),
        "waiting_address": selectors.address_to_verify(request.user),
        "devices": selectors.live_devices(request.user),
        "this_device": request.session.get("device"),
        **forms,
    }
    return render(request, "accounts/settings_security.html", context, status=status)
