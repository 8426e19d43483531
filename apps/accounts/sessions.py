"""The web session as a device: who a browser seems to be, and what signing in and out leaves."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.core.limits import client_address

from . import services
from .models import User

KNOWN_DEVICE_COOKIE = "known_device"
KNOWN_DEVICE_DAYS = 365
SALT = "accounts.known-device"


def client_of(request: HttpRequest) -> services.Client:
    """From where the request comes."""
    address = client_address(request)
    return services.Client(
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        address_hash=salted_hmac("accounts.address", address).hexdigest() if address else "",
        device_id=_known_device(request),
    )


def _known_device(request: HttpRequest) -> int | None:
    try:
        device_id: int = signing.loads(
            request.COOKIES.get(KNOWN_DEVICE_COOKIE, ""),
            salt=SALT,
            max_age=KNOWN_DEVICE_DAYS * 86400,
        )
    except signing.BadSignature:
        return None
    return device_id


def remember_device(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser its cookie after a sign-in: strangers' guesses won't lock its owner out."""
    device_id = request.session.get("device")
    if device_id is None or device_id == _known_device(request):
        return
    response.set_cookie(
        KNOWN_DEVICE_COOKIE,
        signing.dumps(device_id, salt=SALT),
        max_age=KNOWN_DEVICE_DAYS * 86400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@receiver(user_logged_in)
def open_session(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Every way into a web session ends here: page, social login, reset."""
    if not request.session.session_key:
        request.session.save()
    elif "device" in request.session:
        request.session.cycle_key()  # signed in already: a new device takes a new key
    now = timezone.now()
    device = services.open_session(
        user=user,
        client=client_of(request),
        session_key=str(request.session.session_key),
        replaces=request.session.get("device"),
        at=now,
    )
    request.session["device"] = device.pk
    request.session["seen"] = now.timestamp()


@receiver(user_logged_out)
def end_session(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    if request.session.session_key:
        services.end_session(session_key=request.session.session_key, at=timezone.now())


def see_session(request: HttpRequest) -> None:
    """Note that the session's device is in use."""
    now = timezone.now()
    if now.timestamp() - request.session["seen"] > services.SEEN_EVERY.total_seconds():
        request.session["seen"] = now.timestamp()
        services.see_device(device_id=request.session["device"], at=now)
