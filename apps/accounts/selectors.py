"""Everything that is read about people and their devices."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from allauth.account.models import EmailAddress
from babel.dates import get_timezone_location
from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone as clock
from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.statements import row_of

from . import tokens
from .models import Device, Interest, QuietHours, TeacherApplication, User


def is_shown_to(person: User, viewer: Any) -> bool:
    """Whether the viewer (perhaps anonymous) may know who the person is, where others read along.

    A private person is known to themselves and to those who keep order; whose account has ended is
    nobody any more. Costs no query.
    """
    if person.erased_at is not None:
        return False
    if person.is_profile_public or person.pk == viewer.pk:
        return True
    return bool(viewer.is_authenticated and viewer.is_moderator)


@dataclass(frozen=True)
class ShownPerson:
    """A person as one viewer sees them beside what they wrote or did; who isn't shown has no pk."""

    pk: int | None
    name: str
    username: str
    avatar_url: str
    is_hidden: bool


def person_shown(person: User, viewer: Any) -> ShownPerson:
    """The person for this viewer's eyes: see `is_shown_to`."""
    if is_shown_to(person, viewer):
        name = person.name or person.username
        return ShownPerson(person.pk, name, person.username, person.avatar_url, is_hidden=False)
    name = _("Deleted account") if person.erased_at else _("Private member")
    return ShownPerson(None, name, "", "", is_hidden=True)


def live_devices(user: User) -> QuerySet[Device]:
    """Where the user is signed in, most recently seen first."""
    return Device.objects.filter(user=user, revoked_at=None).order_by("-seen_at", "-pk")


def known_device_id(*, email: str, client_device: int | None, address_hash: str) -> int | None:
    """The device of the account that somebody who signs in seems to hold, in one query.

    The one that the browser's signed cookie names, or one signed in from the same address.
    """
    same_address = Q(revoked_at=None, address_hash=address_hash) & ~Q(address_hash="")
    return (
        Device.objects.filter(Q(pk=client_device) | same_address, user__email=email)
        .order_by("pk")
        .values_list("pk", flat=True)
        .first()
    )


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


_SIGNED_IN = """
SELECT {} FROM accounts_device device JOIN accounts_user "user" ON "user".id = device.user_id
WHERE device.id = %s AND device.user_id = %s AND device.revoked_at IS NULL AND "user".is_active
"""


def signed_in_device(device_id: int, user_id: int) -> Device | None:
    """The device with its user, unless that sign-in has ended: what each call of the API asks."""
    row = row_of(_signed_in(), [device_id, user_id])
    if row is None:
        return None
    own = _columns(Device)
    device = Device.from_db(connection.alias, own, row[: len(own)])
    device.user = User.from_db(connection.alias, _columns(User), row[len(own) :])
    return device


@cache
def _signed_in() -> str:
    columns = [f"device.{name}" for name in _columns(Device)]
    columns += [f'"user".{name}' for name in _columns(User)]
    return _SIGNED_IN.format(", ".join(columns))


@cache
def _columns(model: type[Device] | type[User]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


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


def address_to_verify(user: User) -> str:
    """A new address that waits for its key to come back, or ""."""
    waiting = EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email)
    return waiting.values_list("email", flat=True).first() or ""


def device_of_refresh_token(*, user: User, refresh: str) -> Device | None:
    """The user's own device that the refresh token was given to."""
    return Device.objects.filter(
        user=user, refresh_tokens__token_hash=tokens.hash_of(refresh)
    ).first()


def applications() -> QuerySet[TeacherApplication]:
    """Teachers' applications with what shows them, newest first."""
    return (
        TeacherApplication.objects.select_related("user")
        .prefetch_related("documents")
        .order_by("-opened_at", "-pk")
    )


def application_of(user: User) -> TeacherApplication | None:
    return TeacherApplication.objects.filter(user=user).first()


def pending_applications() -> QuerySet[TeacherApplication]:
    """Teachers who wait for a decision, newest first."""
    return applications().filter(status=TeacherApplication.Status.PENDING)


REGIONS = {
    "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
}  # fmt: skip


def time_zones() -> list[tuple[str, str]]:
    """Time zones with a name for people, from west to east: "Almaty (UTC+05:00)"."""
    now = clock.now()
    language = translation.get_language() or settings.LANGUAGE_CODE
    found = []
    for zone, city in _zone_cities(language).items():
        offset = now.astimezone(ZoneInfo(zone)).strftime("%z")
        minutes = int(f"{offset[0]}1") * (int(offset[1:3]) * 60 + int(offset[3:5]))
        found.append((minutes, city, zone, f"UTC{offset[:3]}:{offset[3:5]}".replace("-", "−")))
    return [(zone, f"{city} ({utc})") for _minutes, city, zone, utc in sorted(found)]


def zone_name(user: User) -> str:
    """The user's time zone as `time_zones` says it."""
    return dict(time_zones()).get(user.timezone, user.timezone)


@lru_cache(maxsize=len(settings.LANGUAGES))
def _zone_cities(language: str) -> dict[str, str]:
    zones = {zone for zone in available_timezones() if zone.partition("/")[0] in REGIONS}
    cities = {zone: get_timezone_location(zone, language, return_city=True) for zone in zones}
    return {**cities, "UTC": "UTC"}


def interests_of(user: User) -> QuerySet[Interest]:
    """What the user wants to learn, as it was chosen."""
    return user.interests.order_by("pk")


def personal_data(user: User) -> dict[str, Any]:
    """All that accounts holds on the person, JSON-ready."""
    fields = ("email", "name", "username", "role", "bio", "avatar_url", "locale", "timezone")
    application = TeacherApplication.objects.filter(user=user).first()
    return {
        **{field: getattr(user, field) for field in fields},
        "birthday": user.birthday.isoformat() if user.birthday else None,
        "created_at": user.created_at.isoformat(),
        "interests": [interest.value for interest in interests_of(user)],
        "personal_order": user.personal_order,
        "quiet_hours": quiet_hours_shown(quiet_hours_of(user)),
        "devices": [
            {
                "user_agent": device.user_agent,
                "created_at": device.created_at.isoformat(),
                "seen_at": device.seen_at.isoformat(),
            }
            for device in user.devices.order_by("pk")
        ],
        "application": {
            "qualification": application.qualification,
            "links": application.links,
            "documents": [upload.name for upload in application.documents.order_by("pk")],
            "status": application.status,
            "reason": application.reason,
        }
        if application
        else None,
    }


def local_day(user: User, at: datetime) -> date:
    """The user's calendar day at the moment."""
    return at.astimezone(ZoneInfo(user.timezone)).date()


def quiet_hours_of(user: User) -> QuietHours:
    """The user's own, or the usual ones in an unsaved row."""
    return QuietHours.objects.filter(pk=user.pk).first() or QuietHours(user=user)


def quiet_hours_of_many(user_ids: Collection[int]) -> dict[int, QuietHours]:
    """`quiet_hours_of` of each, by id, in one query."""
    chosen = QuietHours.objects.in_bulk(user_ids)
    return {pk: chosen.get(pk) or QuietHours(user_id=pk) for pk in user_ids}


def quiet_hours_shown(hours: QuietHours) -> dict[str, Any]:
    """JSON-ready: `is_on`, and `begins` and `ends` as 22:00."""
    return {
        "is_on": hours.is_on,
        "begins": f"{hours.begins:%H:%M}",
        "ends": f"{hours.ends:%H:%M}",
    }
