"""Why the platform thinks that a student knows a concept, and what the student says to that."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.core import limits
from apps.core.errors import NotFound

from ..models import Concept, Evidence
from ..selectors import mastery
from ..services import evidence as services

CHANGES_PER_HOUR = 60  # each folds the whole log anew, which takes seconds of a long one


@require_GET
def why(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A piece of the map's panel, or a page of its own without scripts."""
    return _shown(request, _concept(request, slug, pk))


@require_POST
def contest(request: HttpRequest, slug: str, pk: int, evidence_id: int) -> HttpResponse:
    """It counts no more."""
    concept = _concept(request, slug, pk)
    found = _contested(request, evidence_id)
    services.void(evidence=found, at=timezone.now())
    return _shown(request, concept)


@require_POST
def count(request: HttpRequest, slug: str, pk: int, evidence_id: int) -> HttpResponse:
    """What was contested counts again."""
    concept = _concept(request, slug, pk)
    found = _contested(request, evidence_id)
    services.unvoid(evidence=found, at=timezone.now())
    return _shown(request, concept)


def _concept(request: HttpRequest, slug: str, pk: int) -> Concept:
    """One of which the student's own log tells."""
    concepts = Concept.objects.select_related("course").filter(course__slug=slug)
    concept = get_object_or_404(concepts, pk=pk)
    if not mastery.has_evidence(request.user, concept):
        raise NotFound
    return concept


def _contested(request: HttpRequest, pk: int) -> Evidence:
    found = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    bucket = f"contest:{request.user.pk}"
    limits.take(bucket=bucket, limit=CHANGES_PER_HOUR, per=timedelta(hours=1))
    return found


def _shown(request: HttpRequest, concept: Concept) -> HttpResponse:
    if request.method == "POST" and not request.htmx:
        return redirect("learning:concept_why", concept.course.slug, concept.pk)
    context = {
        "concept": concept,
        "course": concept.course,
        "why": mastery.explanation(request.user, concept, timezone.now()),
    }
    template = "learning/mastery/_why.html" if request.htmx else "learning/mastery/why.html"
    return render(request, template, context)
