"""The catalogue page, its streaming parts, suggestions, and the settings of a personal order."""

import hashlib
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Interest, User
from apps.accounts.selectors import interests_of
from apps.accounts.services import choose_interests, update_profile
from apps.core.caching import public_for_visitors
from apps.core.errors import Invalid

from . import queries, selectors, services
from .cache import revision
from .filters import Address, active_filters, filter_groups, sorts
from .forms import InterestsForm, branches
from .prices import CURRENCY_OF_READER

PAGE = 20
MAX_SHOWN = 1_000_000
CACHED_FOR = 60  # seconds; a change of the index forgets it earlier
PERSONAL_COOKIES = {settings.SESSION_COOKIE_NAME, "messages"}


@login_not_required
@require_safe
@public_for_visitors
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
    results = selectors.courses_for(request.user, reading.search, cursor=cursor, limit=PAGE)
    search = replace(reading.search, text=results.corrected or reading.search.text)
    courses = selectors.cards(results.ids)
    for course in courses:
        course.because = results.reasons.get(course.pk, "")
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
    found = selectors.with_cards(selectors.suggestions(text, request.user))
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


# ── Interests and the personal order ──────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def interests(request: HttpRequest) -> HttpResponse:
    """The settings page: what the person wants to learn, the order, what was searched for."""
    form, status = InterestsForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            subjects, words = form.cleaned_data["subjects"], form.cleaned_data["words"]
            try:
                choose_interests(user=request.user, subjects=subjects, words=words)
            except Invalid as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Saved."))
                return redirect("search:interests")
    subjects, words = chosen_in(form, request.user)
    context = {
        "form": form,
        "words": words,
        "branches": branches(subjects),
        "searches": selectors.recent_searches(request.user),
    }
    return render(request, "search/interests.html", context, status=status)


def chosen_in(form: InterestsForm, user: User) -> tuple[list[str], list[str]]:
    """Subjects and words: as sent, else as they are kept."""
    if form.is_bound:
        return form.data.getlist("subjects"), form.data.getlist("words")
    kept = [(row.kind, row.value) for row in interests_of(user)]
    subjects = [value for kind, value in kept if kind == Interest.Kind.SUBJECT]
    return subjects, [value for kind, value in kept if kind == Interest.Kind.WORDS]


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """What the topic that is being typed may become."""
    found = selectors.topics_like(request.GET.get("more", ""))
    return render(request, "search/_topics.html", {"topics": found})


@require_POST
def personal_order(request: HttpRequest) -> HttpResponse:
    """The switch: `wanted` when it is on."""
    wanted = "wanted" in request.POST
    update_profile(user=request.user, changes={"personal_order": wanted})
    messages.success(request, _("Saved."))
    return redirect("search:interests")


@require_POST
def remember_search(request: HttpRequest) -> HttpResponse:
    text = queries.read(request.POST).search.text
    if text:
        services.remember_search(user=request.user, text=text, at=timezone.now())
    return HttpResponse(status=204)


@require_POST
def forget_searches(request: HttpRequest) -> HttpResponse:
    services.forget_searches(user=request.user)
    messages.success(request, _("Your searches are forgotten."))
    return redirect("search:interests")
