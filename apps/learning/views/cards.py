"""Decks and cards: looking them through, writing them, suspending and deleting."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from apps.core.errors import Invalid, NotFound
from apps.core.pagination import paginate

from ..card_forms import NoteForm, PreviewForm
from ..engine import cloze
from ..models import Card, Note, NoteKind
from ..selectors import decks, sessions
from ..selectors.cards import decks_of
from ..services import notes, restoring, reviews

PAGE = 30
MOST_AT_ONCE = 200


@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """All decks, or the cards of all decks that hold what was looked for."""
    words = request.GET.get("q", "").strip()
    if words:
        return _list(request, decks.cards_found(request.user, words=words), {"words": words})
    found = decks_of(request.user, timezone.now())
    context = {"decks": found, "due": sum(deck.due for deck in found)}
    context["minutes"] = sessions.minutes_for(request.user, context["due"])
    return render(request, "learning/cards/decks.html", context)


@require_GET
def deck(request: HttpRequest, course_id: int) -> HttpResponse:
    """The cards of one course; 0 is the deck of those of no course."""
    words = request.GET.get("q", "").strip()
    if not course_id:
        found = decks.cards_of_no_course(request.user, words=words)
        return _list(request, found, {"words": words, "in_deck": True})
    course = get_object_or_404(sessions.courses_with_cards(request.user), pk=course_id)
    found = decks.cards_found(request.user, words=words, course=course)
    return _list(request, found, {"words": words, "in_deck": True, "course": course})


def _list(request: HttpRequest, found: Any, context: dict[str, Any]) -> HttpResponse:
    page = paginate(found, ordering=decks.ORDERING, cursor=request.GET.get("cursor"), limit=PAGE)
    context |= {"page": page, "now": timezone.now()}
    if request.htmx and "cursor" in request.GET:
        return render(request, "learning/cards/_rows.html", context)
    return render(request, "learning/cards/deck.html", context | {"total": found.count()})


# ── Writing ───────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "POST"])
def new_card(request: HttpRequest) -> HttpResponse:
    form = NoteForm(
        request.POST or None,
        student=request.user,
        initial={"course": request.GET.get("course"), "kind": request.GET.get("kind", "basic")},
    )
    if not form.is_valid():
        return _form(request, form)
    try:
        note, _made = notes.add_note(student=request.user, at=timezone.now(), **form.cleaned_data)
    except Invalid as error:
        return _form(request, _told(form, error.errors))
    made = note.cards.count()
    messages.success(
        request,
        ngettext("%(n)d card added.", "%(n)d cards added.", made) % {"n": made},
    )
    again = f"?kind={note.kind}" + (f"&course={note.course_id}" if note.course_id else "")
    return redirect(reverse("learning:new_card") + again)


@require_http_methods(["GET", "POST"])
def edit_card(request: HttpRequest, note_id: int) -> HttpResponse:
    """The form of a note, on its own page or in the dialog of a review."""
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=note_id)
    form = NoteForm(
        request.POST or None,
        student=request.user,
        is_new=False,
        initial={"front": note.front, "back": note.back, "course": note.course_id},
    )
    if not form.is_valid():
        return _form(request, form, note)
    changes = dict(form.cleaned_data)
    if changes["course"] is None and note.course_id and "course" not in form.changed_data:
        del changes["course"]
    try:
        notes.edit_note(note=note, changes=changes, at=timezone.now())
    except Invalid as error:
        return _form(request, _told(form, error.errors), note)
    if request.htmx:
        answer = trigger_client_event(HttpResponse(), "note:changed", {"note": note.pk})
        return trigger_client_event(answer, "dialog:close")
    messages.success(request, _("Saved."))
    return redirect(_back(request, note))


def _told(form: NoteForm, errors: Mapping[str, Any]) -> NoteForm:
    for name, texts in errors.items():
        form.add_error(name if name in form.fields else None, texts)
    return form


def _form(request: HttpRequest, form: NoteForm, note: Note | None = None) -> HttpResponse:
    kind = note.kind if note else str(form["kind"].value())
    context = {
        "form": form,
        "note": note,
        "kind": kind,
        "next": request.GET.get("next", ""),
        "open": "{{",
        "close": "}}",
        **_sides(kind, str(form["front"].value() or ""), str(form["back"].value() or "")),
    }
    name = "learning/cards/_form.html" if request.htmx else "learning/cards/write.html"
    answer = render(request, name, context, status=422 if form.errors else 200)
    if request.htmx and not form.errors:
        return trigger_client_event(answer, "dialog:open", "card-dialog", after="settle")
    return answer


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The card as it is being written."""
    form = PreviewForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=204)
    data = form.cleaned_data
    context = _sides(data["kind"], data["front"], data["back"])
    return render(request, "learning/cards/_preview.html", context | {"kind": data["kind"]})


