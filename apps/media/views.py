"""Files as the site hands them out; in production the proxy serves the public ones itself."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import selectors, services


@login_not_required
@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def public(request: HttpRequest, path: str) -> HttpResponse:
    """A picture under its hashed name, which never changes."""
    try:
        with default_storage.open(f"public/{path}") as file:
            return HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError as error:
        raise Http404 from error


@login_not_required  # the signature was given to somebody with the right, minutes ago
@require_safe
def private(request: HttpRequest, token: str) -> HttpResponse:
    upload = services.upload_of_signature(token)
    with selectors.open_private(upload) as file:
        answer = HttpResponse(file.read(), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, upload.name)
    answer["Cache-Control"] = "private, no-store"
    return answer
