"""Hot calls of the API by somebody signed in: what REST framework does for each, and no more.

A view names its permission and, for OpenAPI, its serializers as always, and asks of its request only
`user`, `auth`, `data`, `query_params` and what Django's has:

    class Enroll(HotCalls, APIView):
        permission_classes = [needs("course.enrol")]

        def post(self, request):
            return Response({...})
"""

from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.utils import json
from rest_framework.utils.encoders import JSONEncoder

from . import limits
from .api import handle_exception, without_unstorable
from .errors import DomainError

METHODS = {"GET", "POST"}
JSON = {"application/json", "application/json; charset=utf-8"}
ANTICIPATED = (
    DomainError,
    Http404,
    PermissionDenied,
    ValidationError,
    APIException,
)
OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS
_written = JSONEncoder().default


class HotCalls:
    """Views whose calls with a bearer token and JSON take the short way.

    There is one renderer and one parser, so nothing is negotiated. Whoever isn't let in, or sends
    what isn't JSON, is told so by REST framework in its usual way.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        can_answer = hasattr(self, str(request.method).lower())  # else what it can is told by Allow
        if can_answer and _is_plain(request) and self._is_let_in(request) and _is_read(request):
            return self._answer(request, *args, **kwargs)
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return found

    def _is_let_in(self: Any, request: Any) -> bool:
        by_token = self.get_authenticators()[0]
        user_id = by_token.claimed_user(request)
        if user_id is None:
            return False
        request.counting = limits.Counting(user_id=user_id, writes=request.method != "GET")
        try:
            request.user, request.auth = by_token.authenticate(request)
        except APIException:
            request.counting.take_back()
            return False
        finally:
            request.counting.read()
        return all(each.has_permission(request, self) for each in self.get_permissions())

    def _answer(self: Any, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.request, self.args, self.kwargs, self.format_kwarg = request, args, kwargs, None
        try:
            request.counting.check()
            answer = getattr(self, request.method.lower())(request, *args, **kwargs)
        except ANTICIPATED as error:
            answer = handle_exception(error, {})
        return _rendered(answer) if isinstance(answer, Response) else answer


def _is_plain(request: HttpRequest) -> bool:
    """A call with a token that takes JSON, and brings it if anything."""
    meta = request.META
    accepted = meta.get("HTTP_ACCEPT", "*/*")
    return (
        request.method in METHODS
        and meta.get("HTTP_AUTHORIZATION", "").startswith("Bearer ")
        and ("*/*" in accepted or "application/json" in accepted)
        and (_has_no_body(request) or meta.get("CONTENT_TYPE", "").lower() in JSON)
    )


def _has_no_body(request: HttpRequest) -> bool:
    return request.method == "GET" or request.META.get("CONTENT_LENGTH") in {None, "", "0"}


def _is_read(request: Any) -> bool:
    """Whether the body is JSON of which all can be stored; it is the request's `data` then."""
    request.query_params, request.data = request.GET, {}
    if _has_no_body(request):
        return True
    try:
        request.data = json.loads(request.body.decode())
        without_unstorable(request.data)
    except (ValueError, RecursionError, RequestDataTooBig, APIException):
        return False
    return True


def _rendered(response: Response) -> HttpResponse:
    answer = HttpResponse(status=response.status_code, headers=response.headers)
    if response.data is None:
        del answer["Content-Type"]
    else:
        answer["Content-Type"] = response.content_type or "application/json"
        answer.content = orjson.dumps(response.data, _written, OPTIONS)
    return answer
