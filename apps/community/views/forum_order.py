"""Keeping order: reports by everybody; pinning, locking, moving and hiding by moderators."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from apps.accounts.rights import has_right
from apps.core.errors import DomainError, NotAllowed

from ..forms import MoveForm, ReportForm
from ..models import Kind, Topic
from ..selectors import forum as selectors
from ..selectors.things import address_of, get_thing
from ..services import reports, topics

SLOW_SECONDS = 60


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Say what is wrong with a topic, a reply or a comment; a dialog for htmx."""
    if kind not in Kind.values:
        raise Http404
    thing = get_thing(request.user, kind, pk)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            reports.report(
                user=request.user, kind=kind, object_id=pk, at=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return _reported(request, thing)
    context = {"form": form, "back": address_of(thing)}
    status = 422 if form.errors else 200
    name = "_report" if request.htmx else "report"
    answer = render(request, f"community/forum/{name}.html", context, status=status)
    if request.htmx and request.method == "GET":
        return trigger_client_event(answer, "dialog:open", "report-dialog", after="settle")
    return answer


def _reported(request: HttpRequest, thing: Any) -> HttpResponse:
    said = _("Thank you. A moderator will look at it.")
    if not request.htmx:
        messages.success(request, said)
        return redirect(address_of(thing))
    answer = render(request, "community/forum/_report_done.html")
    trigger_client_event(answer, "toast", {"text": said, "level": "ok"})
    return trigger_client_event(answer, "dialog:close", {})


@require_POST
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    found, value = _topic(request, pk), _value(request)
    topics.pin_topic(topic=found, by=request.user, value=value, at=timezone.now())
    return _back(request, found, _("Pinned.") if value else _("Unpinned."))


@require_POST
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    found, value = _topic(request, pk), _value(request)
    topics.lock_topic(topic=found, by=request.user, value=value, at=timezone.now())
    return _back(request, found, _("Locked.") if value else _("Open again."))


@require_POST
def slow(request: HttpRequest, pk: int) -> HttpResponse:
    """One reply a minute from each person, or as they like."""
    found, value = _topic(request, pk), _value(request)
    topics.slow_topic(
        topic=found, by=request.user, seconds=SLOW_SECONDS if value else 0, at=timezone.now()
    )
    return _back(request, found, _("Slow mode is on.") if value else _("Slow mode has ended."))


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    found = _topic(request, pk)
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        initial={"category": found.category_id},
    )
    if not form.is_valid():
        status = 422 if form.errors else 200
        context = {"form": form, "topic": found}
        return render(request, "community/forum/move.html", context, status=status)
    topics.move_topic(topic=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    return _back(request, found, _("Moved."))


@require_POST
def hide_topic(request: HttpRequest, pk: int) -> HttpResponse:
    found = _topic(request, pk)
    return _back(request, found, _hidden(request, Kind.TOPIC, pk))


@require_POST
def hide_post(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_thing(request.user, Kind.POST, pk)
    messages.success(request, _hidden(request, Kind.POST, pk))
    return redirect(address_of(found))


def _hidden(request: HttpRequest, kind: Kind, pk: int) -> str:
    """A moderator's word on it, whether or not somebody had reported it."""
    if _value(request):
        reports.uphold(kind=kind, object_id=pk, by=request.user, at=timezone.now())
        return _("Hidden.")
    reports.refuse(kind=kind, object_id=pk, by=request.user, at=timezone.now())
    return _("Shown again.")


def _topic(request: HttpRequest, pk: int) -> Topic:
    """For those who keep order; the services ask again."""
    if not has_right(request.user, "forum.moderate"):
        raise NotAllowed
    return selectors.get_topic(request.user, pk)


def _value(request: HttpRequest) -> bool:
    return request.POST.get("value") != "false"


def _back(request: HttpRequest, topic: Topic, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(reverse("community:topic", args=[topic.pk]))
