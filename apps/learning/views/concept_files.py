"""Concepts of a course as a table, in and out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.requests import PersonalRequest
from apps.core.errors import DomainError

from ..formats import csv_concepts, found
from ..forms.files import UploadForm
from ..services import concept_files as services
from .concepts import tabs_context
from .downloads import attachment
from .scope import course_of

TOLD = 50  # problems of a table, by line


@require_http_methods(["GET", "HEAD", "POST"])
def concepts_import(request: PersonalRequest, pk: int) -> HttpResponse:
    """All of the table or nothing; what is wrong is told by line."""
    course = course_of(request.user, pk)
    bound = request.method == "POST"
    data = (request.POST, request.FILES) if bound else ()
    form = UploadForm(*data, limit=csv_concepts.MAX_BYTES)
    problems: list[tuple[int, str]] = []
    if bound and form.is_valid():
        try:
            text = found.decoded(form.content(), limit=csv_concepts.MAX_BYTES)
            report = services.import_concepts(course=course, text=text, at=timezone.now())
        except DomainError as error:
            form.add_error("file" if form.name() else "text", str(error))
        else:
            if not report.problems:
                said = {"added": report.added, "changed": report.changed}
                messages.success(
                    request, _("Taken: %(added)s new concepts, %(changed)s changed.") % said
                )
                return redirect("learning:concepts", course.pk)
            problems = report.problems
    context = {
        **tabs_context(course),
        "form": form,
        "problems": problems[:TOLD],
        "problems_left": max(0, len(problems) - TOLD),
    }
    status = 422 if bound else 200
    return render(request, "learning/concepts/import.html", context, status=status)


@require_safe
def concepts_export(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    table = services.export_concepts(course)
    return attachment(table.encode(), "text/csv", f"{course.slug}-concepts.csv")
