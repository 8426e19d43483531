"""What caches may keep: asked for by name, for visitors only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

View = Callable[..., HttpResponse]


def is_impersonal(request: HttpRequest) -> bool:
    """Whether the answer is the same for every visitor: nobody is signed in, no toast waits."""
    return not request.user.is_authenticated and not len(get_messages(request))


def public_for_visitors(*, seconds: int) -> Callable[[View], View]:
    """Let shared caches keep the page of a visitor; it must carry no form token.

    The language middleware makes answers vary by cookie and language.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            impersonal = is_impersonal(request)
            response = view(request, *args, **kwargs)
            if impersonal and response.status_code == 200:
                patch_cache_control(response, public=True, max_age=seconds)
            return response

        return answer

    return decorate
