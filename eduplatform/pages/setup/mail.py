"""Mail: whether a server is named, and a letter to the one who asks."""

import smtplib

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.letters import Letter, message_of

from . import history
from .parts import Found, Part, State
from .words import without_secrets

KEY = "mail"
DEVELOPMENT = "apps.core.mail.DevelopmentMailBackend"


def parts() -> list[Part]:
    return [_server(), _sender()]


def fingerprint() -> str:
    return history.fingerprint(
        settings.EMAIL_BACKEND,
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        settings.EMAIL_HOST_USER,
        settings.EMAIL_HOST_PASSWORD,
        settings.EMAIL_USE_TLS,
        settings.EMAIL_USE_SSL,
    )


def _server() -> Part:
    state, text = _state_of_server()
    return Part(
        key=KEY,
        title=_("Mail server"),
        state=state,
        text=text,
        variables=("EMAIL_URL",),
        is_needed=True,
        trial=_("Send a test mail"),
        note=_("To your own address."),
    )


def _state_of_server() -> tuple[State, str]:
    if settings.EMAIL_BACKEND == DEVELOPMENT:
        return State.NOT_SET, _(
            "Mails go nowhere: they are kept in a folder and shown at /dev/mails/. People can’t "
            "confirm their address or get a new password."
        )
    name = {"host": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"}
    last = history.last_trial(KEY, fingerprint())
    if last is None:
        return State.UNTRIED, _("Mails go through %(host)s. Nobody has tried it yet.") % name
    if not last.is_ok:
        return State.BROKEN, _("Mails go through %(host)s, which refused the last test.") % name
    return State.WORKS, _("Mails go through %(host)s, which took the last test mail.") % name


def _sender() -> Part:
    is_set = "@example." not in settings.DEFAULT_FROM_EMAIL
    return Part(
        key="sender",
        title=_("Sender of mails"),
        state=State.WORKS if is_set else State.NOT_SET,
        text=_("Mails come from %(sender)s.") % {"sender": settings.DEFAULT_FROM_EMAIL}
        if is_set
        else _("Mails come from an address that isn’t yours, and will be taken for spam."),
        variables=("DEFAULT_FROM_EMAIL",),
        is_needed=True,
    )


def trial_letter() -> Letter:
    return Letter(
        subject=_("EduPlatform can send mail"),
        heading=_("Mail works"),
        text=_("People can confirm their address, choose a new password and be told what is new."),
        action=_("Open the setup"),
        url=settings.SITE_URL + reverse("admin:setup"),
        reason=_("You asked for this test on the setup page of %(site)s.")
        % {"site": settings.SITE_URL},
    )


def send(user: User) -> Found:
    """A letter to the user. What the mail server says to it is told as it is."""
    try:
        message_of(trial_letter(), to=user.email).send()
    except smtplib.SMTPAuthenticationError as error:
        return Found(
            False,
            _("The mail server refused user name or password: %(error)s. Look at EMAIL_URL.")
            % {"error": _words_of(error)},
            "credentials",
        )
    except smtplib.SMTPResponseException as error:
        text = _("The mail server refused the mail: %(error)s.") % {"error": _words_of(error)}
        return Found(False, text, "refused")
    except smtplib.SMTPRecipientsRefused:
        text = _("The mail server takes no mail for %(address)s.") % {"address": user.email}
        return Found(False, text, "recipient")
    except TimeoutError:
        text = _("The mail server didn’t answer within %(seconds)s seconds. Look at EMAIL_URL.")
        return Found(False, text % {"seconds": settings.EMAIL_TIMEOUT}, "timeout")
    except (smtplib.SMTPException, OSError, ValueError) as error:
        text = _("The mail server couldn’t be reached: %(error)s. Look at EMAIL_URL.")
        return Found(False, text % {"error": without_secrets(str(error))}, "unreachable")
    if settings.EMAIL_BACKEND == DEVELOPMENT:
        return Found(True, _("Kept in the folder: it is at /dev/mails/."), "kept")
    text = _("The mail server took the mail. Look into the inbox of %(address)s.")
    return Found(True, text % {"address": user.email})


def _words_of(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return without_secrets(f"{error.smtp_code} {words}")
