"""The last mails of a development or demo installation, which sends none."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.core import mail
from apps.core.errors import NotFound

SHOWN = 30
BORDER = b"-" * 79  # what Django's file backend writes after each message


@dataclass(frozen=True)
class Mail:
    """`id` is the file's name and the place in it."""

    id: str
    subject: str
    to: str
    sent_at: datetime | None
    text: str
    html: str


@login_not_required
@require_safe
@csp_update({"frame-src": [SELF]})
def mails(request: HttpRequest) -> HttpResponse:
    """?mail=<id> opens one; else the newest."""
    _refuse_elsewhere()
    found = _last_mails(mail.FOLDER)
    chosen = request.GET.get("mail", "")
    opened = next((each for each in found if each.id == chosen), found[0] if found else None)
    return render(request, "pages/dev/mails.html", {"mails": found, "opened": opened})


@login_not_required
@require_safe
@xframe_options_sameorigin
@csp_replace(
    {
        "default-src": [NONE],
        "style-src": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-popups"],
    }
)
def mail_html(request: HttpRequest, mail_id: str) -> HttpResponse:
    """The HTML part by itself, for the frame of the page above."""
    _refuse_elsewhere()
    for each in _last_mails(mail.FOLDER):
        if each.id == mail_id and each.html:
            return HttpResponse(each.html)
    raise NotFound


def _refuse_elsewhere() -> None:
    if not (settings.DEBUG or settings.DEMO_MODE):
        raise NotFound


def _last_mails(folder: Path) -> list[Mail]:
    """Newest first."""
    found: list[Mail] = []
    for file in sorted(folder.glob("*.log"), reverse=True):
        parts = [part.strip() for part in file.read_bytes().split(BORDER)]
        numbered = [(f"{file.stem}.{n}", part) for n, part in enumerate(parts) if part]
        found += [_mail(mail_id, part) for mail_id, part in reversed(numbered)]
        if len(found) >= SHOWN:
            break
    return found[:SHOWN]


def _mail(mail_id: str, raw: bytes) -> Mail:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    sent_at = message["Date"].datetime if message["Date"] else None
    if sent_at and sent_at.tzinfo is None:  # "-0000": UTC from nowhere in particular
        sent_at = sent_at.replace(tzinfo=UTC)
    return Mail(
        id=mail_id,
        subject=message.get("Subject", ""),
        to=message.get("To", ""),
        sent_at=sent_at,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return part.get_content() if part else ""
