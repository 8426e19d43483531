"""Hot reads of the API: ready bytes, behind the same declarations as every other answer.

A view names its permission and, for OpenAPI, its serializer as always, and returns `ready(...)`:

    class StudentCount(HotReads, APIView):
        permission_classes = [Anyone]

        @extend_schema(responses=StudentCountOut)
        def get(self, request, pk):
            return ready(request, selectors.student_count_json(pk))
"""

import hashlib
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.exceptions import APIException

from .errors import DomainError

# What a visitor got may be kept by anybody for a short while, and checked by its ETag after it.
PUBLIC = "public, max-age=15, s-maxage=30, stale-while-revalidate=60"
VARY = "Accept-Language, Authorization, Cookie"
READS = {"GET", "HEAD"}


def ready(request: Any, body: bytes) -> HttpResponse:
    """The JSON as it stands; 304 when the asker has it. Public for visitors, private for others.

    The ETag is weak: a proxy may compress the answer and leave it alone.
    """
    etag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    if _has_it(request, etag):
        answer = HttpResponse(status=304)
        del answer["Content-Type"]
    else:
        answer = HttpResponse(body, content_type="application/json")
    answer["ETag"] = etag
    answer["Vary"] = VARY
    if not request.user.is_authenticated:
        answer["Cache-Control"] = PUBLIC
    return answer


def ready_json(request: Any, data: Any) -> HttpResponse:
    """`ready` for what isn't bytes yet."""
    return ready(request, orjson.dumps(data))


class HotReads:
    """Views whose GETs without credentials skip the parts that have nothing to do then.

    There is one renderer, no parser and no account to count, so only the view's permissions are
    asked, and the view itself. What they refuse is told by REST framework in its usual way.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _is_plain(request):
            try:
                return self._read(request, *args, **kwargs)
            except (DomainError, Http404, APIException, _Refused):
                pass
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return found

    def _read(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.user = AnonymousUser()
        self.request, self.args, self.kwargs, self.format_kwarg = request, args, kwargs, None
        if not all(each.has_permission(request, self) for each in self.get_permissions()):
            raise _Refused
        answer: HttpResponseBase = self.get(request, *args, **kwargs)
        return answer


class _Refused(Exception):
    """A permission says no."""


def _is_plain(request: HttpRequest) -> bool:
    """A read by nobody in particular, who takes JSON."""
    accepted = request.META.get("HTTP_ACCEPT", "*/*")
    return (
        request.method in READS
        and "HTTP_AUTHORIZATION" not in request.META
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and ("*/*" in accepted or "application/json" in accepted)
    )


def _has_it(request: Any, etag: str) -> bool:
    asked = request.META.get("HTTP_IF_NONE_MATCH")
    if not asked:
        return False
    known = parse_etags(asked)
    return etag in known or etag.removeprefix("W/") in known or "*" in known
