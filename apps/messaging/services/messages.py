"""Writing, changing and deleting messages.

The lock of the conversation's row numbers its messages without gaps, and moves the counts of unread
ones with them.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import realtime
from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from apps.media.models import Purpose, Upload

from .. import selectors
from ..events import MessageSent
from ..models import Conversation, HiddenMessage, Message, Participant, ParticipantQuerySet
from .conversations import active_participant, is_new, locked

MAX_LENGTH = 20_000
EDITABLE = timedelta(minutes=15)
DELETABLE = timedelta(hours=24)
RESTORABLE = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
# a report may still show what was deleted, so long
WORDS_KEPT = timedelta(days=30)


@transaction.atomic
def send_message(
    *,
    conversation: Conversation,
    author: User,
    content: str,
    attachment: Upload | None = None,
    reply_to: Message | None = None,
    at: datetime,
) -> Message:
    """The conversation's next message. The author has thereby read what came before.

    Raises NotAllowed for who has left, or where a block stands between two; TooMany, Invalid.
    """
    content = _checked(content, needed=attachment is None)
    _check_attachment(attachment, author)
    conversation = locked(conversation)
    place = active_participant(conversation, author)
    if not selectors.may_send_in(author, conversation):
        raise NotAllowed(_("You can’t write to this person."))
    _check_reply(reply_to, conversation, author)
    _check_minute(author, at)
    conversation.last_sequence += 1
    conversation.last_message_at = max(at, conversation.last_message_at)
    conversation.save(update_fields=["last_sequence", "last_message_at"])
    message: Message = Message.objects.create(
        conversation=conversation,
        sequence=conversation.last_sequence,
        author=author,
        content=content,
        attachment=attachment,
        reply_to=reply_to,
        created_at=at,
    )
    _count(message, place)
    publish(
        MessageSent(message_id=message.pk, conversation_id=conversation.pk, author_id=author.pk)
    )
    return message


def _checked(content: str, *, needed: bool) -> str:
    content = content.strip()
    errors = []
    if needed and not content:
        errors.append(_("Write something."))
    if len(content) > MAX_LENGTH:
        errors.append(_("At most %(limit)s characters.") % {"limit": MAX_LENGTH})
    if "\x00" in content or not _is_encodable(content):
        errors.append(
            _(
                "The text holds control characters, which can’t be stored. Remove them and send it again."
            )
        )
    if errors:
        raise Invalid(errors={"content": errors})
    return content


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_attachment(attachment: Upload | None, author: User) -> None:
    if attachment is None:
        return
    is_own = attachment.owner_id == author.pk and attachment.purpose == Purpose.MESSAGE
    if not is_own or not attachment.path:
        raise Invalid(errors={"attachment": [_("Upload the file for this message.")]})


def _check_reply(reply_to: Message | None, conversation: Conversation, author: User) -> None:
    if reply_to is None:
        return
    known = selectors.messages_of(conversation, author).filter(pk=reply_to.pk, deleted_at=None)
    if not known.exists():
        raise Invalid(errors={"reply_to": [_("There is no such message here.")]})


def _check_minute(author: User, at: datetime) -> None:
    new = is_new(author, at)
    limit = settings.MESSAGES_PER_MINUTE_NEW if new else settings.MESSAGES_PER_MINUTE
    lately = Message.objects.filter(author=author, created_at__gt=at - MINUTE)
    if lately.count() >= limit:
        raise TooMany(_("That was fast. Wait a little before the next message."), retry_after=60)


def _count(message: Message, place: Participant) -> None:
    """Unread by all others; read, with all before it, by its author."""
    Participant.objects.filter(pk=place.pk).update(
        read_sequence=message.sequence,
        delivered_sequence=message.sequence,
        unread_count=0,
        has_written=True,
    )
    there = Participant.objects.active().filter(conversation=message.conversation_id)
    there.exclude(pk=place.pk).update(unread_count=F("unread_count") + 1)
    for user_id in there.values_list("user", flat=True):  # the author's other pages too
        realtime.push(f"user:{user_id}", "message:new", message.pk)


@transaction.atomic
def edit_message(
    *,
    message: Message,
    content: str,
    at: datetime,
) -> Message:
    """Within fifteen minutes; the message says that it was changed."""
    content = _checked(content, needed=message.attachment_id is None)
    conversation, message = _locked_message(message)
    active_participant(conversation, message.author)
    if not selectors.may_send_in(message.author, conversation):
        raise NotAllowed(_("You can’t write to this person."))
    if message.is_deleted:
        raise Conflict(_("This message was deleted."))
    if not message.is_editable_until(at - EDITABLE):
        raise NotAllowed(_("A message can be changed for 15 minutes."))
    if content != message.content:
        message.content, message.edited_at = content, at
        message.save(update_fields=["content", "edited_at"])
        realtime.push(f"conversation:{conversation.pk}", "message:changed", message.pk)
    return message


@transaction.atomic
def delete_message(*, message: Message, by: User, for_everyone: bool, at: datetime) -> None:
    """Away for oneself, at any time; one's own for everybody, within a day: a stub stays."""
    conversation, message = _locked_message(message)
    if not for_everyone:
        _hide(message, by)
        return
    if message.author_id != by.pk:
        raise NotAllowed(_("Only who wrote a message can delete it for everybody."))
    active_participant(conversation, by)
    if message.is_deleted:
        return
    if not message.is_editable_until(at - DELETABLE):
        raise NotAllowed(_("A message can be deleted for everybody for 24 hours."))
    message.deleted_at = at
    message.save(update_fields=["deleted_at"])
    unread = _unread_by(message).exclude(user=message.author_id)
    hidden = HiddenMessage.objects.filter(message=message).values("user")
    unread.exclude(user__in=hidden).update(unread_count=F("unread_count") - 1)
    realtime.push(f"conversation:{conversation.pk}", "message:changed", message.pk)


