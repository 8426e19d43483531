"""What shared caches may keep of the site: asked for by name, for visitors only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

View = Callable[..., HttpResponse]
PUBLIC = "public, max-age=60, s-maxage=60, stale-while-revalidate=60"


def is_impersonal(request: HttpRequest) -> bool:
    """Whether the answer is the same for every visitor: nobody is signed in, no toast waits."""
    return not request.user.is_authenticated and not len(get_messages(request))


def public_for_visitors(view: View) -> View:
    """Let shared caches keep the page of a visitor for a minute; it must carry no form token.

    Fragments for htmx stand under the same addresses and are kept by nobody. The language
    middleware makes answers vary by cookie and language.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        impersonal = is_impersonal(request)
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        if impersonal and response.status_code == 200 and "HX-Request" not in request.headers:
            response["Cache-Control"] = PUBLIC
        return response

    return answer
