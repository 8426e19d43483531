"""The concepts of a course in its teacher's hands: listed, edited in place, ordered, merged."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.requests import PersonalRequest
from apps.core.errors import DomainError, Invalid, NotFound
from apps.courses.models import Course

from ..forms.concepts import ConceptForm, MergeForm, NewConceptForm, TagsForm
from ..models import Concept, ConceptProposal, Prerequisite, ProposalStatus
from ..selectors.concept_list import listed_concept, listed_concepts
from ..selectors.tags import concepts_of_lessons
from ..services import concepts as services
from .scope import check_right, course_of, lesson_of


@require_safe
def concepts(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    return _list(request, course, NewConceptForm())


@require_POST
def add(request: PersonalRequest, pk: int) -> HttpResponse:
    """By its name; the rest is edited in place. For htmx the list, ready for the next one."""
    course = course_of(request.user, pk)
    form = NewConceptForm(request.POST)
    if form.is_valid():
        try:
            services.add_concept(course=course, name=form.cleaned_data["name"], at=timezone.now())
        except DomainError as error:
            form.add_error("name", told(error))
    if not form.is_valid():
        return _list(request, course, form, status=422)
    if request.htmx:
        return _list(request, course, NewConceptForm())
    return redirect("learning:concepts", course.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonalRequest, pk: int) -> HttpResponse:
    """In place of the row; without scripts on a page of its own."""
    concept = concept_of(request.user, pk)
    form = ConceptForm(request.POST or None, listed=listed_concept(concept))
    if form.is_bound and form.is_valid():
        try:
            services.edit_concept(
                concept=concept,
                changes=form.changes(),
                needs=form.needs,
                lessons=form.cleaned_data["lessons"],
                at=timezone.now(),
            )
        except DomainError as error:
            _put(error, form)
        else:
            return _row(request, concept)
    status = 422 if form.is_bound else 200
    template = "_concept_form" if request.htmx else "concept"
    context = {"form": form, "concept": concept, "course": concept.course}
    return render(request, f"learning/concepts/{template}.html", context, status=status)


@require_safe
def row(request: PersonalRequest, pk: int) -> HttpResponse:
    """The row again, when an edit is given up."""
    return _row(request, concept_of(request.user, pk))


@require_POST
def move(request: PersonalRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    concept = concept_of(request.user, pk)
    course = concept.course
    ids = list(Concept.objects.filter(course=course).in_order().values_list("pk", flat=True))
    here = ids.index(concept.pk)
    there = here + (-1 if request.POST.get("direction") == "up" else 1)
    if 0 <= there < len(ids):
        ids[here], ids[there] = ids[there], ids[here]
        services.reorder_concepts(course=course, ids=ids, at=timezone.now())
    if request.htmx:
        return _list(request, course, NewConceptForm())
    return redirect(_address(concept))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: PersonalRequest, pk: int) -> HttpResponse:
    """Asked before it is done: it goes for good, or into another one that takes over what it has."""
    concept = concept_of(request.user, pk)
    form = MergeForm(request.POST if "merge" in request.POST else None, concept=concept)
    said = {"name": concept.name}
    if request.method == "POST" and not form.is_bound:
        services.delete_concept(concept=concept, at=timezone.now())
        messages.success(request, _("“%(name)s” is deleted.") % said)
        return redirect("learning:concepts", concept.course_id)
    if form.is_bound and form.is_valid():
        into = form.cleaned_data["into"]
        services.merge_concepts(concept=concept, into=into, at=timezone.now())
        messages.success(
            request, _("“%(name)s” is now part of “%(into)s”.") % {**said, "into": into.name}
        )
        return redirect("learning:concepts", concept.course_id)
    context = {"concept": concept, "course": concept.course, "form": form}
    context["listed"] = listed_concept(concept)
    status = 422 if form.is_bound else 200
    return render(request, "learning/concepts/delete.html", context, status=status)


# ── Edges that were proposed ──────────────────────────────────────────────────────────────────
@require_POST
def need(request: PersonalRequest, pk: int, other_id: int) -> HttpResponse:
    """Confirm an edge, or with `remove` take it out."""
    concept = concept_of(request.user, pk)
    edge = Prerequisite.objects.filter(advanced=concept, prerequisite=other_id).first()
    if edge is not None:
        ends = {"advanced": concept, "prerequisite": edge.prerequisite, "at": timezone.now()}
        if "remove" in request.POST:
            services.disconnect(**ends)
        else:
            services.connect(**ends, weight=edge.weight)
    return _row(request, concept)


@require_POST
def confirm(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    services.confirm_edges(course=course, at=timezone.now())
    if request.htmx:
        return _list(request, course, NewConceptForm())
    return redirect("learning:concepts", course.pk)


# ── The concepts of a lesson ──────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def of_lesson(request: PersonalRequest, pk: int) -> HttpResponse:
    """What the lesson teaches: a panel in the course editor, without scripts a page of its own."""
    lesson = lesson_of(request.user, pk)
    chosen = concepts_of_lessons([lesson.pk]).get(lesson.pk, ())
    data = request.POST if request.method == "POST" else None
    form = TagsForm(data, course=lesson.course, chosen=chosen)
    saved = False
    if form.is_bound and form.is_valid():
        ids = form.cleaned_data["concepts"]
        try:
            services.tag_lesson(lesson=lesson, concepts=ids, at=timezone.now())
            saved = True
        except DomainError as error:
            form.add_error("concepts", told(error))
    if saved and not request.htmx:
        messages.success(request, _("The concepts of the lesson are saved."))
        return redirect("learning:lesson_concepts", lesson.pk)
    context = {"lesson": lesson, "course": lesson.course, "form": form, "saved": saved}
    status = 422 if form.is_bound and not saved else 200
    template = "_lesson" if request.htmx else "lesson"
    return render(request, f"learning/concepts/{template}.html", context, status=status)


# ── What the pages show ───────────────────────────────────────────────────────────────────────
def concept_of(user: User, pk: int) -> Concept:
    check_right(user)
    found = Concept.objects.editable_by(user).select_related("course").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def told(error: DomainError) -> str:
    """The first thing that is wrong, for the one field there is."""
    if isinstance(error, Invalid) and error.errors:
        return str(next(iter(error.errors.values()))[0])
    return str(error)


def tabs_context(course: Course) -> dict[str, Any]:
    waiting = ConceptProposal.objects.filter(course=course, status=ProposalStatus.OPEN)
    return {"course": course, "waiting": waiting.count()}


def _put(error: DomainError, form: ConceptForm) -> None:
    errors = error.errors if isinstance(error, Invalid) else {}
    for field, texts in errors.items():
        if field in form.fields:
            form.add_error(field, str(texts[0]))
        else:
            form.needs_error = str(texts[0])
    if not errors:
        form.add_error(None, str(error))


def _list(
    request: PersonalRequest, course: Course, form: NewConceptForm, *, status: int = 200
) -> HttpResponse:
    rows = listed_concepts(course)
    context = {
        **tabs_context(course),
        "rows": rows,
        "form": form,
        "unconfirmed": sum(not need.confirmed for row in rows for need in row.needs),
        "untaught": sum(not row.lessons for row in rows),
    }
    template = "_list" if request.htmx else "concepts"
    return render(request, f"learning/concepts/{template}.html", context, status=status)


def _row(request: PersonalRequest, concept: Concept) -> HttpResponse:
    if not request.htmx:
        return redirect(_address(concept))
    listed = listed_concept(concept)
    return render(request, "learning/concepts/_row.html", {"row": listed, "course": concept.course})


def _address(concept: Concept) -> str:
    return reverse("learning:concepts", args=[concept.course_id]) + f"#concept-{concept.pk}"
