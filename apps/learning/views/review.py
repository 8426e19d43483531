"""The review session: cards are asked one by one until none is due, then the day is summed up."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from apps.core.caching import readable_offline
from apps.core.errors import Conflict, Invalid, NotFound
from apps.courses.models import Course

from .. import charts
from ..card_forms import GradeForm
from ..models import Card
from ..selectors import sessions
from ..selectors.memory import forecast
from ..selectors.sessions import courses_with_cards
from ..selectors.tags import notes_about
from ..services import reviews as services
from ..wording import moment_names, weekday_name

HAND = 20  # cards fetched ahead
OFFLINE_HAND = 60
MOST_SKIPPED = 100
WEEK = 7


@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """The session; without scripts `turned` shows the answer of the card that is asked."""
    return _begun(request, hand=HAND)


@require_GET
@readable_offline
def review_offline(request: HttpRequest) -> HttpResponse:
    """The session as the browser keeps it: with more cards in hand."""
    return _begun(request, hand=OFFLINE_HAND)


def _begun(request: HttpRequest, *, hand: int) -> HttpResponse:
    now = timezone.now()
    course, notes = _course(request), _notes(request)
    cards = sessions.cards_to_ask(request.user, now, course=course, limit=hand, notes=notes)
    if not cards:
        return redirect("learning:review_done")
    chosen = request.GET.get("card", "")
    cards.sort(key=lambda card: str(card.pk) != chosen)
    asked = sessions.asked(cards, request.user, now)
    context = {
        "first": asked[0],
        "ahead": asked[1:],
        "turned": "turned" in request.GET and str(cards[0].pk) == chosen,
        "left": sessions.cards_left(request.user, now, course, notes),
        "now_ms": str(int(now.timestamp() * 1000)),
        "undoable": sessions.last_review(request.user, now) is not None,
        "query": f"?{urlencode(kept)}" if (kept := _kept(request)) else "",
    }
    return render(request, "learning/review/session.html", context)


@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """More cards for the session: all but those in hand (`skip`), or those of one `note`."""
    now = timezone.now()
    course, notes = _course(request), _notes(request)
    if "note" in request.GET:
        own = Card.objects.visible_to(request.user).filter(note_id=_numbers(request, "note")[0])
        found = list(own.select_related("note__lesson__course", "course"))
    else:
        skip = _numbers(request, "skip")[:MOST_SKIPPED]
        found = sessions.cards_to_ask(
            request.user, now, course=course, limit=HAND, skip=skip, notes=notes
        )
    context = {
        "asked": sessions.asked(found, request.user, now),
        "left": sessions.cards_left(request.user, now, course, notes),
    }
    return render(request, "learning/review/_more.html", context)


@require_POST
def grade(request: HttpRequest, card_id: int) -> HttpResponse:
    """A grade of the plain form; one sent twice counts once."""
    card = get_object_or_404(Card.objects.visible_to(request.user), pk=card_id)
    form = GradeForm(request.POST)
    if not form.is_valid():
        raise Invalid(errors=form.errors)
    # a Conflict is the same press before, or another page: that grade stands
    with suppress(Conflict):
        services.review_card(
            card=card,
            rating=form.cleaned_data["rating"],
            at=timezone.now(),
            seen_reps=form.cleaned_data["reps"],
        )
    return redirect(_session(request))


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the last grade of the day and show its card again."""
    now = timezone.now()
    last = sessions.last_review(request.user, now)
    if last is None or last.card is None:
        return redirect(_session(request))
    services.undo_review(card=last.card, at=now, review_id=last.pk)
    return redirect(f"{_session(request, card=last.card_id)}&turned")


@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """What the day came to, and what comes next."""
    now = timezone.now()
    week = forecast(request.user, now, days=WEEK + 1)[1:]
    heaviest = sessions.heaviest_day(week)
    summary = sessions.day_summary(request.user, now)
    left = sessions.cards_left(request.user, now, None)
    context = {
        "now": now,
        "summary": summary,
        "minutes": max(1, round(summary.seconds / 60)),
        "tomorrow": week[0].count,
        "tomorrow_minutes": sessions.minutes_for(request.user, week[0].count),
        "heaviest": heaviest if heaviest != week[0] else None,
        "heaviest_name": weekday_name(heaviest.day) if heaviest else "",
        "left": left,
        "left_minutes": sessions.minutes_for(request.user, left),
        "next_due": sessions.next_due(request.user, now),
        "has_cards": Card.objects.visible_to(request.user).exists(),
        "next_lesson": sessions.next_lesson(request.user, now),
        **_hardest(summary),
    }
    return render(request, "learning/review/done.html", context)


def _hardest(summary: sessions.Summary) -> dict[str, Any]:
    """The card that was nearest to being forgotten, with its curve."""
    found = summary.hardest
    if found is None or found.card is None:
        return {}
    stretches = sessions.stretches_of(found.card, timezone.now())
    names = moment_names(stretches, found.card)
    return {
        "hardest": sessions.title_of(found.card),
        "hardest_recall": round((found.retrievability or 0) * 100),
        "curve": {
            "desk": charts.forgetting(stretches, names, charts.DESK_CURVE),
            "phone": charts.forgetting(stretches, names, charts.PHONE_CURVE),
        },
    }


def _course(request: HttpRequest) -> Course | None:
    """The deck that `course` names."""
    if not request.GET.get("course"):
        return None
    return get_object_or_404(courses_with_cards(request.user), pk=_numbers(request, "course")[0])


def _notes(request: HttpRequest) -> list[int] | None:
    """The student's notes about what `concept` names."""
    if not request.GET.get("concept"):
        return None
    return list(notes_about(request.user.pk, _numbers(request, "concept")[:1]))


def _kept(request: HttpRequest) -> dict[str, str]:
    """What the session was begun with."""
    asked = {name: request.GET.get(name, "") for name in ("course", "concept")}
    return {name: value for name, value in asked.items() if value.isdecimal()}


def _numbers(request: HttpRequest, name: str) -> list[int]:
    """Ids with commas between them; raises NotFound for anything else."""
    try:
        found = [int(each) for each in request.GET.get(name, "").split(",") if each]
    except ValueError as error:
        raise NotFound from error
    if any(not 0 < each < 2**63 for each in found) or (name != "skip" and not found):
        raise NotFound
    return found


def _session(request: HttpRequest, **query: object) -> str:
    """The session's address with what it was begun with."""
    query = {**_kept(request), **query}
    return reverse("learning:review") + (f"?{urlencode(query)}" if query else "")
