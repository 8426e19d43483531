"""What was tried and dismissed before: read from the audit log, in which it stands anyway."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac

from apps.accounts.models import User
from apps.core import audit
from apps.core.models import AuditEntry

TRIED = "setup.tried"
DISMISSED = "setup.dismissed"
SHOWN = "setup.shown"


@dataclass(frozen=True)
class Trial:
    is_ok: bool
    at: datetime


def fingerprint(*values: object) -> str:
    """Changes with the settings that a trial was made with, and gives none of them away."""
    return salted_hmac("eduplatform.setup", repr(values)).hexdigest()[:12]


def note_trial(*, by: User, key: str, code: str, of: str, milliseconds: int, at: datetime) -> None:
    details: dict[str, Any] = {"key": key, "code": code, "of": of, "ms": milliseconds}
    audit.record(actor=by, action=TRIED, target=None, at=at, **details)


def last_trial(key: str, of: str) -> Trial | None:
    """The last trial of the part with these settings; one with others says nothing about them."""
    entries = AuditEntry.objects.filter(action=TRIED, details__key=key).order_by("-id")
    entry = entries.first()
    if entry is None or entry.details["of"] != of:
        return None
    return Trial(entry.details["code"] == "ok", entry.at)


def dismiss(*, by: User, left: list[str], at: datetime) -> None:
    """Show the notice no more, unless something else than `left` comes to be missing."""
    audit.record(actor=by, action=DISMISSED, target=None, at=at, left=left)


def show_again(*, by: User, at: datetime) -> None:
    audit.record(actor=by, action=SHOWN, target=None, at=at)


def dismissed() -> set[str]:
    """Keys of the parts that nobody wants to be reminded of."""
    entries = AuditEntry.objects.filter(action__in=[DISMISSED, SHOWN]).order_by("-id")
    entry = entries.first()
    return set(entry.details["left"]) if entry and entry.action == DISMISSED else set()
