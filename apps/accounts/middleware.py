"""What every request of a person gets: their language, their time zone, the account's limits."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_languages, parse_accept_lang_header

from apps.core import limits
from apps.core.errors import DomainError
from apps.core.middleware import error_answer

from . import invitations
from .sessions import see_session

GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class LanguageMiddleware:
    """Before the account is known: the cookie's language on the site, the header's in the API."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        in_api = request.path.startswith("/api/")
        language = cookie if cookie in get_languages() and not in_api else _accepted(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        patch_vary_headers(
            response, ["Accept-Language"] if in_api else ["Accept-Language", "Cookie"]
        )
        return response


class AccountMiddleware:
    """On the site: the account's own language and time zone, and its limit of requests."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return self.get_response(request)
        user = request.user
        translation.activate(user.locale)
        request.LANGUAGE_CODE = user.locale
        timezone.activate(user.timezone)
        try:
            see_session(request)
            limits.count_request(user_id=user.pk, writes=request.method not in SAFE_METHODS)
            return self.get_response(request)
        except DomainError as error:
            return error_answer(request, error.status, str(error))
        finally:
            timezone.deactivate()


class InvitationMiddleware:
    """On the site: whoever comes by a link with `?ref=` is remembered as invited, on any page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_invited = request.method == "GET" and "ref=" in request.META.get("QUERY_STRING", "")
        if is_invited and response.status_code == 200 and not request.path.startswith("/api/"):
            invitations.remember(request, response)
        return response


def _accepted(request: HttpRequest) -> str:
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code.split("-")[0] in get_languages():
            return code.split("-")[0]
    return settings.LANGUAGE_CODE
