"""What open pages are told of conversations: each receiver gets what they may see at that moment."""

from typing import Any

from apps.core import realtime
from apps.core.errors import NotFound

from . import selectors, services
from .models import HiddenMessage, Message, Participant
from .serializers import MessageOut


def attendance(user: Any, conversation_id: int, people: set[int]) -> list[int]:
    """The places of those who have it open: the private have no other id for the others."""
    if not people - {user.pk} or selectors.is_kept_apart(user, conversation_id):
        people = people & {user.pk}
    there = Participant.objects.active().filter(conversation=conversation_id, user__in=people)
    return sorted(there.values_list("pk", flat=True))


@realtime.channel("conversation", shows_presence=attendance)
def may_join(user: Any, conversation_id: int) -> bool:
    return selectors.is_participant(user, conversation_id)


@realtime.client_frame("typing", channel="conversation", every=2.0)
def hear_typing(user: Any, conversation_id: int, data: dict[str, Any]) -> None:
    realtime.say(f"conversation:{conversation_id}", "user:typing", {"user": user.pk})


@realtime.said("user:typing")
def somebody_types(user: Any, conversation_id: int, data: dict[str, Any]) -> dict[str, Any] | None:
    """To the others, unless what is being typed couldn't be sent."""
    if data["user"] == user.pk:
        return None
    place = (
        Participant.objects.active()
        .select_related("user", "conversation")
        .filter(conversation=conversation_id, user=data["user"])
        .first()
    )
    if place is None or not selectors.may_send_in(place.user, place.conversation):
        return None
    shown = selectors.shown_participant(place, place.conversation, user)
    return {
        "conversation": conversation_id,
        "participant": place.pk,
        "user": shown.pk,
        "name": shown.name,
    }


def _shown(user: Any, message: Message) -> dict[str, Any]:
    context: dict[str, Any] = {"seen_by": user}
    if message.author_id == user.pk:
        context["people"] = list(selectors.participants_of(message.conversation))
    context["place"] = selectors.participant_of(user, message.conversation)
    return dict(MessageOut(message, context=context).data)


@realtime.payload("message:new")
def new_message(user: Any, message_id: int) -> dict[str, Any] | None:
    """Building it for a receiver's page is the delivery."""
    try:
        message = selectors.get_message(user, message_id)
    except NotFound:
        return None
    if message.author_id != user.pk:
        services.mark_delivered(
            conversation=message.conversation, user=user, sequence=message.sequence
        )
    return {**_shown(user, message), "unread_count": selectors.unread_total(user)}


@realtime.payload("message:changed")
def changed_message(user: Any, message_id: int) -> dict[str, Any] | None:
    """Edited, deleted, or hidden by the receiver in another of their pages."""
    hidden = HiddenMessage.objects.filter(message=message_id, user=user.pk)
    found = hidden.select_related("message").first()
    if found is not None:
        message = found.message
        return {
            "id": message.pk,
            "conversation": message.conversation_id,
            "sequence": message.sequence,
            "is_hidden": True,
            "unread_count": selectors.unread_total(user),
        }
    try:
        message = selectors.get_message(user, message_id)
    except NotFound:
        return None
    return {**_shown(user, message), "unread_count": selectors.unread_total(user)}


@realtime.payload("message:read")
def moved_marks(user: Any, participant_id: int) -> dict[str, Any] | None:
    """How far somebody has received and read; with the receiver's own count when it's them."""
    place = (
        Participant.objects.active()
        .select_related("user", "conversation")
        .filter(pk=participant_id)
        .first()
    )
    if place is None or not selectors.is_participant(user, place.conversation_id):
        return None
    shown = selectors.shown_participant(place, place.conversation, user)
    told = {
        "conversation": place.conversation_id,
        "participant": place.pk,
        "user": shown.pk,
        "read_sequence": place.read_sequence,
        "delivered_sequence": place.delivered_sequence,
    }
    if place.user_id == user.pk:
        told["unread_count"] = selectors.unread_total(user)
    return told


@realtime.payload("conversation:changed")
def changed_conversation(user: Any, conversation_id: int) -> dict[str, Any] | None:
    """Its title or its people; the page reads it anew."""
    try:
        conversation = selectors.get_conversation(user, conversation_id)
    except NotFound:
        return None
    [seen] = selectors.conversations_seen(user, [conversation])
    return {
        "id": conversation.pk,
        "title": seen.title,
        "is_open": seen.is_open,
        "unread_count": selectors.unread_total(user),
    }
