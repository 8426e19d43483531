"""What may be kept of the site's pages, asked for by name.

Shared caches keep pages of visitors; a reader's own browser keeps what they read, for hours without a
connection.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

View = Callable[..., HttpResponse]
OFFLINE_COPY = "Offline-Copy-For"
PUBLIC = "public, max-age=60, s-maxage=60, stale-while-revalidate=60"


def is_impersonal(request: HttpRequest) -> bool:
    """Whether the answer is the same for every visitor: nobody is signed in, no toast waits."""
    return not request.user.is_authenticated and not len(get_messages(request))


def public_for_visitors(view: View) -> View:
    """Let shared caches keep the page of a visitor for a minute; it must carry no form token.

    After the minute they ask by its ETag, which is weak: a proxy may compress the page. Fragments
    for htmx stand under the same addresses and are kept by nobody. The language middleware makes
    answers vary by cookie and language.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        impersonal = is_impersonal(request)
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        if impersonal and response.status_code == 200 and "HX-Request" not in request.headers:
            response["Cache-Control"] = PUBLIC
            response["ETag"] = (
                f'W/"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
            )
            return (
                get_conditional_response(request, response["ETag"], response=response) or response
            )
        return response

    return answer


def readable_offline(view: View) -> View:
    """Let our service worker keep the page for the account that it was made for.

    `no-store` stays: it holds for the caches of HTTP, which nobody empties at sign-out. The worker
    keeps what carries this header and nothing else; docs/adr/0050.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        is_page = response.status_code == 200 and "HX-Request" not in request.headers
        if is_page and request.user.is_authenticated:
            response[OFFLINE_COPY] = str(request.user.pk)
        return response

    return answer
