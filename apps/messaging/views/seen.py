"""Conversations and messages as the templates show them to one person."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.selectors import ShownPerson
from apps.messaging import selectors
from apps.messaging.models import Conversation, Message
from apps.messaging.selectors import ConversationSeen
from apps.messaging.services import DELETABLE, EDITABLE

# what somebody says within so long belongs together
RUN = timedelta(minutes=10)
EXCERPT = 160


@dataclass(frozen=True)
class Row:
    """A line of the list of conversations."""

    seen: ConversationSeen
    face: ShownPerson
    line: str
    says: str  # who said it, in groups and of oneself
    is_own: bool

    @property
    def pk(self) -> int:
        return int(self.seen.conversation.pk)


@dataclass(frozen=True)
class Quoted:
    sequence: int
    author: ShownPerson
    is_own: bool
    excerpt: str


@dataclass(frozen=True)
class Bubble:
    """A message in its conversation."""

    message: Message
    author: ShownPerson
    is_own: bool
    place: int  # of its author among those who take part, 0 for who left
    status: str
    quoted: Quoted | None
    day: date | None  # when it's the first of its day here
    starts_run: bool
    starts_unread: bool
    shows_author: bool
    may_edit: bool
    may_delete: bool

    @property
    def version(self) -> str:
        """What the browser compares to see whether it has changed."""
        at = self.message.edited_at
        return f"{at.timestamp() if at else 0:.0f}{'x' if self.message.is_deleted else ''}"

    @property
    def is_picture(self) -> bool:
        upload = self.message.attachment
        return upload is not None and upload.kind.startswith("image/")


def conversation_seen(user: User, conversation: Conversation) -> ConversationSeen:
    [seen] = selectors.conversations_seen(user, [conversation])
    return seen


def face_of(seen: ConversationSeen) -> ShownPerson:
    if not seen.conversation.is_group and seen.others:
        return seen.others[0][1]
    return ShownPerson(seen.conversation.pk, seen.title, "", "", is_hidden=True)


def rows(user: User, conversations: Sequence[Conversation]) -> list[Row]:
    return [_row(user, seen) for seen in selectors.conversations_seen(user, conversations)]


def _row(user: User, seen: ConversationSeen) -> Row:
    last = seen.last_message
    is_own = last is not None and last.author_id == user.pk
    says = ""
    if last is not None and seen.conversation.is_group and not is_own:
        says = selectors.person_beside(last.author, seen.conversation, user).name.partition(" ")[0]
    return Row(seen, face_of(seen), excerpt(last) if last else "", says, is_own)


def excerpt(message: Message) -> str:
    """The beginning of what it says; "" when it was deleted, the file's name when it says nothing."""
    if message.is_deleted:
        return ""
    attachment = message.attachment
    return " ".join(message.content[: EXCERPT * 2].split())[:EXCERPT] or (
        attachment.name if attachment else ""
    )


def bubbles(
    user: User,
    seen: ConversationSeen,
    messages: Iterable[Message],
    *,
    read_before: int | None = None,
    at: datetime | None = None,
) -> list[Bubble]:
    """Messages in the order they were said; the first that came after `read_before` is marked."""
    at = at or timezone.now()
    places = {place.user_id: place for place, _shown in seen.others} | {user.pk: seen.me}
    found: list[Bubble] = []
    before: Message | None = None
    for message in messages:
        is_own = message.author_id == user.pk
        is_new = read_before is not None and message.sequence > read_before and not is_own
        same_day = before is not None and _day(before) == _day(message)
        starts = not (
            same_day
            and before is not None
            and before.author_id == message.author_id
            and message.created_at - before.created_at < RUN
        )
        place = places.get(message.author_id)
        found.append(
            Bubble(
                message=message,
                author=selectors.person_beside(message.author, seen.conversation, user),
                is_own=is_own,
                place=place.pk if place else 0,
                status=_status(message, places.values()) if is_own else "",
                quoted=_quoted(user, seen, message),
                day=None if same_day else _day(message),
                starts_run=starts,
                starts_unread=is_new,
                shows_author=seen.conversation.is_group and not is_own,
                may_edit=is_own and seen.is_open and message.is_editable_until(at - EDITABLE),
                may_delete=is_own and seen.is_open and message.is_editable_until(at - DELETABLE),
            )
        )
        before = message
        if is_new:
            read_before = None
    return found


def _day(message: Message) -> date:
    return timezone.localtime(message.created_at).date()


def _status(message: Message, places: Iterable[Any]) -> str:
    return selectors.status_of(message, list(places))


def _quoted(user: User, seen: ConversationSeen, message: Message) -> Quoted | None:
    quoted = message.reply_to
    if quoted is None or quoted.sequence <= seen.me.joined_sequence or message.is_deleted:
        return None
    return Quoted(
        quoted.sequence,
        selectors.person_beside(quoted.author, seen.conversation, user),
        quoted.author_id == user.pk,
        "" if quoted.is_deleted else " ".join(quoted.content[:EXCERPT].split()),
    )


def marks(seen: ConversationSeen) -> str:
    """How far the others have received and read, as the script keeps it:
    {place: [joined after, delivered to, read to]}."""
    return json.dumps(
        {
            place.pk: [place.joined_sequence, place.delivered_sequence, place.read_sequence]
            for place, _shown in seen.others
            if place.left_at is None
        }
    )
