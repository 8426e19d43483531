"""What makes the site an app on one's device: its manifest, its service worker, its offline page."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

PAPER = "#FCFAF5"
LANGUAGES = {code for code, _name in settings.LANGUAGES}


@login_not_required
@require_safe
@cache_control(public=True, max_age=86_400)
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """The app's name, icons and shortcuts in one of the languages; it is one app in both."""
    with override(_known(language)):
        shortcuts = [
            _shortcut(_("Review cards"), reverse("learning:review")),
            _shortcut(_("Today"), reverse("home")),
        ]
        about = _("Courses that are finished and remembered.")
    icons = [
        {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
        _icon("icon", 192, "any"),
        _icon("icon", 512, "any"),
        _icon("maskable", 192, "maskable"),
        _icon("maskable", 512, "maskable"),
    ]
    described = {
        "id": "/",
        "name": "EduPlatform",
        "short_name": "EduPlatform",
        "description": about,
        "lang": language,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,  # where the page's own, for light and dark, isn't known yet
        "categories": ["education"],
        "icons": icons,
        "shortcuts": shortcuts,
    }
    return JsonResponse(described, content_type="application/manifest+json")


@login_not_required
@require_safe
def offline(request: HttpRequest, language: str) -> HttpResponse:
    """What the worker shows for pages that it doesn't have; it knows nobody."""
    answer = HttpResponse(_offline_page(_known(language)))
    answer["Content-Language"] = language
    answer["Cache-Control"] = "no-cache"
    return answer


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from the root: it may answer for the whole site.

    It is another one, which browsers then put in the old one's place, when its code, an offline page
    or a file that this page names has changed.
    """
    script = _worker() if settings.DEBUG else _worker_once()
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    etag = f'"{_digest(script)}"'
    answer["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=answer) or answer


def _worker() -> str:
    try:
        code = Path(settings.BASE_DIR / "static" / "dist" / "worker.js").read_text()
    except FileNotFoundError as error:
        raise Http404 from error  # tests run without a built front end
    pages = [_offline_page(language) for language in sorted(LANGUAGES)]
    return f'self.VERSION = "{_digest(code, *pages)}";\n{code}'


_worker_once = cache(_worker)


def _offline_page(language: str) -> str:
    with override(language):
        return render_to_string("pages/offline.html")


def _digest(*texts: str) -> str:
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=8).hexdigest()


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise Http404
    return language


def _shortcut(name: str, url: str) -> dict[str, object]:
    return {"name": name, "url": url, "icons": [_icon("icon", 192, "any")]}


def _icon(name: str, pixels: int, purpose: str) -> dict[str, str]:
    return {
        "src": static(f"icons/{name}-{pixels}.png"),
        "sizes": f"{pixels}x{pixels}",
        "type": "image/png",
        "purpose": purpose,
    }
