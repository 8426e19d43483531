"""The project's addresses, and the bare view that all others are compared with."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from eduplatform import urls
from eduplatform.urls import handler400, handler403, handler404, handler500  # noqa: F401

ANSWER = b'{"results": [], "next": null, "previous": null}'


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """A constant small JSON: all that is spent is the server's and the middleware's."""
    return HttpResponse(ANSWER, content_type="application/json")


urlpatterns = [path("api/bare", bare), path("bare/", bare), *urls.urlpatterns]
