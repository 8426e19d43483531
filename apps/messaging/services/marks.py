"""How far people have received and read."""

from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Least

from apps.accounts.models import User
from apps.core import realtime
from apps.core.bus import publish
from apps.core.errors import NotFound

from .. import selectors
from ..events import ConversationRead
from ..models import Conversation, Participant
from .conversations import locked


@transaction.atomic
def mark_read(
    *, conversation: Conversation, user: User, sequence: int, at: datetime
) -> Participant:
    """The person has read up to the number; never back. What is left unread is counted anew."""
    conversation = locked(conversation)
    place = selectors.participant_of(user, conversation)
    if place is None:
        raise NotFound
    if place.left_at is not None:
        return place
    sequence = min(sequence, conversation.last_sequence)
    if sequence <= place.read_sequence:
        return place
    had_unread = place.unread_count > 0
    place.read_sequence = sequence
    place.delivered_sequence = max(sequence, place.delivered_sequence)
    place.unread_count = selectors.unread_after(place, sequence)
    place.save(update_fields=["read_sequence", "delivered_sequence", "unread_count"])
    if had_unread and place.unread_count == 0:
        publish(ConversationRead(conversation_id=conversation.pk, user_id=user.pk))
    tell_marks(conversation, place)
    return place


def recount_all(*, repair: bool) -> int:
    """`recount` of every conversation, one transaction each; returns how many counts are wrong."""
    found = Conversation.objects.order_by("pk").iterator(chunk_size=1000)
    return sum(recount(conversation=each, repair=repair) for each in found)


@transaction.atomic
def recount(*, conversation: Conversation, repair: bool = True) -> int:
    """Count the unread messages of each participant anew; returns how many counts were wrong."""
    wrong = 0
    conversation = locked(conversation)
    for place in Participant.objects.active().filter(conversation=conversation.pk).order_by("pk"):
        unread = selectors.unread_after(place, place.read_sequence)
        if unread != place.unread_count:
            wrong += 1
            if repair:
                Participant.objects.filter(pk=place.pk).update(unread_count=unread)
    return wrong


@transaction.atomic
def mark_delivered(*, conversation: Conversation, user: User, sequence: int) -> bool:
    """The person's page has received up to the number; returns whether that was news.

    One conditional statement: it needs no lock, and moves no count.
    """
    last = Conversation.objects.filter(pk=OuterRef("conversation")).values("last_sequence")
    moved = (
        Participant.objects.of(user)
        .active()
        .filter(conversation=conversation.pk, delivered_sequence__lt=sequence)
        .update(delivered_sequence=Least(Value(sequence), Subquery(last)))
    )
    if moved and not conversation.is_group:
        place = selectors.participant_of(user, conversation)
        if place is not None:
            tell_marks(conversation, place)
    return bool(moved)


def tell_marks(conversation: Conversation, place: Participant) -> None:
    """After the commit: of two, both are told wherever they are; of a group, those who have it open
    and the person's own pages."""
    told = {f"user:{place.user_id}"}
    if conversation.is_group:
        told.add(f"conversation:{conversation.pk}")
    else:
        people = Participant.objects.filter(conversation=conversation.pk)
        told |= {f"user:{user_id}" for user_id in people.values_list("user", flat=True)}
    for channel in sorted(told):
        realtime.push(channel, "message:read", place.pk)
