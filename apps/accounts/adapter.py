"""How allauth's sign-in and social accounts reach our services."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from . import services
from .models import User


class AccountAdapter(DefaultAccountAdapter):
    """allauth runs the stages of a sign-in; limits, devices, mails and words are ours."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened themselves."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Whoever opened an account with an address that was never theirs is put out."""
        if sociallogin.is_existing and not sociallogin.user.email_verified:
            services.revoke_every_device(user=sociallogin.user, at=timezone.now())

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """The account of somebody who comes by Google, Apple or Telegram for the first time."""
        user: User = sociallogin.user
        email = next((row for row in sociallogin.email_addresses if row.primary), None)
        services.open_social_account(
            user=user,
            email_verified=bool(email and email.verified),
            locale=get_language() or "en",
            at=timezone.now(),
        )
        # the account and its address are there already: only the link is missing
        sociallogin.save(request, connect=True)
        return user
