"""Own notes and bookmarks: beside a lesson, each on its own, and all of them.

A script that asks for JSON gets the note as the page shows it; a form gets pages.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from apps.core.api import wants_json
from apps.core.errors import Invalid
from apps.core.markdown import headings
from apps.core.pagination import paginate
from apps.courses.models import Course, Lesson

from ..forms.annotations import BLANK_CARD, AnnotationForm, NewAnnotationForm, PassageCardForm
from ..models import Annotation, NoteKind
from ..selectors import annotations as selectors
from ..selectors.lessons import get_lesson
from ..services import annotations as services
from ..services import notes as cards

PAGE = 50


@require_http_methods(["GET", "POST"])
def lesson_notes(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """The notes of a lesson as a page of their own, and where new ones are sent."""
    lesson = get_lesson(request.user, lesson_id)
    form = NewAnnotationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            note, _made = services.annotate(
                student=request.user,
                lesson=lesson,
                text=form.cleaned_data["text"],
                spot=form.spot(),
                key=form.cleaned_data["key"],
                at=timezone.now(),
            )
        except Invalid as error:
            _tell(form, error)
        else:
            return _saved(request, note, back=request.path)
    if form.errors and wants_json(request):
        return JsonResponse({"errors": form.errors}, status=422)
    context = {
        "lesson": lesson,
        "course": lesson.course,
        "form": form,
        "annotations": selectors.annotations_in(request.user, lesson),
        "sections": [each for each in headings(lesson.content) if each.level < 4],
    }
    status = 422 if form.errors else 200
    return render(request, "learning/notes/lesson.html", context, status=status)


@require_http_methods(["GET", "POST"])
def annotation(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one note; one that was changed elsewhere meanwhile is shown, not overwritten."""
    note = _own(request, pk)
    initial = {"text": note.text, "seen": note.revision}
    form = AnnotationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.change_annotation(
                annotation=note, at=timezone.now(), **form.cleaned_data
            )
        except services.ChangedMeanwhile as error:
            return _changed_meanwhile(request, note, form.cleaned_data["text"], str(error))
        return _saved(request, changed, back=reverse("learning:notes"))
    if form.errors and wants_json(request):
        return JsonResponse({"errors": form.errors}, status=422)
    context = {"note": note, "form": form}
    status = 422 if form.errors else 200
    return render(request, "learning/notes/edit.html", context, status=status)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    note = _own(request, pk)
    services.delete_annotation(annotation=note)
    undo = reverse("learning:restore_annotation", args=[pk])
    if wants_json(request):
        return JsonResponse({"undo": undo})
    if request.htmx:
        told = {"text": _("The note is deleted."), "action": {"label": _("Undo"), "url": undo}}
        return trigger_client_event(HttpResponse(), "toast", told)
    return redirect(f"{reverse('learning:notes')}?deleted={pk}")


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    note = services.restore_annotation(student=request.user, annotation_id=pk)
    if wants_json(request):
        return _saved(request, note, back="")
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    messages.success(request, _("The note is back."))
    return redirect(reverse("learning:notes"))


# ── Cards ─────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """A card from a note: what it stands at is the answer offered, or what was written."""
    note = _own(request, pk)
    initial = {"front": note.text if note.quote else "", "back": note.quote or note.text}
    form = PassageCardForm(request.POST or None, initial=initial)
    lesson = Lesson.objects.filter(pk=note.lesson_id).first()
    if form.is_valid() and _make_card(request, form, note.course, lesson):
        messages.success(request, _("The card is in your deck."))
        return redirect(reverse("learning:notes"))
    context = {"note": note, "form": form}
    return render(request, "learning/notes/card.html", context, status=422 if form.errors else 200)


@require_POST
def passage_card(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """A card from words that were selected in the lesson."""
    lesson = get_lesson(request.user, lesson_id)
    form = PassageCardForm(request.POST)
    if form.is_valid() and _make_card(request, form, lesson.course, lesson):
        context = {"card_form": BLANK_CARD, "lesson": lesson, "course": lesson.course}
        answer = render(request, "learning/notes/_card_form.html", context)
        trigger_client_event(answer, "toast", {"text": _("The card is in your deck.")})
        return trigger_client_event(answer, "dialog:close")
    context = {"card_form": form, "lesson": lesson, "course": lesson.course}
    return render(request, "learning/notes/_card_form.html", context, status=422)


def _make_card(
    request: HttpRequest, form: PassageCardForm, course: Course, lesson: Lesson | None
) -> bool:
    try:
        cards.add_note(
            student=request.user,
            kind=NoteKind.BASIC,
            course=course,
            lesson=lesson,
            at=timezone.now(),
            **form.cleaned_data,
        )
    except Invalid as error:
        _tell(form, error)
        return False
    return True


# ── All of them ───────────────────────────────────────────────────────────────────────────────
@require_GET
def notes(request: HttpRequest) -> HttpResponse:
    """All own notes, those of a course, or those that hold some words; lost lessons' too."""
    words = request.GET.get("q", "").strip()[:200]
    courses = selectors.courses_annotated(request.user)
    wanted = request.GET.get("course", "")
    course = next((each for each in courses if str(each.pk) == wanted), None)
    found = selectors.annotations_found(
        request.user, words=words, course_id=course.pk if course else None
    )
    page = paginate(
        found, ordering=selectors.ORDERING, cursor=request.GET.get("cursor"), limit=PAGE
    )
    context = {
        "page": page,
        "readable": selectors.readable_lessons(request.user, page.items),
        "words": words,
        "course": course,
        "courses": courses,
        "total": sum(each.notes for each in courses),
    }
    if request.htmx and "cursor" in request.GET:
        return render(request, "learning/notes/_rows.html", context)
    return render(request, "learning/notes/all.html", context)


@require_GET
def notes_export(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        selectors.as_markdown(request.user),
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="notes.md"'},
    )


def _own(request: HttpRequest, pk: int) -> Annotation:
    rows = Annotation.objects.visible_to(request.user).select_related("course")
    return get_object_or_404(rows, pk=pk)


def _tell(form: Any, error: Invalid) -> None:
    for name, texts in error.errors.items():
        form.add_error(name if name in form.fields else None, texts)


def _saved(request: HttpRequest, note: Annotation, *, back: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(_as_json(request, note))
    messages.success(request, _("Saved."))
    return redirect(back)


def _changed_meanwhile(
    request: HttpRequest, note: Annotation, text: str, told: str
) -> HttpResponse:
    """The note as it is now beside what was to be saved."""
    now = _own(request, note.pk)
    if wants_json(request):
        return JsonResponse({"detail": told, **_as_json(request, now)}, status=409)
    form = AnnotationForm(initial={"text": text, "seen": now.revision})
    context = {"note": now, "form": form, "theirs": now.text or _("(nothing)")}
    return render(request, "learning/notes/edit.html", context, status=409)


def _as_json(request: HttpRequest, note: Annotation) -> dict[str, Any]:
    return {
        "id": note.pk,
        "revision": note.revision,
        "text": note.text,
        "html": render_to_string("learning/notes/_note.html", {"note": note}, request),
    }
