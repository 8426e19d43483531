"""The site's side of the error map, and rules that hold for every answer."""

from collections.abc import Callable

from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from .api import PROBLEM_JSON, TITLES, problem, wants_json
from .errors import Conflict, DomainError, TooMany

GetResponse = Callable[[HttpRequest], HttpResponse]


class UnstorableTextMiddleware:
    """Refuse null bytes in addresses and forms' fields before they reach a query."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return error_answer(
                request,
                400,
                _(
                    "The text holds control characters, which can’t be stored. Remove them and send it again."
                ),
            )
        return self.get_response(request)


class DomainErrorMiddleware(MiddlewareMixin):
    """A refused rule becomes a page, a toast for htmx, or a problem for a JSON address."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        answer = error_answer(request, error.status, str(error))
        if isinstance(error, TooMany | Conflict) and error.retry_after:
            answer["Retry-After"] = str(error.retry_after)
        return answer


class SiteMessageMiddleware(MessageMiddleware):
    """Toasts are the site's: a call of the API doesn't pay for their storage."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.path.startswith("/api/"):
            super().process_request(request)


class PrivateAnswerMiddleware:
    """No shared cache keeps an answer, unless its view said that it may.

    Whatever the view said, an answer with a form's token or a cookie in it is somebody's own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        owned = response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        if owned or "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response


def error_answer(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """The error in the form that the asker reads."""
    if wants_json(request):
        body = problem(status=status, title=TITLES.get(status, "Error"), detail=detail)
        return JsonResponse(body, status=status, content_type=PROBLEM_JSON)
    if request.headers.get("HX-Request"):
        answer = render(request, "layouts/_toast_error.html", {"detail": detail}, status=status)
        answer["HX-Reswap"] = "beforeend"
        answer["HX-Retarget"] = "#toasts"
        return answer
    told = {"status": status, "detail": detail, "exception_text": detail}
    return render(request, [f"{status}.html", "layouts/error.html"], told, status=status)
