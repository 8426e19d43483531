"""A student's cards from a file and into one: decks of Anki with their schedule, and tables."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.requests import PersonalRequest
from apps.core import markdown
from apps.core.errors import DomainError
from apps.core.slugs import slug_of

from ..formats import apkg, csv_cards
from ..formats.cards import FileNote, settled
from ..forms.files import EVERYTHING, NONE, CardsExportForm, CardsTargetForm, UploadForm
from ..models import Import, ImportFormat
from ..selectors import imports as selectors
from ..selectors.card_files import notes_for_file
from ..selectors.cards import Deck, decks_of
from ..selectors.schedule import schedule_of
from ..services import imports as services
from .downloads import attachment

SAMPLE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def cards_import(request: PersonalRequest) -> HttpResponse:
    """Read a file; no card is made before the next page is confirmed."""
    bound = request.method == "POST"
    data = (request.POST, request.FILES) if bound else ()
    form = UploadForm(*data, limit=csv_cards.MAX_BYTES)
    if bound and form.is_valid():
        try:
            kept = services.keep_cards(
                owner=request.user, name=form.name(), content=form.content(), at=timezone.now()
            )
        except DomainError as error:
            form.add_error("file" if form.name() else "text", str(error))
        else:
            return redirect("learning:cards_import_preview", kept.pk)
    status = 422 if bound else 200
    example = _(
        "front,back,deck\nCapital of Peru?,Lima,Geography\n"
        "{{c1::Lima}} is the capital of Peru.,,Geography"
    )
    context = {"form": form, "example": example}
    return render(request, "learning/files/cards_import.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def cards_import_preview(request: PersonalRequest, import_id: int) -> HttpResponse:
    """What is in the file and where it goes; confirming takes it, once. Afterwards: the result."""
    rows = Import.objects.visible_to(request.user).of_cards().select_related("job")
    kept = get_object_or_404(rows, pk=import_id)
    bound = request.method == "POST"
    known = services.courses_by_deck(request.user)
    form = CardsTargetForm(
        request.POST if bound else None,
        student=request.user,
        matches=sum(deck in known for deck, _count in kept.figures["decks"]),
        has_schedule=kept.format == ImportFormat.APKG,
    )
    if bound and kept.count and form.is_valid():
        services.confirm(kept=kept, choices=form.choices(), at=timezone.now())
        return redirect("learning:cards_import_preview", kept.pk)
    context: dict[str, Any] = {"kept": kept, "form": form}
    if kept.confirmed_at is not None:
        context["is_open"] = services.is_under_way(kept)
        template = "_import_state" if request.htmx else "cards_imported"
        return render(request, f"learning/files/{template}.html", context)
    notes = [selectors.note_restored(entry) for entry in selectors.entries_of(kept)]
    there = selectors.notes_there(request.user, notes, kept.format)
    context |= {
        "sample": [(settled(note) or note, note.key in there) for note in notes[:SAMPLE]],
        "there": len(there),
        "counts": _counts(kept),
        "fresh": len(notes) - len(there),
    }
    status = 422 if bound else 200
    return render(request, "learning/files/cards_preview.html", context, status=status)


def _counts(kept: Import) -> list[tuple[str, int]]:
    """What the schedule of the file says, if it has one."""
    if kept.format != ImportFormat.APKG:
        return []
    names = {
        "new": _("new cards"),
        "learning": _("cards being learnt"),
        "review": _("cards to review"),
        "suspended": _("suspended cards"),
    }
    return [(name, kept.figures[key]) for key, name in names.items()]


@require_safe
def cards_export(request: PersonalRequest) -> HttpResponse:
    """With deck and format chosen the file itself, without them the choice."""
    decks = decks_of(request.user, timezone.now())
    form = CardsExportForm(request.GET if "format" in request.GET else None, decks=decks)
    if decks and form.is_bound and form.is_valid():
        chosen = form.cleaned_data["deck"]
        course = next((deck.course for deck in decks if _value(deck) == chosen), None)
        notes = notes_for_file(
            request.user,
            course=course,
            everything=chosen == EVERYTHING,
            no_course=_("Without a course"),
        )
        name = slug_of(course.title) if course else "cards"
        return _file(request, notes, form.cleaned_data["format"], name)
    context = {"form": form, "decks": decks}
    status = 422 if decks and form.is_bound else 200
    return render(request, "learning/files/cards_export.html", context, status=status)


def _value(deck: Deck) -> str:
    return str(deck.course.pk) if deck.course else NONE


def _file(
    request: PersonalRequest, notes: Sequence[FileNote], kind: str, name: str
) -> HttpResponse:
    if kind == "csv":
        return attachment(csv_cards.write(notes).encode(), "text/csv", f"{name}.csv")
    schedule = schedule_of(request.user)
    content = apkg.write(
        notes,
        render=markdown.render,
        retention=schedule.retention,
        zone=schedule.zone,
        day_start=schedule.day_start,
        at=timezone.now(),
    )
    return attachment(content, "application/octet-stream", f"{name}.apkg")
