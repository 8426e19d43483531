"""The landing page, the same for every visitor of a language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from ..selectors import popular_courses
from .figures import figures
from .picture import ahead
from .question import Asked, Option, question_for

POPULAR = 4


def landing(request: HttpRequest) -> HttpResponse:
    """`?answer=` with an option's id shows what follows, for who has no scripts."""
    now = timezone.now()
    asked = question_for(get_language() or "en")
    chosen = _chosen(asked, request.GET.get("answer", ""))
    context = {
        "popular": popular_courses(count=POPULAR),
        "asked": asked,
        "chosen": chosen,
        "state": _state(chosen),
        "ahead": {"wrong": ahead(now, is_right=False), "right": ahead(now, is_right=True)},
        "figures": figures(),
        "site": settings.SITE_URL,
    }
    return render(request, "pages/landing.html", context)


def _chosen(asked: Asked, given: str) -> Option | None:
    return next((each for each in asked.shown.options if str(each.id) == given), None)


def _state(chosen: Option | None) -> str:
    if chosen is None:
        return "asked"
    return "right" if chosen.is_right else "wrong"
