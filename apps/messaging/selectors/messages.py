"""Messages as one of the conversation's people may read them."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Exists, OuterRef

from apps.core.errors import NotFound
from apps.core.realtime import present
from apps.media.models import Upload
from apps.social.selectors import ids_apart_from

from ..models import (
    WORDS,
    Conversation,
    HiddenMessage,
    Message,
    MessageQuerySet,
    Participant,
)

PAGE = 50
ORDERING = ("-sequence",)
BEFORE_REPORTED = 5


def messages_of(conversation: Conversation, user: Any) -> MessageQuerySet:
    """What the person may read of it, newest first."""
    found: MessageQuerySet = (
        _of(conversation, user).complete().select_related("conversation").order_by(*ORDERING)
    )
    return found


def _of(conversation: Conversation, user: Any) -> MessageQuerySet:
    """By the bounds of the person's place: two numbers, and the index is read between them."""
    place = Participant.objects.of(user).filter(conversation=conversation.pk).first()
    if place is None:
        return Message.objects.none()
    found = Message.objects.filter(conversation=conversation.pk, sequence__gt=place.joined_sequence)
    if place.left_sequence is not None:
        found = found.filter(sequence__lte=place.left_sequence)
    return found.not_hidden_from(user)


def messages_after(conversation: Conversation, user: Any, sequence: int) -> MessageQuerySet:
    """What came after the number, oldest first: for catching up."""
    return messages_of(conversation, user).filter(sequence__gt=sequence).order_by("sequence")


def messages_before(conversation: Conversation, user: Any, sequence: int) -> MessageQuerySet:
    return messages_of(conversation, user).filter(sequence__lt=sequence)


def get_message(user: Any, message_id: int) -> Message:
    """Raises NotFound for what the person may not read as for what isn't there."""
    found: Message | None = (
        Message.objects.visible_to(user)
        .complete()
        .select_related("conversation")
        .filter(pk=message_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def hidden_message(user: Any, message_id: int) -> Message | None:
    """One that the person deleted for themselves."""
    hidden = HiddenMessage.objects.filter(user=user.pk, message=message_id)
    return Message.objects.complete().filter(pk__in=hidden.values("message")).first()


def get_attachment(user: Any, message_id: int) -> Upload:
    """The file of a message the person may read. Raises NotFound, also once it was deleted."""
    message = get_message(user, message_id)
    if message.attachment is None or message.is_deleted or not message.attachment.path:
        raise NotFound
    return message.attachment


def found_messages(user: Any, text: str) -> MessageQuerySet:
    """Messages with these words among those the person may read; order by `-id`."""
    mine = Participant.objects.of(user).values_list("conversation", flat=True)
    question = SearchQuery(text, config="russian", search_type="websearch")
    found: MessageQuerySet = (
        Message.objects.annotate(words=WORDS)
        .filter(conversation__in=list(mine), words=question, deleted_at=None)
        .visible_to(user)
        .complete()
        .select_related("conversation")
        .order_by("-id")
    )
    return found


def unread_after(participant: Participant, sequence: int) -> int:
    """How many messages after the number are unread by the participant, counted from the rows."""
    hidden = HiddenMessage.objects.filter(message=OuterRef("pk"), user=participant.user_id)
    unread = Message.objects.filter(
        conversation=participant.conversation_id,
        sequence__gt=max(sequence, participant.joined_sequence),
        deleted_at=None,
    ).exclude(author=participant.user_id)
    return int(unread.filter(~Exists(hidden)).aggregate(number=Count("pk"))["number"])


def status_of(message: Message, people: Sequence[Participant]) -> str:
    """How far a message has come with all others who take part and joined before it."""
    others = [
        each
        for each in people
        if each.user_id != message.author_id
        and each.left_at is None
        and each.joined_sequence < message.sequence
    ]
    if others and all(each.read_sequence >= message.sequence for each in others):
        return "read"
    if others and all(each.delivered_sequence >= message.sequence for each in others):
        return "delivered"
    return "sent"


def message_to_tell(message_id: int) -> Message | None:
    """The message somebody may be notified of, unless it was taken back meanwhile."""
    found: Message | None = (
        Message.objects.complete()
        .select_related("conversation")
        .filter(pk=message_id, deleted_at=None)
        .first()
    )
    return found


def people_to_tell(message: Message) -> list[Participant]:
    """Who is to be notified of it: not those who have read it, muted the conversation, have it open
    now, or keep apart from its author."""
    apart = ids_apart_from(message.author) | present(f"conversation:{message.conversation_id}")
    places = Participant.objects.active().filter(
        conversation=message.conversation_id,
        is_muted=False,
        joined_sequence__lt=message.sequence,
        read_sequence__lt=message.sequence,
    )
    places = places.exclude(user=message.author_id).exclude(user__in=apart)
    return list(places.select_related("user").order_by("pk"))
