"""Concepts that an engine found: the search with its progress, and each accepted or declined."""

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from apps.accounts.models import User
from apps.accounts.requests import PersonalRequest
from apps.ai.selectors import credits_of
from apps.core.errors import DomainError, Invalid, NotFound
from apps.core.jobs import jobs_of
from apps.courses.models import Course

from ..forms.concepts import ProposalForm
from ..models import Concept, ConceptProposal, ProposalStatus
from ..services import concept_proposals as services
from .concepts import tabs_context
from .scope import check_right, course_of
from .studio import is_open


@require_safe
def proposals(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    return _page(request, course)


@require_POST
def start(request: PersonalRequest, pk: int) -> HttpResponse:
    """By a model, or with `offline` by the built-in engine."""
    course = course_of(request.user, pk)
    services.start_proposals(
        course=course, by=request.user, at=timezone.now(), offline="offline" in request.POST
    )
    if request.htmx:
        context = _making(request.user, course)
        return render(request, "learning/concepts/_making.html", context)
    return redirect("learning:concept_proposals", course.pk)


@require_safe
def making(request: PersonalRequest, pk: int) -> HttpResponse:
    """How far it is; asked again while it runs, and the page is told when it has ended."""
    course = course_of(request.user, pk)
    context = _making(request.user, course)
    answer = render(request, "learning/concepts/_making.html", context)
    if not context["is_making"]:
        trigger_client_event(answer, "concepts:found")
    return answer


@require_POST
def accept(request: PersonalRequest, pk: int) -> HttpResponse:
    """As it was edited in its form."""
    proposal = proposal_of(request.user, pk)
    form = ProposalForm(request.POST, auto_id=f"id_%s_{proposal.pk}")
    if form.is_valid():
        try:
            services.accept_proposal(
                proposal=proposal, changes=form.cleaned_data, at=timezone.now()
            )
        except DomainError as error:
            errors = error.errors if isinstance(error, Invalid) else {}
            for field, texts in errors.items():
                form.add_error(field if field in form.fields else None, str(texts[0]))
            if not errors:
                form.add_error("name", str(error))
    if not form.is_valid():
        return _page(request, proposal.course, wrong={proposal.pk: form}, status=422)
    return _after(request, proposal.course)


@require_POST
def decline(request: PersonalRequest, pk: int) -> HttpResponse:
    proposal = proposal_of(request.user, pk)
    services.decline_proposal(proposal=proposal, at=timezone.now())
    return _after(request, proposal.course)


@require_POST
def accept_all(request: PersonalRequest, pk: int, lesson_id: int) -> HttpResponse:
    """Of one lesson."""
    course = course_of(request.user, pk)
    services.accept_proposals(course=course, lesson_id=lesson_id, at=timezone.now())
    return _after(request, course)


def proposal_of(user: User, pk: int) -> ConceptProposal:
    check_right(user)
    rows = ConceptProposal.objects.select_related("course")
    found = rows.filter(pk=pk, course__in=Course.objects.editable_by(user)).first()
    if found is None:
        raise NotFound
    return found


def _after(request: PersonalRequest, course: Course) -> HttpResponse:
    if request.htmx:
        return _page(request, course)
    return redirect("learning:concept_proposals", course.pk)


def _page(
    request: PersonalRequest,
    course: Course,
    *,
    wrong: dict[int, ProposalForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = ConceptProposal.objects.filter(course=course, status=ProposalStatus.OPEN)
    rows = rows.select_related("lesson").order_by(
        "lesson__module__position", "lesson__position", "lesson_id", "pk"
    )
    shown = [(row, (wrong or {}).get(row.pk) or _form(row)) for row in rows]
    context = {
        **tabs_context(course),
        **_making(request.user, course),
        "lessons": [
            (lesson, list(group)) for lesson, group in groupby(shown, lambda pair: pair[0].lesson)
        ],
        "has_concepts": Concept.objects.filter(course=course).exists(),
    }
    template = "_proposals" if request.htmx else "proposals"
    return render(request, f"learning/concepts/{template}.html", context, status=status)


def _form(proposal: ConceptProposal) -> ProposalForm:
    fields = ("name", "description", "importance")
    return ProposalForm(
        initial={field: getattr(proposal, field) for field in fields},
        auto_id=f"id_%s_{proposal.pk}",
    )


def _making(user: User, course: Course) -> dict[str, Any]:
    jobs = jobs_of(user).filter(kind=services.KIND, args__course=course.pk)
    job = jobs.order_by("-id").first()
    credits = credits_of(user, timezone.now())
    return {"course": course, "job": job, "is_making": is_open(job), "credits": credits}
