"""Faults that no view answered: a page for people, problem+json for the API."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import resolve
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from apps.core.api import PROBLEM_JSON, TITLES, problem, wants_json
from apps.core.middleware import error_answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, _("This request can’t be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, _("You are not allowed to do that."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, _("There is nothing here, or it isn't yours to see."))


def broken(request: HttpRequest) -> HttpResponse:
    """Made without the request's account, which may be what is broken."""
    if wants_json(request):
        detail = _("Something broke on our side.")
        body = problem(status=500, title=TITLES[500], detail=detail)
        return JsonResponse(body, status=500, content_type=PROBLEM_JSON)
    return HttpResponse(loader.render_to_string("500.html"), status=500)


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


def _answer(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    if wants_json(request) or request.headers.get("HX-Request"):
        return error_answer(request, status, detail)
    return render(request, f"{status}.html", status=status)
