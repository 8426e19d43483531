"""The catalogue page, its streaming parts, and the suggestions under its search field."""

import hashlib
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from . import queries, selectors
from .cache import revision
from .filters import Address, active_filters, filter_groups, sorts
from .prices import CURRENCY_OF_READER

PAGE = 20
MAX_SHOWN = 1_000_000
CACHED_FOR = 60  # seconds; a change of the index forgets it earlier
PERSONAL_COOKIES = {settings.SESSION_COOKIE_NAME, "messages"}


@login_not_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The page; for htmx its results and facets, or, with a cursor, only more rows."""
    reading = queries.read(request.GET, currency=reader_s_currency())
    if reading.renamed:
        slugs = [category.slug for category in reading.search.categories]
        return redirect(Address(request).changed(category=slugs), permanent=True)
    key = cache_key(request)
    page = cache.get(key) if key else None
    if page is None:
        page = answer(request, reading)
        if key:
            cache.set(key, page.content, CACHED_FOR)
        return page
    return HttpResponse(page)


def answer(request: HttpRequest, reading: queries.Reading) -> HttpResponse:
    streaming = bool(request.htmx) and not request.htmx.history_restore_request
    address = Address(request)
    cursor = request.GET.get("cursor") or None
    results = selectors.find_courses(reading.search, cursor=cursor, limit=PAGE)
    search = replace(reading.search, text=results.corrected or reading.search.text)
    courses = selectors.cards(results.ids)
    context = {
        "results": results,
        "courses": courses,
        "search": search,
        "asked": reading.search.text,
        "next_url": next_url(address, request.GET, results),
        "shown": shown_before(request.GET) + len(results.ids),
        "cursor": cursor,
    }
    if streaming and cursor:
        return render(request, "search/_rows.html", context)
    groups = filter_groups(search, selectors.facets(search))
    context |= {
        "streaming": streaming,
        "groups": groups,
        "chips": active_filters(groups, search, address),
        "sorts": sorts(search),
        "default_sort": "relevance" if search.text else "popular",
        "ignored": sorted(reading.errors),
        "plain_url": address.changed(only=("q",)),
        "first_url": address.changed(),
    }
    if not streaming:
        return render(request, "search/catalogue.html", context)
    page = render(request, "search/_found.html", context)
    page[history_header(request, address)] = address.changed()
    return page


@login_not_required
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The list under the search field for what has been typed so far; empty when nothing is near."""
    text = queries.read(request.GET).search.text
    found = selectors.suggestions(text)
    groups = [
        (kind, [one for one in found if one.kind == kind])
        for kind in ("query", "course", "category", "teacher")
    ]
    context = {"groups": [(kind, ones) for kind, ones in groups if ones], "text": text}
    return render(request, "search/_suggestions.html", {**context, "count": len(found)})


def reader_s_currency() -> str:
    return CURRENCY_OF_READER.get(get_language() or "en", "USD")


def cache_key(request: HttpRequest) -> str | None:
    """None where the answer is a person's own, or only a part of a page."""
    if request.htmx or request.user.is_authenticated or PERSONAL_COOKIES & set(request.COOKIES):
        return None
    address = hashlib.sha256(request.get_full_path().encode()).hexdigest()[:32]
    return f"search:page:{revision()}:{get_language()}:{address}"


def next_url(address: Address, params: QueryDict, results: selectors.Results) -> str | None:
    if results.next is None:
        return None
    shown = shown_before(params) + len(results.ids)
    return address.changed(cursor=[results.next], shown=[str(shown)])


def shown_before(params: QueryDict) -> int:
    """How many rows stand above a page that htmx adds."""
    raw = params.get("shown", "")
    return min(int(raw), MAX_SHOWN) if raw.isascii() and raw.isdigit() and len(raw) < 8 else 0


def history_header(request: HttpRequest, address: Address) -> str:
    """A new place in the history for each choice, but not for each letter of the search field."""
    before = QueryDict(urlsplit(request.htmx.current_url or "").query)
    typed = before.get("q") and request.GET.get("q") and before.get("q") != request.GET.get("q")
    return "HX-Replace-Url" if typed else "HX-Push-Url"
