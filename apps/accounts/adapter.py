"""How allauth's sign-in and social accounts reach our services."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language

from . import invitations, services
from .models import User


class AccountAdapter(DefaultAccountAdapter):
    """allauth runs the stages of a sign-in; limits, devices, mails and words are ours."""

    def post_login(
        self, request: HttpRequest, user: Any, *, redirect_url: str | None, **kwargs: Any
    ) -> HttpResponse:
        """Who is on the way to a page of their own choosing isn't led elsewhere before the end
        of the session."""
        if redirect_url and redirect_url != settings.LOGIN_REDIRECT_URL:
            request.session["came_for"] = True
        return super().post_login(request, user, redirect_url=redirect_url, **kwargs)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened themselves."""

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Only a provider brings somebody here whose account is closed."""
        return redirect("socialaccount_login_error")


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account whose address the provider has verified.

        An address that somebody asked to move to, and hasn't proved, opens nothing.
        """
        for row in sociallogin.email_addresses:
            email = User.objects.normal_email(row.email)
            user = User.objects.filter(email=email).first() if row.verified else None
            if user is not None:
                return user, email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Whoever opened an account with an address that was never theirs is put out."""
        found_by_address = sociallogin.is_existing and sociallogin.account.pk is None
        if found_by_address and not sociallogin.user.email_verified:
            services.hand_over(user=sociallogin.user, at=timezone.now())

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """The account of somebody who comes by Google, Apple or Telegram for the first time."""
        user: User = sociallogin.user
        email = next((row for row in sociallogin.email_addresses if row.primary), None)
        services.open_social_account(
            user=user,
            email_verified=bool(email and email.verified),
            locale=get_language() or "en",
            at=timezone.now(),
            invitation=invitations.invitation_to(
                code=invitations.code_of(request), email=user.email, request=request
            ),
        )
        # the account and its address are there already: only the link is missing
        sociallogin.save(request, connect=True)
        return user
