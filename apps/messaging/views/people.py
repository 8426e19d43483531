"""Who takes part: the group's people, leaving, muting, and blocking the other of two."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import User
from apps.core.errors import DomainError, NotFound
from apps.messaging import selectors, services
from apps.messaging.forms import AddPersonForm, TitleForm
from apps.messaging.models import Conversation, Participant
from apps.social.services import block as block_person
from apps.social.services import unblock as unblock_person

from .seen import conversation_seen, face_of


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in the group; an administrator adds people by a POST."""
    found = _group(request, pk)
    form = AddPersonForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            for person in form.cleaned_data["to"]:
                services.add_participant(
                    conversation=found, user=person, by=request.user, at=timezone.now()
                )
        except DomainError as error:
            form.add_error("to", str(error))
        else:
            return _again(request, found)
    return _panel(request, found, form, 422 if form.errors else 200)


def _group(request: HttpRequest, pk: int) -> Conversation:
    found = selectors.get_conversation(request.user, pk)
    if not found.is_group:
        raise NotFound
    return found


def _panel(
    request: HttpRequest,
    found: Conversation,
    form: AddPersonForm,
    status: int = 200,
    naming: TitleForm | None = None,
) -> HttpResponse:
    seen = conversation_seen(request.user, found)
    context = {
        "seen": seen,
        "face": face_of(seen),
        "adding": form["to"],
        "naming": naming or TitleForm(initial={"title": found.title}),
    }
    name = "messaging/_group.html" if request.htmx else "messaging/group.html"
    return render(request, name, context, status=status)


def _again(request: HttpRequest, found: Conversation) -> HttpResponse:
    if not request.htmx:
        return redirect("messaging:people_of", found.pk)
    fresh = selectors.get_conversation(request.user, found.pk)
    return _panel(request, fresh, AddPersonForm(user=request.user))


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    found = _group(request, pk)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return _panel(request, found, AddPersonForm(user=request.user), 422, naming=form)
    services.rename_conversation(
        conversation=found,
        title=form.cleaned_data["title"],
        by=request.user,
        at=timezone.now(),
    )
    return _again(request, found)


@require_POST
def remove(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    found = _group(request, pk)
    services.remove_participant(
        conversation=found, user=_member(found, place), by=request.user, at=timezone.now()
    )
    return _again(request, found)


@require_POST
def appoint(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Make a member an administrator, or without `value` a member again."""
    found = _group(request, pk)
    services.appoint(
        conversation=found,
        user=_member(found, place),
        is_admin="value" in request.POST,
        by=request.user,
        at=timezone.now(),
    )
    return _again(request, found)


def _member(found: Conversation, place: int) -> User:
    """By their place: the private have no other id for the others."""
    there: Any = Participant.objects.active().select_related("user")
    member: Participant | None = there.filter(conversation=found.pk, pk=place).first()
    if member is None:
        raise NotFound
    person: User = member.user
    return person


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_conversation(request.user, pk)
    services.leave_conversation(conversation=found, user=request.user, at=timezone.now())
    messages.success(request, _("You left the group."))
    return redirect("messaging:conversation", found.pk)


@require_POST
def mute(request: HttpRequest, pk: int) -> HttpResponse:
    """No notifications of this conversation, or without `value` again."""
    found = selectors.get_conversation(request.user, pk)
    value = "value" in request.POST
    services.mute(conversation=found, user=request.user, value=value)
    messages.success(request, _("Muted.") if value else _("You will be notified again."))
    return redirect("messaging:conversation", found.pk)


@require_POST
def block(request: HttpRequest, pk: int) -> HttpResponse:
    """The other of two; without `value` the block is lifted."""
    found = selectors.get_conversation(request.user, pk)
    seen = conversation_seen(request.user, found)
    if found.is_group or not seen.others:
        raise NotFound
    other, shown = seen.others[0]
    if "value" in request.POST:
        block_person(blocker=request.user, blocked=other.user, at=timezone.now())
        messages.success(request, _("%(name)s is blocked.") % {"name": shown.name})
    else:
        unblock_person(blocker=request.user, blocked=other.user)
        messages.success(request, _("%(name)s is no longer blocked.") % {"name": shown.name})
    return redirect("messaging:conversation", found.pk)
