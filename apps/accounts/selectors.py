"""Everything that is read about people and their devices."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from . import tokens
from .models import Device, TeacherApplication, User


def live_devices(user: User) -> QuerySet[Device]:
    """Where the user is signed in, most recently seen first."""
    return Device.objects.filter(user=user, revoked_at=None).order_by("-seen_at", "-pk")


def user_of_device(device_id: int | None) -> User | None:
    """The person signed in on the device, in one query, or None when that has ended."""
    if device_id is None:
        return None
    device = (
        Device.objects.select_related("user")
        .filter(pk=device_id, revoked_at=None, user__is_active=True)
        .first()
    )
    return device.user if device else None


def device_of_session(session_key: str) -> int | None:
    """The id of the live device of a web session."""
    return (
        Device.objects.filter(session_key=session_key, revoked_at=None)
        .values_list("pk", flat=True)
        .first()
    )


def device_of_access_token(token: str) -> int | None:
    """The id of the device that a valid access token names."""
    claims = tokens.claims_of(token)
    return claims["device"] if claims else None


def pending_applications() -> QuerySet[TeacherApplication]:
    """Teachers who wait for a decision, newest first."""
    return (
        TeacherApplication.objects.filter(status=TeacherApplication.Status.PENDING)
        .select_related("user")
        .prefetch_related("documents")
        .order_by("-opened_at", "-pk")
    )


def local_day(user: User, at: datetime) -> date:
    """The user's calendar day at the moment."""
    return at.astimezone(ZoneInfo(user.timezone)).date()
