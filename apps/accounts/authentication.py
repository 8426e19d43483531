"""How an API request says who it is: a bearer token, else the site's session."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.core.api import CHALLENGE

from . import selectors, services, tokens
from .models import Device, User


class AccessTokenAuthentication(BaseAuthentication):
    """Device and user are read in one query, so that a revoked device is out at once."""

    def authenticate(self, request: Request) -> tuple[User, Device] | None:
        if not request.META.get("HTTP_AUTHORIZATION"):
            return None
        claims = _claims(request)
        device = selectors.signed_in_device(claims["device"], claims["user_id"]) if claims else None
        if device is None:
            raise AuthenticationFailed(_("Log in again: this token is no longer valid."))
        now = timezone.now()
        if device.seen_at < now - services.SEEN_EVERY:
            services.see_device(device_id=device.pk, at=now)
        return device.user, device

    def claimed_user(self, request: Request | HttpRequest) -> int | None:
        """Whose token it is, be its device still signed in or not."""
        claims = _claims(request)
        return claims["user_id"] if claims else None

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def _claims(request: Request | HttpRequest) -> dict[str, Any] | None:
    kind, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return tokens.claims_of(token) if kind.lower() == "bearer" else None


class SiteSessionAuthentication(SessionAuthentication):
    """The site's session for same-origin calls, with CSRF."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found: tuple[User, None] | None = super().authenticate(request)
        return found


class AccessTokenScheme(OpenApiAuthenticationExtension):
    target_class = AccessTokenAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class SiteSessionScheme(OpenApiAuthenticationExtension):
    target_class = SiteSessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
