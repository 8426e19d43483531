"""The request log: route instead of address, so that keys and tokens in addresses stay out."""

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """`GET accounts/reset/<str:key>/`: what was asked for, without its arguments and query."""
        try:
            route = resolve(request.path_info).route
        except Resolver404:
            route = "(no such address)"
        return f"{request.method} {route}"
