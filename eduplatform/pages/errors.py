"""Faults that no view answered: a page for people, problem+json for the API."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import resolve
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from psycopg.errors import QueryCanceled

from apps.core.api import PROBLEM_JSON, TITLES, problem, wants_json
from apps.core.middleware import error_answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        detail = _(
            "That is too much text to send at once: at most %(limit)s MB. It is still in the form: "
            "go back, shorten it and send it again."
        )
        return error_answer(request, 413, detail % {"limit": limit})
    return _answer(request, 400, _("This request can’t be understood. Go back and try once more."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, _("You are not allowed to do that."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, _("There is nothing here, or it isn’t yours to see."))


def broken(request: HttpRequest) -> HttpResponse:
    """Made without the request's account, which may be what is broken."""
    if _was_given_up(sys.exc_info()[1]):
        return given_up(request)
    return _told(request, 500, _("Something broke on our side."))


def given_up(request: HttpRequest) -> HttpResponse:
    """What took too long."""
    detail = _("This took too long and was given up. Try again in a minute.")
    answer = _told(request, 503, detail)
    answer["Retry-After"] = "60"
    return answer


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or doesn't fit."""
    if wants_json(request) or request.headers.get("HX-Request"):
        return error_answer(request, 403, _("This form has expired. Reload the page."))
    return render(request, "403_csrf.html", status=403)


@login_not_required
@csrf_exempt
def unknown_call(request: HttpRequest) -> HttpResponse:
    """Any address below /api/ that the API doesn't have."""
    return error_answer(request, 404, _("The API has no such address."))


@login_not_required
@csrf_exempt
def unknown_page(request: HttpRequest) -> HttpResponse:
    """Any other address: with its slash if that is all it lacks, else our page also with DEBUG on."""
    path = request.path_info
    if not path.endswith("/") and resolve(f"{path}/").func is not unknown_page:
        return redirect(request.get_full_path(force_append_slash=True), permanent=True)
    return not_found(request, Http404())


def _was_given_up(error: BaseException | None) -> bool:
    """Whether the database stopped a statement that took longer than pages may wait."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, QueryCanceled)


def _told(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    if wants_json(request):
        body = problem(status=status, title=TITLES[status], detail=detail)
        return JsonResponse(body, status=status, content_type=PROBLEM_JSON)
    page = loader.render_to_string(f"{status}.html", {"status": status, "detail": detail})
    return HttpResponse(page, status=status)


def _answer(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    if wants_json(request) or request.headers.get("HX-Request"):
        return error_answer(request, status, detail)
    return render(request, f"{status}.html", status=status)