def _sides(kind: str, front: str, back: str) -> dict[str, Any]:
    """The first card that these texts make."""
    gaps = cloze.numbers(front) if kind == NoteKind.CLOZE else []
    note = Note(kind=kind if gaps else NoteKind.BASIC, front=front, back=back)
    sides = sessions.faces(Card(note=note, ordinal=gaps[0] if gaps else 0))
    return {"sides": SimpleNamespace(**sides), "gaps": len(gaps)}


# ── Suspending and deleting ───────────────────────────────────────────────────────────────────
@require_POST
def suspend(request: HttpRequest) -> HttpResponse:
    """Suspend the cards named `card` (or the `only` one of a row), or `do` resume them."""
    wanted = [request.GET["only"]] if "only" in request.GET else request.POST.getlist("card")
    ids = [pk for pk in wanted if pk.isdecimal() and len(pk) < 19]
    own = Card.objects.visible_to(request.user).filter(pk__in=ids[:MOST_AT_ONCE])
    found = list(own.order_by("pk"))
    if wanted and not found:
        raise NotFound
    resumes = request.POST.get("do") == "resume"
    change = reviews.resume_card if resumes else reviews.suspend_card
    now = timezone.now()
    for card in found:
        change(card=card, at=now)
    count = len(found)
    if resumes:
        text = ngettext("%(n)d card resumed.", "%(n)d cards resumed.", count) % {"n": count}
    else:
        text = ngettext("%(n)d card suspended.", "%(n)d cards suspended.", count) % {"n": count}
    if request.htmx:
        return trigger_client_event(HttpResponse(status=204), "toast", _undoing(text, found[:1]))
    messages.success(request, text)
    return redirect(_back(request))


def _undoing(text: str, cards: list[Card]) -> dict[str, Any]:
    """The toast of a card suspended in a review."""
    if not cards:
        return {"text": text}
    url = reverse("learning:resume_card", args=[cards[0].pk])
    return {"text": text, "action": {"label": _("Undo"), "url": url}}


@require_POST
def resume(request: HttpRequest, card_id: int) -> HttpResponse:
    """Undo of suspending a card in a review: it is asked again when its turn comes."""
    card = get_object_or_404(Card.objects.visible_to(request.user), pk=card_id)
    reviews.resume_card(card=card, at=timezone.now())
    if request.htmx:
        told = {"text": _("The card is back."), "level": "ok"}
        answer = trigger_client_event(HttpResponse(status=204), "toast", told)
        return trigger_client_event(answer, "card:resumed")
    return redirect(_back(request))


@require_POST
def delete(request: HttpRequest, note_id: int) -> HttpResponse:
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=note_id)
    restoring.delete_note_for_now(note=note, at=timezone.now())
    if not request.htmx:
        return redirect(f"{_back(request, note)}?deleted={note_id}")
    told = {
        "text": _("The card is deleted."),
        "action": {"label": _("Undo"), "url": reverse("learning:restore_card", args=[note_id])},
    }
    return trigger_client_event(HttpResponse(), "toast", told)


@require_POST
def restore(request: HttpRequest, note_id: int) -> HttpResponse:
    note = restoring.restore_note(student=request.user, note_id=note_id, at=timezone.now())
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    messages.success(request, _("The card is back."))
    return redirect(_back(request, note))


def _back(request: HttpRequest, note: Note | None = None) -> str:
    """Where one came from: the review, or the deck of the note."""
    wanted = request.POST.get("next") or request.GET.get("next")
    if wanted == "review":
        return reverse("learning:review")
    if note is not None:
        return reverse("learning:deck", args=[note.course_id or 0])
    if wanted and wanted.isdecimal() and len(wanted) < 10:
        return reverse("learning:deck", args=[int(wanted)])
    return reverse("learning:cards")
