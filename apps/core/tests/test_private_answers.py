"""What shared caches may keep is asked for, and never somebody's own."""

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from apps.core.caching import PUBLIC
from apps.core.middleware import PrivateAnswerMiddleware


def kept_by_caches(view) -> str:
    return PrivateAnswerMiddleware(view)(RequestFactory().get("/"))["Cache-Control"]


def public(request) -> HttpResponse:
    return HttpResponse(headers={"Cache-Control": PUBLIC})


def with_token(request) -> HttpResponse:
    get_token(request)
    return public(request)


def with_cookie(request) -> HttpResponse:
    answer = public(request)
    answer.set_cookie("name", "value")
    return answer


def test_only_what_is_asked_for_and_holds_nothing_of_ones_own_is_public():
    assert kept_by_caches(public) == PUBLIC
    for view in (with_token, with_cookie, lambda request: HttpResponse()):
        assert kept_by_caches(view) == "private, no-store"