@transaction.atomic
def restore_message(*, message: Message, by: User, at: datetime) -> Message:
    """Take a deletion back: one's own hiding at any time, one for everybody within five minutes."""
    conversation, message = _locked_message(message)
    if _show_again(message, by) or not message.is_deleted:
        return message
    if message.author_id != by.pk:
        raise NotAllowed(_("Only who wrote a message can delete it for everybody."))
    active_participant(conversation, by)
    if message.deleted_at is None or message.deleted_at < at - RESTORABLE:
        raise NotAllowed(_("That can be taken back for five minutes."))
    message.deleted_at = None
    message.save(update_fields=["deleted_at"])
    hidden = HiddenMessage.objects.filter(message=message).values("user")
    unread = _unread_by(message).exclude(user=message.author_id).exclude(user__in=hidden)
    unread.update(unread_count=F("unread_count") + 1)
    realtime.push(f"conversation:{conversation.pk}", "message:changed", message.pk)
    return message


def _show_again(message: Message, user: User) -> bool:
    gone, _by_model = HiddenMessage.objects.filter(user=user.pk, message=message).delete()
    if gone and not message.is_deleted and message.author_id != user.pk:
        _unread_by(message).filter(user=user.pk).update(unread_count=F("unread_count") + 1)
    if gone:
        realtime.push(f"user:{user.pk}", "message:changed", message.pk)
    return bool(gone)


def _hide(message: Message, user: User) -> None:
    place = selectors.participant_of(user, message.conversation)
    if place is None:
        raise NotFound
    _hidden, made = HiddenMessage.objects.get_or_create(user=user, message=message)
    if made and not message.is_deleted and message.author_id != user.pk:
        _unread_by(message).filter(pk=place.pk).update(unread_count=F("unread_count") - 1)
    realtime.push(f"user:{user.pk}", "message:changed", message.pk)


def _unread_by(message: Message) -> ParticipantQuerySet:
    """Who takes part, may read the message and hasn't."""
    found: ParticipantQuerySet = Participant.objects.active().filter(
        conversation=message.conversation_id,
        read_sequence__lt=message.sequence,
        joined_sequence__lt=message.sequence,
    )
    return found


def _locked_message(message: Message) -> tuple[Conversation, Message]:
    """The message as it is now, behind the lock of its conversation."""
    conversation = locked(message.conversation)
    found = Message.objects.complete().filter(pk=message.pk).first()
    if found is None:
        raise NotFound
    found.conversation = conversation
    return conversation, found


@transaction.atomic
def wipe_deleted(*, at: datetime, limit: int = 1000) -> int:
    """Words of messages that were deleted for everybody thirty days ago; returns how many went."""
    due = Message.objects.filter(deleted_at__lt=at - WORDS_KEPT)
    due = due.filter(~Q(content="") | Q(attachment__isnull=False))
    ids = list(due.values_list("pk", flat=True)[:limit])
    return int(Message.objects.filter(pk__in=ids).update(content="", attachment=None))
