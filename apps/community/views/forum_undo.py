"""The way back from a deletion: a key for the one who deleted, for a quarter of an hour."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

LIFETIME = 15 * 60
SALT = "community.undo"


@dataclass(frozen=True)
class Undo:
    url: str


def key_for(request: HttpRequest, kind: str, pk: int) -> str:
    return signing.dumps([request.user.pk, kind, pk], salt=SALT)


def undo_url(request: HttpRequest, kind: str, pk: int) -> str:
    address = reverse(f"community:restore_{kind}", args=[pk])
    return f"{address}?key={key_for(request, kind, pk)}"


def may_undo(request: HttpRequest, kind: str, pk: int) -> bool:
    """Whether the address carries this person's own key for the thing; moderators need none."""
    return request.user.is_moderator or _read(request) == [request.user.pk, kind, pk]


def undo_of(request: HttpRequest, kind: str) -> Undo | None:
    """What the page may offer to take back."""
    found = _read(request)
    if not found or found[:2] != [request.user.pk, kind]:
        return None
    return Undo(undo_url(request, kind, found[2]))


def _read(request: HttpRequest) -> Any:
    key = request.GET.get("key", "")
    if not key or not request.user.is_authenticated:
        return None
    try:
        return signing.loads(key, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return None
