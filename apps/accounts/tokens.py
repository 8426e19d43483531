"""Access tokens of the API: signed, five minutes long, carrying the device they belong to.

Refresh tokens are random; only their hash is kept.
"""

import hashlib
import time
import uuid
from datetime import datetime
from functools import lru_cache
from typing import Any

import jwt
from django.conf import settings

from .models import Device, User

ALGORITHM = "HS256"
ISSUER = "eduplatform"
AUDIENCE = "eduplatform-api"


def access_token(*, user: User, device: Device, at: datetime) -> str:
    claims = {
        "user_id": user.pk,
        "device": device.pk,
        "role": user.role,
        "is_verified": user.is_verified,
        "iat": at,
        "exp": at + settings.ACCESS_TOKEN_LIFETIME,
        "jti": uuid.uuid4().hex,
        "iss": ISSUER,
        "aud": AUDIENCE,
    }
    return jwt.encode(claims, settings.ACCESS_TOKEN_KEY, algorithm=ALGORITHM)


def claims_of(token: str) -> dict[str, Any] | None:
    """The claims of a valid token, or None. Role and verified flag in them only help interfaces."""
    try:
        claims = _signed(token, settings.ACCESS_TOKEN_KEY)
    except jwt.InvalidTokenError:
        return None
    return dict(claims) if claims["exp"] > time.time() else None


@lru_cache(maxsize=4096)
def _signed(token: str, key: str) -> dict[str, Any]:
    """A client shows the same token for minutes; only its end has to be looked at each time."""
    claims: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=[ALGORITHM],
        issuer=ISSUER,
        audience=AUDIENCE,
        options={"require": ["exp", "iat", "iss", "aud", "device", "user_id"]},
    )
    return claims


def hash_of(refresh_token: str) -> str:
    return hashlib.sha256(refresh_token.encode()).hexdigest()
