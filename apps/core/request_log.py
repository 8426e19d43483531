"""What is known of every request: a line of the log with its route, and figures for Prometheus.

Route instead of address, so that keys and tokens in addresses stay out.
"""

import logging
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject, empty

from .metrics import EXCEPTIONS, REQUESTS

logger = logging.getLogger("eduplatform.requests")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestLogMiddleware:
    """The outermost: its time is the whole one; what is logged inside carries the request's id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        structlog.contextvars.bind_contextvars(request_id=str(uuid.uuid4()))
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            took = time.perf_counter() - started
            _count(request, response.status_code, took)
            _log(request, response.status_code, took)
        finally:
            structlog.contextvars.clear_contextvars()
        return response


def named(request: HttpRequest) -> str:
    """`GET accounts/reset/<str:key>/`: what was asked for, without its arguments and query."""
    match = request.resolver_match
    try:
        route = (match or resolve(request.path_info)).route
    except Resolver404:
        route = "(no such address)"
    return f"{request.method} {route}"


def _count(request: HttpRequest, status: int, took: float) -> None:
    match = request.resolver_match
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(match.view_name if match else "", method, status).observe(took)


def _log(request: HttpRequest, status: int, took: float) -> None:
    level = logging.INFO
    if status >= 400:
        level = logging.ERROR if status >= 500 else logging.WARNING
    if logger.isEnabledFor(level):
        facts = {
            "code": status,
            "request": named(request),
            "milliseconds": round(took * 1000, 1),
            "user_id": _user_id(request),
        }
        logger.log(level, "request_finished", extra=facts)


def _user_id(request: HttpRequest) -> int | None:
    """Of whom the request turned out to be; a session that nobody needed isn't read for it."""
    user: Any = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject) and user._wrapped is empty:
        return None
    return getattr(user, "pk", None)


@receiver(got_request_exception)
def count_exception(**_: Any) -> None:
    kind = sys.exc_info()[0]
    EXCEPTIONS.labels(kind.__name__ if kind else "").inc()
