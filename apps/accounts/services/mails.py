"""The mails of sign-in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from apps.core import jobs
from apps.core.letters import Letter, message_of

from .. import keys
from ..models import User

MAIL_JOB = "accounts.mail"


def ask_for_mail(*, user: User, mail: str, at: datetime, **args: Any) -> None:
    """Have a mail sent after the commit, by a job: a mail server that fails undoes nothing."""
    jobs.start(kind=MAIL_JOB, owner=user, args={"mail": mail, **args}, at=at)


def send_mail(*, user_id: int, mail: str, address: int | None = None) -> None:
    """Write the mail in its reader's language and hand it to the mail server.

    `address` is the EmailAddress to be verified; keys are made here, so that none is stored.
    """
    user = User.objects.get(pk=user_id)
    to, url = user.email, settings.SITE_URL + reverse("accounts:forgot_password")
    if address is not None:
        row = EmailAddress.objects.filter(pk=address, user=user, verified=False).first()
        if row is None:  # verified or given up meanwhile
            return
        to, url = row.email, _url("verify_email", keys.verification_key(row))
    elif mail == "reset_password":
        url = _url("reset_password", keys.reset_key(user))
    with translation.override(user.locale):
        message_of(LETTERS[mail](url), to=to).send()


def _url(name: str, key: str) -> str:
    return settings.SITE_URL + reverse(f"accounts:{name}", args=[key])


# Nobody's name stands in them: a stranger could write anything to others through our mails.
def _verify_email(url: str) -> Letter:
    return Letter(
        subject=_("Confirm your e-mail address"),
        heading=_("One last step"),
        text=_(
            "You opened an account at EduPlatform with this address. Confirm that it is yours, so "
            "that we can reach you and you can always get back in."
        ),
        action=_("Confirm the address"),
        url=url,
        shows_url=True,
        reason=_(
            "The link works for three days. If it wasn’t you, do nothing: without it the address "
            "stays unconfirmed."
        ),
    )


def _change_email(url: str) -> Letter:
    return Letter(
        subject=_("Confirm your new e-mail address"),
        heading=_("Your new address"),
        text=_(
            "Confirm this address, and your EduPlatform account will move to it. Until then the "
            "old one stays."
        ),
        action=_("Confirm the new address"),
        url=url,
        shows_url=True,
        reason=_("The link works for three days. If you didn’t ask for this, do nothing."),
    )


def _reset_password(url: str) -> Letter:
    return Letter(
        subject=_("Choose a new password"),
        heading=_("A new password"),
        text=_(
            "Somebody, we hope you, asked for a new password for this account. Choose it by the "
            "button below; you will be logged out everywhere else."
        ),
        action=_("Set a new password"),
        url=url,
        shows_url=True,
        reason=_(
            "The link works once, for 30 minutes. If you didn’t ask for it, do nothing: your "
            "password stays as it is."
        ),
    )


def _password_changed(url: str) -> Letter:
    return Letter(
        subject=_("Your password was changed"),
        heading=_("Your password was changed"),
        text=_(
            "The password of your EduPlatform account has just been changed, and all other devices "
            "were logged out.\n\nWas it you? Then all is well. If not, choose a new password at "
            "once: that locks everybody else out."
        ),
        action=_("Set a new password"),
        url=url,
        reason=_("We always write when a password changes, so that nobody does it behind you."),
    )


LETTERS: dict[str, Callable[[str], Letter]] = {
    "verify_email": _verify_email,
    "change_email": _change_email,
    "reset_password": _reset_password,
    "password_changed": _password_changed,
}
