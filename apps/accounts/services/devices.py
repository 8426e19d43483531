"""Devices: opened at sign-in, seen, revoked; and the refresh tokens of API clients."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core import realtime
from apps.core.errors import DomainError

from .. import tokens
from ..models import Device, RefreshToken, User

SEEN_EVERY = timedelta(minutes=5)
KEPT_AFTER_REVOKING = timedelta(days=90)


class SignedOut(DomainError):
    status = 401
    message = _("Log in again: this token is no longer valid.")


@dataclass(frozen=True)
class Client:
    """From where somebody signs in; the address only as a keyed hash."""

    user_agent: str = ""
    address_hash: str = ""
    # the device that this browser's signed cookie names, whoever it belongs to
    device_id: int | None = None


@dataclass(frozen=True)
class TokenPair:
    user: User
    access: str
    refresh: str


# ── Opening ───────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def sign_in_by_token(*, user: User, client: Client, at: datetime) -> TokenPair:
    """Open a device for an API client and hand out the family's first tokens.

    Raises SignedOut when the password was changed, or the account closed, since it was checked.
    """
    unchanged = User.objects.select_for_update(of=("self",)).filter(
        pk=user.pk, password=user.password, is_active=True
    )
    if not unchanged.exists():
        raise SignedOut
    device = open_device(user=user, client=client, at=at)
    return _tokens(device=device, user=user, parent=None, at=at)


@transaction.atomic
def open_device(*, user: User, client: Client, at: datetime, session_key: str = "") -> Device:
    return Device.objects.create(
        user=user,
        session_key=session_key,
        user_agent=client.user_agent[:300],
        address_hash=client.address_hash,
        created_at=at,
        seen_at=at,
    )


@transaction.atomic
def open_session(
    *, user: User, client: Client, session_key: str, at: datetime, replaces: int | None = None
) -> Device:
    """The device of a web session, instead of the one that the session had before it was renewed."""
    if replaces is not None:
        _revoke(Device.objects.filter(pk=replaces, user=user), at=at)
    return open_device(user=user, client=client, at=at, session_key=session_key)


# ── Tokens ────────────────────────────────────────────────────────────────────────────────────
def refresh_tokens(*, refresh: str, at: datetime) -> TokenPair:
    """A new pair for a refresh token that was never used; one used before ends the whole family."""
    pair = _rotate(refresh=refresh, at=at)
    if pair is None:
        raise SignedOut
    return pair


@transaction.atomic
def _rotate(*, refresh: str, at: datetime) -> TokenPair | None:
    """None for a refused token: an exception would undo the revoking of its family."""
    token_hash = tokens.hash_of(refresh)
    # of all who hold the token, one UPDATE finds it unused
    won = RefreshToken.objects.filter(
        token_hash=token_hash, used_at=None, expires_at__gt=at
    ).update(used_at=at)
    token = RefreshToken.objects.filter(token_hash=token_hash).first()
    if token is None:
        return None
    if not won:
        if token.used_at is not None:
            _revoke(Device.objects.filter(pk=token.device_id), at=at)
        return None
    device = (
        Device.objects.select_related("user")
        .filter(pk=token.device_id, revoked_at=None, user__is_active=True)
        .first()
    )
    if device is None:
        return None
    Device.objects.filter(pk=device.pk).update(seen_at=at)
    return _tokens(device=device, user=device.user, parent=token, at=at)


def _tokens(*, device: Device, user: User, parent: RefreshToken | None, at: datetime) -> TokenPair:
    refresh = secrets.token_urlsafe(32)
    RefreshToken.objects.create(
        device=device,
        token_hash=tokens.hash_of(refresh),
        parent=parent,
        created_at=at,
        expires_at=at + settings.REFRESH_TOKEN_LIFETIME,
    )
    access = tokens.access_token(user=user, device=device, at=at)
    return TokenPair(user=user, access=access, refresh=refresh)


# ── Seeing and ending ─────────────────────────────────────────────────────────────────────────
@transaction.atomic
def see_device(*, device_id: int, at: datetime) -> None:
    """Note a sign of life, once in SEEN_EVERY at most."""
    Device.objects.filter(pk=device_id, seen_at__lt=at - SEEN_EVERY).update(seen_at=at)


@transaction.atomic
def revoke_device(*, device: Device, at: datetime) -> None:
    """End a sign-in: session, tokens and sockets lose their right at once."""
    _revoke(Device.objects.filter(pk=device.pk), at=at)


@transaction.atomic
def revoke_every_device(*, user: User, at: datetime) -> None:
    _revoke(Device.objects.filter(user=user), at=at)


@transaction.atomic
def end_session(*, session_key: str, at: datetime) -> None:
    """What logging out on the site does to the session's device."""
    _revoke(Device.objects.filter(session_key=session_key), at=at)


def _revoke(devices: QuerySet[Device], *, at: datetime) -> None:
    live = devices.filter(revoked_at=None).select_for_update(of=("self",))
    found = list(live.order_by("pk").values_list("pk", "session_key"))
    Device.objects.filter(pk__in=[pk for pk, _key in found]).update(revoked_at=at)
    Session.objects.filter(session_key__in=[key for _pk, key in found if key]).delete()
    for pk, _key in found:
        realtime.disconnect(pk)


@transaction.atomic
def forget_old_devices(*, at: datetime) -> None:
    """Drop dead tokens and sessions, revoke what they leave without a way in, forget it later."""
    Session.objects.filter(expire_date__lt=at).delete()
    RefreshToken.objects.filter(expires_at__lt=at).delete()
    session = Session.objects.filter(session_key=OuterRef("session_key"))
    token = RefreshToken.objects.filter(device=OuterRef("pk"))
    _revoke(Device.objects.filter(~Q(Exists(session)), ~Q(Exists(token))), at=at)
    Device.objects.filter(revoked_at__lt=at - KEPT_AFTER_REVOKING).delete()
