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
from django.utils.translation import get_language
from rest_framework.exceptions import APIException

from .errors import DomainError
from .moment import held

# What a visitor got may be kept by anybody for a short while, and checked by its ETag after it.
PUBLIC = "public, max-age=15, s-maxage=30, stale-while-revalidate=60"
VARY = "Accept-Language, Authorization, Cookie"
READS = {"GET", "HEAD"}


def ready(request: Any, body: bytes) -> HttpResponse:
    """The JSON as it stands: public for visitors, private for others.

    The ETag is weak: a proxy may compress the answer and leave it alone.
    """
    etag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    return _answer(body, etag, is_public=not request.user.is_authenticated)


def ready_json(request: Any, data: Any) -> HttpResponse:
    """`ready` for what isn't bytes yet."""
    return ready(request, orjson.dumps(data))


class HotReads:
    """Views that answer by `ready`. A GET without credentials skips what has nothing to do then.

    There is one renderer, no parser and no account to count, so only the view's permissions are
    asked, and the view itself, whose answer is held for a moment (see `core.moment`). What they
    refuse is told by REST framework in its usual way. Who has the answer already gets a 304.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _is_plain(request):
            try:
                return _unless_known(request, self._read(request, *args, **kwargs))
            except (DomainError, Http404, APIException, _Refused):
                pass
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return _unless_known(request, found)

    def _read(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.user = AnonymousUser()
        self.request, self.args, self.kwargs, self.format_kwarg = request, args, kwargs, None
        if not all(each.has_permission(request, self) for each in self.get_permissions()):
            raise _Refused

        def read() -> tuple[bytes, str]:
            answer = self.get(request, *args, **kwargs)
            return answer.content, answer["ETag"]

        address = f"{request.path}?{request.META.get('QUERY_STRING', '')}"
        # links in the answer name the host, its text is the reader's language
        key = (type(self), get_language(), request.scheme, request.get_host(), address)
        body, etag = held(key, read, size=lambda found: len(found[0]) + len(address))
        return _answer(body, etag, is_public=True)


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


def _answer(body: bytes, etag: str, *, is_public: bool) -> HttpResponse:
    answer = HttpResponse(body, content_type="application/json")
    answer["ETag"] = etag
    answer["Vary"] = VARY
    if is_public:
        answer["Cache-Control"] = PUBLIC
    return answer


def _unless_known(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """The answer, or that the asker has it."""
    asked = request.META.get("HTTP_IF_NONE_MATCH")
    etag = answer.headers.get("ETag")
    if asked and etag and {etag, etag.removeprefix("W/"), "*"} & set(parse_etags(asked)):
        same = HttpResponse(status=304, headers=answer.headers)
        del same["Content-Type"]
        return same
    return answer
