"""Questions of a course from a file and into one: read, looked at, then taken."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.requests import PersonalRequest
from apps.core.errors import DomainError
from apps.courses.models import Course

from ..formats import found, gift, moodle_xml
from ..forms.files import QuestionsExportForm, QuestionsTargetForm, UploadForm
from ..models import Import
from ..selectors import imports as selectors
from ..selectors.questions_out import drafts_out
from ..services import imports as services
from .downloads import attachment
from .scope import course_of

PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def questions_import(request: PersonalRequest, pk: int) -> HttpResponse:
    """Read a file; nothing goes to the bank before the next page is confirmed."""
    course = course_of(request.user, pk)
    bound = request.method == "POST"
    data = (request.POST, request.FILES) if bound else ()
    form = UploadForm(*data, limit=found.MAX_BYTES)
    if bound and form.is_valid():
        try:
            kept = services.keep_questions(
                owner=request.user,
                course=course,
                name=form.name(),
                content=form.content(),
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error("file" if form.name() else "text", str(error))
        else:
            return redirect("learning:questions_import_preview", course.pk, kept.pk)
    context = {"course": course, "form": form}
    status = 422 if bound else 200
    return render(request, "learning/files/questions_import.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def questions_import_preview(request: PersonalRequest, pk: int, import_id: int) -> HttpResponse:
    """Every question as it will be; confirming takes them, once. Afterwards: what became of them."""
    course = course_of(request.user, pk)
    kept = _kept(request, course, import_id)
    bound = request.method == "POST"
    form = QuestionsTargetForm(request.POST if bound else None, course=course)
    if bound and kept.count and form.is_valid():
        services.confirm(kept=kept, choices=form.choices(), at=timezone.now())
        return redirect("learning:questions_import_preview", course.pk, kept.pk)
    context = {"course": course, "kept": kept, "form": form}
    if kept.confirmed_at is not None:
        context["is_open"] = services.is_under_way(kept)
        template = "_import_state" if request.htmx else "questions_imported"
        return render(request, f"learning/files/{template}.html", context)
    context |= _entries(request, kept)
    template = "_entries" if request.htmx and "from" in request.GET else "questions_preview"
    status = 422 if bound else 200
    return render(request, f"learning/files/{template}.html", context, status=status)


def _entries(request: HttpRequest, kept: Import) -> dict[str, Any]:
    """A page of the file's questions, and how many are there already."""
    entries = selectors.question_entries(kept)
    asked = request.GET.get("from", "")
    start = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    end = start + PAGE
    return {
        "entries": entries[start:end],
        "next": end if end < len(entries) else None,
        "shown": min(end, len(entries)),
        "there": sum(entry.is_there for entry in entries),
    }


@require_safe
def questions_export(request: PersonalRequest, pk: int) -> HttpResponse:
    """With a format chosen the file itself; without one the choice, and what each leaves out."""
    course = course_of(request.user, pk)
    form = QuestionsExportForm(request.GET if "format" in request.GET else None, course=course)
    if form.is_bound and form.is_valid():
        drafts = drafts_out(course, form.cleaned_data["lesson"])
        if form.cleaned_data["format"] == "gift":
            written, kind, suffix = gift.write(drafts, category=course.title), "text/plain", "gift"
        else:
            written = moodle_xml.write(drafts, category=course.title)
            kind, suffix = "application/xml", "xml"
        return attachment(written.content.encode(), kind, f"{course.slug}-questions.{suffix}")
    drafts = drafts_out(course)
    context = {
        "course": course,
        "form": form,
        "count": len(drafts),
        "lost": [
            ("GIFT", gift.write(drafts).left_out),
            ("Moodle XML", moodle_xml.write(drafts).left_out),
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "learning/files/questions_export.html", context, status=status)


def _kept(request: PersonalRequest, course: Course, import_id: int) -> Import:
    rows = Import.objects.visible_to(request.user).filter(course=course).select_related("job")
    return get_object_or_404(rows, pk=import_id)
