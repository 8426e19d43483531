"""The mails of sign-in."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from apps.core import jobs

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
    to, url = user.email, ""
    if address is not None:
        row = EmailAddress.objects.filter(pk=address, user=user, verified=False).first()
        if row is None:  # verified or given up meanwhile
            return
        to, url = row.email, _url("verify_email", keys.verification_key(row))
    elif mail == "reset_password":
        url = _url("reset_password", keys.reset_key(user))
    with translation.override(user.locale):
        _message(mail, to=to, context={"user": user, "url": url, "site": settings.SITE_URL}).send()


def _message(mail: str, *, to: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    path = f"accounts/email/{mail}"
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"{path}_subject.txt", context).split()),
        body=render_to_string(f"{path}.txt", context),
        to=[to],
    )
    message.attach_alternative(render_to_string(f"{path}.html", context), "text/html")
    return message


def _url(name: str, key: str) -> str:
    return settings.SITE_URL + reverse(f"accounts:{name}", args=[key])
