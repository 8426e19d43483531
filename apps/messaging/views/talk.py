"""One conversation: what was said in it, sending, and how far it was read."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import DomainError, Invalid, NotFound
from apps.media.models import Purpose
from apps.media.services import store_upload
from apps.messaging import selectors, services
from apps.messaging.forms import AddPersonForm, MessageForm, TitleForm
from apps.messaging.models import Conversation, Message
from apps.messaging.selectors import ConversationSeen
from apps.social.models import Block

from .conversations import listed
from .seen import bubbles, conversation_seen, face_of, marks

CAUGHT_UP = 100
AROUND = 10  # messages before the one that is looked for


@require_http_methods(["GET", "POST"])
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_conversation(request.user, pk)
    form = MessageForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        status = _send(request, found, form)
        if status == 200:
            return redirect("messaging:conversation", found.pk)
        return _page(request, found, form, status)
    services.mark_delivered(conversation=found, user=request.user, sequence=found.last_sequence)
    return _page(request, found, form, 200)


def _page(
    request: HttpRequest, found: Conversation, form: MessageForm, status: int
) -> HttpResponse:
    seen = conversation_seen(request.user, found)
    messages, older = _first_messages(request, found)
    context = {
        "seen": seen,
        "face": face_of(seen),
        "form": form,
        "people_count": sum(1 for place, _shown in seen.others if not place.left_at) + 1,
        "naming": TitleForm(initial={"title": found.title}),
        "adding": AddPersonForm(user=request.user)["to"],
        "bubbles": bubbles(
            request.user,
            seen,
            messages,
            read_before=seen.me.read_sequence if seen.is_open else None,
        ),
        "older": older,
        "last": found.last_sequence,
        "marks": marks(seen),
        "may_send": selectors.may_send_in(request.user, found),
        "has_blocked": _has_blocked(request, seen),
        "max_length": services.MAX_LENGTH,
        **listed(request, found),
    }
    return render(request, "messaging/conversation.html", context, status=status)


def _first_messages(request: HttpRequest, found: Conversation) -> tuple[list[Message], bool]:
    """The newest page, or from the message of the address on; whether there are older ones."""
    at = _number(request, "at")
    if at is not None:
        start = max(0, at - AROUND)
        messages = list(selectors.messages_after(found, request.user, start)[: 2 * CAUGHT_UP])
        before = selectors.messages_before(found, request.user, start + 1)
        return messages, before.exists()
    messages = list(selectors.messages_of(found, request.user)[: selectors.PAGE + 1])
    return messages[: selectors.PAGE][::-1], len(messages) > selectors.PAGE


def _has_blocked(request: HttpRequest, seen: ConversationSeen) -> bool:
    if seen.conversation.is_group or not seen.others:
        return False
    other = seen.others[0][0].user_id
    return bool(Block.objects.filter(blocker=request.user.pk, blocked=other).exists())


def _send(request: HttpRequest, found: Conversation, form: MessageForm) -> int:
    """The status to answer with: what was refused is told in the form, with what was typed."""
    if not form.is_valid():
        return 422
    now = timezone.now()
    file = form.cleaned_data["file"]
    try:
        attachment = None
        if file is not None:
            attachment = store_upload(
                owner=request.user, file=file, purpose=Purpose.MESSAGE, at=now
            )
        services.send_message(
            conversation=found,
            author=request.user,
            content=form.cleaned_data["content"],
            attachment=attachment,
            reply_to=_replied_to(request, form.cleaned_data["reply_to"]),
            at=now,
        )
    except Invalid as error:
        for field, told in error.errors.items():
            form.add_error(field if field in form.fields else None, [str(each) for each in told])
        if not error.errors:
            form.add_error(None, str(error))
        return 422
    except DomainError as error:
        form.add_error(None, str(error))
        return error.status
    return 200


def _replied_to(request: HttpRequest, message_id: int | None) -> Message | None:
    if message_id is None:
        return None
    try:
        return selectors.get_message(request.user, message_id)
    except NotFound:
        return None  # deleted meanwhile: the answer stands for itself


@require_safe
def messages(request: HttpRequest, pk: int) -> HttpResponse:
    """Messages `after` a number, for catching up, or `before` one, for reading back."""
    found = selectors.get_conversation(request.user, pk)
    seen = conversation_seen(request.user, found)
    before = _number(request, "before")
    if before is not None:
        some = list(selectors.messages_before(found, request.user, before)[: selectors.PAGE + 1])
        shown, more = some[: selectors.PAGE][::-1], len(some) > selectors.PAGE
    else:
        after = _number(request, "after") or 0
        some = list(selectors.messages_after(found, request.user, after)[: CAUGHT_UP + 1])
        shown, more = some[:CAUGHT_UP], len(some) > CAUGHT_UP
        if shown:
            services.mark_delivered(
                conversation=found, user=request.user, sequence=shown[-1].sequence
            )
    context: dict[str, Any] = {
        "seen": seen,
        "bubbles": bubbles(request.user, seen, shown, read_before=_number(request, "unread")),
        "more": more,
        "marks": marks(seen),
    }
    return render(request, "messaging/_messages.html", context)


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Read up to the number `sequence`, or all of it."""
    found = selectors.get_conversation(request.user, pk)
    given = request.POST.get("sequence", "")
    is_number = given.isascii() and given.isdecimal() and len(given) < 10
    sequence = int(given) if is_number else found.last_sequence
    services.mark_read(conversation=found, user=request.user, sequence=sequence, at=timezone.now())
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"unread_count": selectors.unread_total(request.user)})
    return redirect("messaging:conversation", found.pk)


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None
