"""The invitation that brought a visitor: kept in a signed cookie from any page to the sign-up.

Whose code it is, and whether it still counts, knows the app that `settings.REFERRAL_CODES` names.
"""

import re
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.module_loading import import_string

from .services import Client, Invitation
from .sessions import client_of

COOKIE = "invitation"
DAYS = 30
SALT = "accounts.invitation"
CODE = re.compile(r"[A-Za-z]{1,16}-[A-Za-z0-9]{6}\Z")


def is_usable(*, code: str, email: str, client: Client) -> bool:
    """Whether an account with the address, opened from there, counts for the code's owner."""
    asked = import_string(settings.REFERRAL_CODES["is_usable"])
    return bool(code and asked(code=code, email=email, device_id=client.device_id))


def inviter_of(code: str) -> Any:
    """The person whose usable code it is, or None."""
    return import_string(settings.REFERRAL_CODES["inviter"])(code) if code else None


def code_of(request: HttpRequest) -> str:
    """The code in the address, else the one that the visitor came with lately; or ""."""
    return request.GET.get("ref", "")[:40] or _remembered(request)[0]


def invitation_to(*, code: str, email: str, request: HttpRequest) -> Invitation:
    """What registration is told: a code that doesn't count is left out."""
    client = client_of(request)
    if not is_usable(code=code, email=email, client=client):
        return Invitation()
    browser = _remembered(request)[1]
    return Invitation(
        code=code,
        address_hash=client.address_hash,
        browser_hash=salted_hmac(SALT, browser).hexdigest() if browser else "",
    )


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Give a visitor who came by a link with a code the cookie; the browser keeps its name in it."""
    code = request.GET.get("ref", "")
    known, browser = _remembered(request)
    if request.user.is_authenticated or not CODE.match(code) or code == known:
        return
    response.set_cookie(
        COOKIE,
        signing.dumps([code, browser or get_random_string(16)], salt=SALT),
        max_age=DAYS * 86400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _remembered(request: HttpRequest) -> tuple[str, str]:
    """The code and the browser's name in the cookie."""
    if COOKIE not in request.COOKIES:
        return "", ""
    try:
        code, browser = signing.loads(request.COOKIES[COOKIE], salt=SALT, max_age=DAYS * 86400)
    except (signing.BadSignature, ValueError):
        return "", ""
    return code, browser
