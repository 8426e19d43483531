"""The API's side of the kernel: parsing, permissions, paging, limits, and errors as problem+json.

REST framework reads its defaults from here while its views are being imported, so this module
imports none of them.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404, HttpRequest
from django.utils.encoding import escape_uri_path, force_str
from django.utils.translation import gettext as _
from rest_framework import (
    exceptions,
    pagination,
    parsers,
    permissions,
    serializers,
    throttling,
)
from rest_framework.request import Request
from rest_framework.response import Response

from . import limits
from .errors import Conflict, DomainError, Invalid, TooLarge, TooMany
from .pagination import MAX_LIMIT, paginate

PROBLEM_JSON = "application/problem+json"
CHALLENGE = 'Bearer realm="api"'


class JSONParser(parsers.JSONParser):
    """JSON without the characters that no text column can hold."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            data = super().parse(*args, **kwargs)
            without_unstorable(data)
        except RecursionError as error:
            raise exceptions.ParseError(_("The body is nested too deeply.")) from error
        return data


def without_unstorable(data: Any) -> None:
    """Refuse texts that no column can hold."""
    if isinstance(data, str):
        if "\x00" in data or not _is_encodable(data):
            raise exceptions.ParseError(
                _(
                    "The text holds control characters, which can’t be stored. Remove them and send it again."
                )
            )
    elif isinstance(data, dict):
        for key, value in data.items():
            without_unstorable(key)
            without_unstorable(value)
    elif isinstance(data, list):
        for value in data:
            without_unstorable(value)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# ── Who may call: every view names one of these, or a right of accounts ─────────────────────────
class Refused(permissions.BasePermission):
    """The default: a view that states no policy is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class Anyone(permissions.AllowAny):
    """No credentials are needed."""


class SignedIn(permissions.IsAuthenticated):
    """Any account that is signed in."""


class AccountThrottle(throttling.BaseThrottle):
    """600 requests and 120 writes a minute per account."""

    def allow_request(self, request: Request, view: Any) -> bool:
        counting = getattr(request, "counting", None)  # begun by `hot.HotCalls`
        if counting is not None:
            counting.check()
        elif request.user.is_authenticated:
            limits.count_request(
                user_id=request.user.pk, writes=request.method not in permissions.SAFE_METHODS
            )
        return True


# ── Bodies ────────────────────────────────────────────────────────────────────────────────────
class IdField(serializers.IntegerField):
    """The id of a row, no larger than a key can be."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **kwargs)


class SwitchIn(serializers.Serializer[Any]):
    """Sets a switch: on unless said otherwise."""

    value = serializers.BooleanField(default=True)


class CountOut(serializers.Serializer[Any]):
    count = serializers.IntegerField()


# ── Errors ────────────────────────────────────────────────────────────────────────────────────
def problem(
    *, status: int, title: str, detail: str, errors: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """The body of an error, RFC 9457."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = dict(errors)
    return body


TITLES = {
    400: "Bad request",
    401: "Not signed in",
    402: "Payment required",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    429: "Too many requests",
    500: "Server error",
    503: "Not available",
}


def handle_exception(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: anticipated errors become problem+json, others rise as they are."""
    if isinstance(error, RequestDataTooBig):
        error = TooLarge()
    if isinstance(error, DomainError):
        return _domain_problem(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, ModelValidationError):
        error = exceptions.ValidationError(serializers.as_serializer_error(error))
    if not isinstance(error, exceptions.APIException):
        return None
    errors = None
    detail = force_str(_("Some of what was sent can’t be used."))
    if isinstance(error, exceptions.ValidationError):
        errors = flatten(error.detail)
    elif isinstance(error.detail, str):
        detail = str(error.detail)
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))
    status = error.status_code
    return _answer(status, detail, errors, headers)


def _domain_problem(error: DomainError) -> Response:
    errors = None
    if isinstance(error, Invalid):
        errors = {field: [str(text) for text in texts] for field, texts in error.errors.items()}
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    if isinstance(error, TooMany | Conflict) and error.retry_after:
        headers["Retry-After"] = str(error.retry_after)
    return _answer(error.status, str(error), errors, headers)


def _answer(
    status: int, detail: str, errors: Mapping[str, list[str]] | None, headers: dict[str, str]
) -> Response:
    title = TITLES.get(status, "Error")
    return Response(
        problem(status=status, title=title, detail=detail, errors=errors),
        status=status,
        headers=headers,
        content_type=PROBLEM_JSON,
    )


def flatten(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested serializer errors as dotted field → messages."""
    if isinstance(detail, Mapping):
        found: dict[str, list[str]] = {}
        for key, value in detail.items():
            found |= flatten(value, f"{prefix}.{key}" if prefix else str(key))
        return found
    if isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        return flatten({str(i): item for i, item in enumerate(detail) if item}, prefix)
    messages = detail if isinstance(detail, list) else [detail]
    return {prefix or "non_field_errors": [str(message) for message in messages]}


# ── Lists ─────────────────────────────────────────────────────────────────────────────────────
class CursorPagination(pagination.BasePagination):
    """`?limit=&cursor=` over the view's `ordering`, whose last key is unique."""

    default_limit = 20

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        ordering = view.get_ordering() if hasattr(view, "get_ordering") else view.ordering
        self.request = request
        self.page = paginate(
            queryset,
            ordering=ordering,
            cursor=request.GET.get("cursor") or None,
            limit=self.limit(request),
        )
        return self.page.items

    def limit(self, request: Request) -> int:
        raw = request.GET.get("limit", "")
        if not raw:
            return self.default_limit
        if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw[:9]) <= MAX_LIMIT:
            raise Invalid(errors={"limit": [_("A number from 1 to 100.")]})
        return int(raw)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "results": data,
                "next": self._url(self.page.next),
                "previous": self._url(self.page.previous),
            }
        )

    def _url(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        request = self.request
        query = urlencode({**dict(request.GET.lists()), "cursor": cursor}, doseq=True)
        path = escape_uri_path(request.path)
        return f"{request.scheme}://{request.get_host()}{path}?{query}"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        url = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {
                "results": schema,
                "next": url,
                "previous": url,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "limit",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 20},
            },
            {"name": "cursor", "in": "query", "schema": {"type": "string"}},
        ]


class WholeList(pagination.BasePagination):
    """A short closed list: `{"results": [...]}`, complete."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        return list(queryset)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results"],
            "properties": {"results": schema},
        }


def wants_json(request: HttpRequest) -> bool:
    """Whether errors go out as problem+json: the address is the API's, or a script asked for it."""
    if request.path.startswith("/api/") or request.path in {"/healthz", "/readyz"}:
        return True
    return request.headers.get("Accept") == "application/json"
