"""The Content-Security-Policy of every answer; the admin has one of its own."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

# its theme needs eval and inline script and style
ADMIN = {
    "script-src": ["'unsafe-inline'", "'unsafe-eval'"],
    "style-src": ["'unsafe-inline'"],
}


class ContentPolicyMiddleware:
    """Understands django-csp's `csp_update` and `csp_replace`; what most answers carry is built once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.usual = build_policy()
        self.of_admin = build_policy(update=ADMIN)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.DEBUG and response.status_code == 500:  # the page of the debugger
            return response
        asked = response.__dict__
        match = request.resolver_match
        if "_csp_update" in asked or "_csp_replace" in asked:
            response.headers[HEADER] = build_policy(
                update=asked.get("_csp_update"), replace=asked.get("_csp_replace")
            )
        elif match is not None and match.app_name == "admin":
            response.headers[HEADER] = self.of_admin
        else:
            response.headers[HEADER] = self.usual
        return response
