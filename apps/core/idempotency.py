"""Idempotency-Key of the API: a claim first, the answer stored with the effect, then replayed."""

import functools
import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from .errors import Conflict, Invalid
from .models import IdempotencyClaim

LEASE = timedelta(seconds=60)
MAX_KEY = 200

Method = Callable[..., Response]

_CLAIM = """
INSERT INTO core_idempotencyclaim (user_id, route, key, body_hash, leased_until, answer, created_at)
VALUES (%s, %s, %s, %s, %s, '', %s)
ON CONFLICT (user_id, route, key) DO NOTHING
RETURNING id
"""


def idempotent(method: Method) -> Method:
    """Make an API view's POST honour `Idempotency-Key`.

    The same key and body gives the first answer again; one still running, or the same key with
    another body, is a Conflict. An error releases the key.
    """

    @functools.wraps(method)
    def wrapper(view: Any, request: Any, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None or not request.user.is_authenticated:
            return method(view, request, *args, **kwargs)
        claim = _claim(request, key)
        if claim.status_code is not None:
            return _replay(claim)
        try:
            with transaction.atomic():
                response = method(view, request, *args, **kwargs)
                _store(claim, response)
        except BaseException:
            IdempotencyClaim.objects.filter(pk=claim.pk, status_code=None).delete()
            raise
        return response

    wrapper.idempotent = True  # type: ignore[attr-defined]
    return wrapper


def _claim(request: Any, key: str) -> IdempotencyClaim:
    """This request's claim, committed, or the row of the one that came before with its answer."""
    if not 0 < len(key) <= MAX_KEY or not key.isprintable():
        raise Invalid(errors={"Idempotency-Key": [_("Use 1 to 200 printable characters.")]})
    now = timezone.now()
    user_id, route, body_hash = request.user.pk, _route(request), _body_hash(request)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [user_id, route, key, body_hash, now + LEASE, now])
        made = cursor.fetchone()
    if made:
        return IdempotencyClaim(pk=made[0])
    claim = IdempotencyClaim.objects.filter(user=user_id, route=route, key=key).first()
    if claim is not None and claim.body_hash != body_hash:
        raise Conflict(_("This Idempotency-Key was used with another body."))
    if claim is not None and claim.status_code is not None:
        return claim
    if claim is None or not _take_over(claim, now):  # none: the first one has just failed
        raise Conflict(_("The first request with this key is still running."), retry_after=2)
    return claim


def _take_over(claim: IdempotencyClaim, now: datetime) -> bool:
    """Whether the claim was abandoned, and is this request's from now on."""
    abandoned = IdempotencyClaim.objects.filter(
        pk=claim.pk, status_code=None, leased_until=claim.leased_until, leased_until__lt=now
    )
    return bool(abandoned.update(leased_until=now + LEASE))


def _store(claim: IdempotencyClaim, response: Response) -> None:
    body = JSONRenderer().render(response.data).decode() if response.data is not None else ""
    IdempotencyClaim.objects.filter(pk=claim.pk).update(
        status_code=response.status_code, answer=body
    )


def _replay(claim: IdempotencyClaim) -> Response:
    data = json.loads(claim.answer) if claim.answer else None
    return Response(data, status=claim.status_code, headers={"Idempotency-Replayed": "true"})


def _route(request: HttpRequest) -> str:
    return f"{request.method} {request.path}"[:200]


def _body_hash(request: Any) -> str:
    canonical = json.dumps(request.data, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
