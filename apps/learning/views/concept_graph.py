"""The studio's graph of concepts on a canvas: each change is saved at once and can be taken back."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonalRequest
from apps.core.errors import Invalid
from apps.courses.models import Course

from ..forms.concepts_graph import ConceptForm, EdgeForm, NameForm
from ..models import Concept, Prerequisite
from ..selectors.drawn_graph import drawn
from ..selectors.graph import graph_of
from ..services import concepts as services
from .concepts import tabs_context
from .scope import course_of

FIELDS = ("name", "description", "importance")


@dataclass(frozen=True)
class Undo:
    """The form that takes the last step back."""

    url: str
    fields: dict[str, Any]


@require_safe
def graph(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    asked = request.GET.get("concept", "")
    concepts = Concept.objects.filter(course=course).in_order()
    chosen = concepts.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None
    context = _context(course, chosen or concepts.first()) | tabs_context(course)
    return render(request, "learning/studio/concept_graph.html", context)


@require_safe
def concept(request: PersonalRequest, pk: int, concept_id: int) -> HttpResponse:
    course = course_of(request.user, pk)
    context = _context(course, _concept(course, concept_id))
    return render(request, "learning/studio/_graph_concept.html", context)


# ── Changing ──────────────────────────────────────────────────────────────────────────────────
@require_POST
def add(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    values = _checked(NameForm(request.POST))
    made = services.add_concept(course=course, name=values["name"], at=timezone.now())
    undo = Undo(reverse("learning:concept_graph_delete", args=[course.pk, made.pk]), {})
    return _changed(request, course, made, undo)


@require_POST
def change(request: PersonalRequest, pk: int, concept_id: int) -> HttpResponse:
    """Name, description and importance; what is being typed meanwhile is left alone."""
    course = course_of(request.user, pk)
    found = _concept(course, concept_id)
    before = {name: getattr(found, name) for name in FIELDS}
    values = _checked(ConceptForm(request.POST))
    found = services.change_concept(concept=found, changes=values, at=timezone.now())
    is_undone = "undone" in request.POST
    undo = None if is_undone else Undo(request.path, {**before, "undone": 1})
    return _changed(request, course, found, undo, shows_panel=is_undone)


@require_POST
def delete(request: PersonalRequest, pk: int, concept_id: int) -> HttpResponse:
    course = course_of(request.user, pk)
    services.delete_concept(concept=_concept(course, concept_id), at=timezone.now())
    return _changed(request, course, Concept.objects.filter(course=course).in_order().first())


@require_POST
def connect(request: PersonalRequest, pk: int) -> HttpResponse:
    """The edge is new, or gets another weight or the teacher's word."""
    course = course_of(request.user, pk)
    values = _checked(EdgeForm(request.POST, course_id=course.pk))
    source, target = values["source"], values["target"]
    before = Prerequisite.objects.filter(advanced=target, prerequisite=source).first()
    services.connect(
        advanced=target,
        prerequisite=source,
        weight=values["weight"] or (before.weight if before else services.DEFAULT_WEIGHT),
        at=timezone.now(),
        confirmed=values["confirmed"],
    )
    undo = _edge_undo(before) if before else Undo(_url("disconnect", course), _ends(source, target))
    return _changed(request, course, _shown(request, course, target), undo)


@require_POST
def disconnect(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    values = _checked(EdgeForm(request.POST, course_id=course.pk))
    source, target = values["source"], values["target"]
    before = Prerequisite.objects.filter(advanced=target, prerequisite=source).first()
    services.disconnect(advanced=target, prerequisite=source, at=timezone.now())
    undo = _edge_undo(before) if before else None
    return _changed(request, course, _shown(request, course, target), undo)


def _edge_undo(edge: Prerequisite) -> Undo:
    fields = {
        "source": edge.prerequisite_id,
        "target": edge.advanced_id,
        "weight": edge.weight,
        **({"confirmed": 1} if edge.confirmed else {}),
    }
    return Undo(reverse("learning:concept_graph_connect", args=[edge.course_id]), fields)


def _ends(source: Concept, target: Concept) -> dict[str, Any]:
    return {"source": source.pk, "target": target.pk}


def _url(action: str, course: Course) -> str:
    return reverse(f"learning:concept_graph_{action}", args=[course.pk])


# ── Answers ───────────────────────────────────────────────────────────────────────────────────
def _concept(course: Course, pk: int) -> Concept:
    return get_object_or_404(Concept, course=course, pk=pk)


def _shown(request: PersonalRequest, course: Course, otherwise: Concept) -> Concept:
    """The concept whose panel the change was made in."""
    asked = request.POST.get("shown", "")
    if asked.isdecimal() and len(asked) < 19:
        return Concept.objects.filter(course=course, pk=asked).first() or otherwise
    return otherwise


def _checked(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise Invalid(next(iter(form.errors.values()))[0], errors=form.errors)
    return form.cleaned_data


def _changed(
    request: PersonalRequest,
    course: Course,
    chosen: Concept | None,
    undo: Undo | None = None,
    *,
    shows_panel: bool = True,
) -> HttpResponse:
    """The graph as it is now, with the panel of a concept and the way back."""
    if not request.htmx:
        address = reverse("learning:concept_graph", args=[course.pk])
        return redirect(f"{address}?concept={chosen.pk}" if chosen else address)
    context = {**_context(course, chosen), "undo": undo, "shows_panel": shows_panel}
    return render(request, "learning/studio/_graph_changed.html", context)


def _context(course: Course, chosen: Concept | None) -> dict[str, Any]:
    found = graph_of(course.pk)
    by_id = {each.pk: each for each in found.concepts}
    context = {
        "course": course,
        "graph": drawn(found),
        "concept": chosen,
        "count": len(found.concepts),
        "url": reverse("learning:concept_graph_concept", args=[course.pk, 0]),
        "form": None,
    }
    if chosen is None:
        return context
    near = {chosen.pk, *found.needs[chosen.pk], *found.opens[chosen.pk]}
    return context | {
        "form": ConceptForm(initial={name: getattr(chosen, name) for name in FIELDS}),
        "needs": [
            (by_id[edge.prerequisite], edge) for edge in found.edges if edge.advanced == chosen.pk
        ],
        "opens": [
            (by_id[edge.advanced], edge) for edge in found.edges if edge.prerequisite == chosen.pk
        ],
        "others": [each for each in found.concepts if each.pk not in near],
    }
