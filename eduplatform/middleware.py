"""The admin's own Content-Security-Policy: its theme needs eval and inline script and style."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = {
    "script-src": ["'unsafe-inline'", "'unsafe-eval'"],
    "style-src": ["'unsafe-inline'"],
}


class AdminPolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None and match.app_name == "admin":
            response._csp_update = POLICY  # type: ignore[attr-defined]
        return response
