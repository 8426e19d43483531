"""The pages for getting in: sign-in, registration, verification, a forgotten password."""

from datetime import timedelta

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.errors import DomainError
from apps.core.limits import take_for_address

from .. import invitations, keys, services
from ..forms import ForgotPasswordForm, Form, NewPasswordForm, SignInForm, SignUpForm
from ..models import User
from ..rights import SignedInRequest
from ..sessions import client_of, remember_device

MINUTE = timedelta(minutes=1)
page = require_http_methods(["GET", "HEAD", "POST"])


def next_url(request: HttpRequest, default: str = settings.LOGIN_REDIRECT_URL) -> str:
    """Where `next` points to, if that is a page of ours; a bare word would be taken for a view's name."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else default


def sign_in(
    request: HttpRequest, user: User, *, to: str = "", remember: bool = True
) -> HttpResponse:
    """Open the web session and go on."""
    response: HttpResponse = perform_login(request, user, redirect_url=to or next_url(request))
    if not remember:
        request.session.set_expiry(0)
    remember_device(request, response)
    return response


@login_not_required
@sensitive_post_parameters("password")
@page
def login(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(next_url(request))
    form, status = SignInForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                take_for_address(request=request, action="login", limit=30, per=MINUTE)
                user = services.check_credentials(
                    email=form.cleaned_data["email"],
                    password=form.cleaned_data["password"],
                    client=client_of(request),
                    at=timezone.now(),
                )
                return sign_in(request, user, remember=form.cleaned_data["remember"])
            except DomainError as error:
                status = form.tell(error)
    return render(request, "accounts/login.html", _entry(request, form), status=status)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_not_required
@sensitive_post_parameters("password")
@page
def sign_up(request: HttpRequest) -> HttpResponse:
    """A new account; an invitation comes in the address, or in the cookie of an earlier page."""
    if request.user.is_authenticated:
        return redirect(next_url(request))
    form, status = (
        SignUpForm(request.POST or None, initial={"role": request.GET.get("role", "student")}),
        200,
    )
    code = invitations.code_of(request)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                take_for_address(request=request, action="register", limit=20, per=MINUTE)
                user = services.register(
                    **form.cleaned_data,
                    locale=translation.get_language() or "en",
                    invitation=invitations.invitation_to(
                        code=code, email=form.cleaned_data["email"], request=request
                    ),
                    at=timezone.now(),
                )
                return sign_in(request, user, to="/teach/apply/" if user.is_teacher else "")
            except DomainError as error:
                status = form.tell(error)
    context = {"code": code, "inviter": invitations.inviter_of(code), **_entry(request, form)}
    return render(request, "accounts/sign_up.html", context, status=status)


def _entry(request: HttpRequest, form: Form) -> dict[str, object]:
    return {
        "form": form,
        "next": next_url(request, ""),
        "providers": settings.SOCIALACCOUNT_PROVIDERS,
    }


# ── Verification ──────────────────────────────────────────────────────────────────────────────
@login_not_required
@page
def verify_email(request: HttpRequest, key: str) -> HttpResponse:
    """A button rather than a bare link: programs that read mails open links."""
    address = keys.address_of_key(key)
    if address is None:
        return render(request, "accounts/link_expired.html", {"kind": "verify"}, status=410)
    if request.method == "POST":
        take_for_address(request=request, action="verify", limit=30, per=MINUTE)
        services.verify_email(key=key, at=timezone.now())
        messages.success(request, _("Thank you, your address is confirmed."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/verify_email.html", {"address": address})


@require_POST
def resend_verification(request: SignedInRequest) -> HttpResponse:
    services.ask_for_verification(user=request.user, at=timezone.now())
    messages.success(
        request, _("The letter is on its way to %(email)s.") % {"email": request.user.email}
    )
    return redirect(next_url(request))


# ── A forgotten password ──────────────────────────────────────────────────────────────────────
@login_not_required
@page
def forgot_password(request: HttpRequest) -> HttpResponse:
    form, status = ForgotPasswordForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                take_for_address(request=request, action="reset", limit=10, per=MINUTE)
                services.ask_for_reset(email=form.cleaned_data["email"])
                return render(request, "accounts/reset_sent.html", form.cleaned_data)
            except DomainError as error:
                status = form.tell(error)
    return render(request, "accounts/forgot_password.html", {"form": form}, status=status)


@login_not_required
@sensitive_post_parameters("password")
@page
def reset_password(request: HttpRequest, key: str) -> HttpResponse:
    user = keys.user_of_reset_key(key)
    if user is None:
        return render(request, "accounts/link_expired.html", {"kind": "reset"}, status=410)
    form, status = NewPasswordForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                take_for_address(request=request, action="reset", limit=10, per=MINUTE)
                user = services.reset_password(
                    key=key, password=form.cleaned_data["password"], at=timezone.now()
                )
                messages.success(
                    request, _("The new password is set. You were logged out elsewhere.")
                )
                return sign_in(request, user)
            except DomainError as error:
                status = form.tell(error)
    return render(
        request, "accounts/reset_password.html", {"form": form, "email": user.email}, status=status
    )


# ── Language ──────────────────────────────────────────────────────────────────────────────────
@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """For the account, when there is one, and for this browser."""
    language = request.POST.get("language", "")
    response = redirect(next_url(request, "/"))
    if language in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            services.set_locale(user=request.user, locale=language)
        remember_language(response, language)
    return response


def remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
