"""Conversations as one of their people sees them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.selectors import ShownPerson, person_shown
from apps.core.compiled import compiled
from apps.core.errors import NotFound
from apps.social.selectors import is_blocked_between

from ..models import (
    Conversation,
    ConversationQuerySet,
    Message,
    Participant,
    ParticipantQuerySet,
)

ORDERING = ("-last_message_at", "-id")


def participant_of(user: Any, conversation: Conversation) -> Participant | None:
    """The person's place in the conversation, also after they left."""
    found: Participant | None = (
        Participant.objects.of(user).filter(conversation=conversation.pk).first()
    )
    return found


def places_in(conversations: Iterable[int], user: Any) -> dict[int, Participant]:
    """The person's places in several conversations, by the conversations' ids."""
    mine = Participant.objects.of(user).filter(conversation__in=set(conversations))
    return {place.conversation_id: place for place in mine}


def participants_of(conversation: Conversation) -> ParticipantQuerySet:
    """Who takes part now, with the people."""
    found = Participant.objects.active().filter(conversation=conversation.pk)
    people: ParticipantQuerySet = found.select_related("user").order_by("pk")
    return people


def conversations_of(user: Any) -> ConversationQuerySet:
    """Those the person takes part in, what was said last first: order by `ORDERING`.

    A conversation of two in which nothing was said yet is only there for who began it. With
    participants (`people`, prefetched) and `last_visible_id`, the last message the person sees.
    """
    begun = Q(is_group=True) | Q(last_sequence__gt=0) | Q(created_by=user.pk)
    return _rows(Conversation.objects.open_to(user).filter(begun), user).order_by(*ORDERING)


def left_conversations_of(user: Any) -> ConversationQuerySet:
    """Groups the person left: in an order that tells nothing of what goes on there."""
    left = Participant.objects.of(user).exclude(left_at=None)
    mine = Conversation.objects.filter(Exists(left.filter(conversation=OuterRef("pk"))))
    return _rows(mine, user).order_by("-id")


def _rows(conversations: ConversationQuerySet, user: Any) -> ConversationQuerySet:
    last = (
        Message.objects.visible_to(user)
        .filter(conversation=OuterRef("pk"))
        .order_by("-sequence")
        .values("pk")[:1]
    )
    found: ConversationQuerySet = (
        conversations.select_related("course")
        .prefetch_related(_people(user))
        .annotate(last_visible_id=Subquery(last))
    )
    return found


def with_people(conversations: ConversationQuerySet, user: Any) -> ConversationQuerySet:
    """Some of those the person may see, as `conversations_seen` takes them."""
    found: ConversationQuerySet = conversations.select_related("course").prefetch_related(
        _people(user)
    )
    return found


def _people(user: Any) -> "Prefetch[str, Any, str]":
    """Those who take part, and the person's own place whatever became of it."""
    there = Participant.objects.filter(Q(left_at=None) | Q(user=user.pk))
    return Prefetch("participants", there.select_related("user").order_by("pk"), to_attr="people")


def get_conversation(user: Any, conversation_id: int) -> Conversation:
    """Raises NotFound for a foreign one as for a missing one."""
    found: Conversation | None = (
        Conversation.objects.visible_to(user)
        .select_related("course")
        .prefetch_related(_people(user))
        .filter(pk=conversation_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def unread_total(user: Any) -> int:
    """Unread messages in all conversations the person takes part in."""
    return int(_unread.first(user=user.pk) or 0)


_unread = compiled(
    lambda user: (
        Participant.objects.active()
        .filter(user_id=user, unread_count__gt=0)
        .order_by()
        .values_list(
            Func(F("unread_count"), function="SUM", output_field=IntegerField()), flat=True
        )
    )
)


@dataclass(frozen=True)
class ConversationSeen:
    """A conversation for one person's eyes."""

    conversation: Conversation
    me: Participant
    others: list[tuple[Participant, ShownPerson]]
    title: str
    last_message: Message | None
    is_open: bool  # whether the person still takes part

    @property
    def unread_count(self) -> int:
        return self.me.unread_count if self.is_open else 0

    @property
    def last_sequence(self) -> int:
        """Of what the person may know of."""
        left = self.me.left_sequence
        return self.conversation.last_sequence if left is None else left


def conversations_seen(user: User, conversations: Sequence[Conversation]) -> list[ConversationSeen]:
    """What `conversations_of` or `get_conversation` gave, as the person sees it, in one query."""
    ids = {getattr(each, "last_visible_id", None) for each in conversations} - {None}
    last = Message.objects.complete().in_bulk(ids) if ids else {}
    return [_seen(user, each, last) for each in conversations]


def _seen(user: User, conversation: Any, last: dict[int, Message]) -> ConversationSeen:
    people = conversation.people
    me = next(each for each in people if each.user_id == user.pk)
    others = [
        (each, shown_participant(each, conversation, user))
        for each in people
        if each.user_id != user.pk and (me.left_at is None or each.joined_at <= me.left_at)
    ]
    return ConversationSeen(
        conversation=conversation,
        me=me,
        others=others,
        title=conversation.title or _title_of([shown.name for _each, shown in others]),
        last_message=last.get(getattr(conversation, "last_visible_id", None)),  # type: ignore[arg-type]
        is_open=me.left_at is None,
    )


def _title_of(names: list[str]) -> str:
    if not names:
        return _("Nobody else")
    shown = ", ".join(names[:3])
    return f"{shown} +{len(names) - 3}" if len(names) > 3 else shown


def conversation_row(user: User, conversation_id: int) -> ConversationSeen:
    """One conversation with its last message. Raises NotFound."""
    row = _rows(Conversation.objects.visible_to(user), user).filter(pk=conversation_id).first()
    if row is None:
        raise NotFound
    return conversations_seen(user, [row])[0]


def shown_participant(
    participant: Participant, conversation: Conversation, viewer: User
) -> ShownPerson:
    """The person beside what they wrote: in a conversation of two, who wrote is known by name."""
    return person_beside(
        participant.user, conversation, viewer, has_written=participant.has_written
    )


def person_beside(
    person: User, conversation: Conversation, viewer: User, *, has_written: bool = True
) -> ShownPerson:
    """Groups are read by others too, so the private stay hidden there, as everywhere."""
    if conversation.is_group or not has_written or person.erased_at is not None:
        return person_shown(person, viewer)
    name = person.name or person.username
    return ShownPerson(person.pk, name, person.username, person.avatar_url, is_hidden=False)


def may_send_in(user: User, conversation: Conversation) -> bool:
    """Whether a message of the person would be taken now: they take part, and the other of two is
    there and neither blocked the other."""
    if not Participant.objects.of(user).active().filter(conversation=conversation.pk).exists():
        return False
    if conversation.is_group:
        return True
    other = (
        Participant.objects.filter(conversation=conversation.pk)
        .exclude(user=user.pk)
        .filter(user__is_active=True, user__erased_at=None)
        .values_list("user", flat=True)
        .first()
    )
    return other is not None and not is_blocked_between(user.pk, other)


def is_participant(user: Any, conversation_id: int) -> bool:
    """Whether the person takes part now."""
    return Participant.objects.of(user).active().filter(conversation=conversation_id).exists()


def is_kept_apart(user: User, conversation_id: int) -> bool:
    """Whether it is a conversation of two, and either of them blocked the other."""
    others = Participant.objects.filter(conversation=conversation_id, conversation__is_group=False)
    other = others.exclude(user=user.pk).values_list("user", flat=True).first()
    return other is not None and is_blocked_between(user.pk, other)


def direct_conversation(user: User, other: User) -> Conversation | None:
    """The conversation the two have, if the user sees it yet."""
    found: Conversation | None = (
        Conversation.objects.filter(direct_key=direct_key(user.pk, other.pk))
        .filter(Q(last_sequence__gt=0) | Q(created_by=user.pk))
        .first()
    )
    return found


def direct_key(one_id: int, other_id: int) -> str:
    return f"{min(one_id, other_id)}:{max(one_id, other_id)}"


def begun_by(user: User) -> Any:
    """Conversations the person began, newest first."""
    return Conversation.objects.filter(created_by=user.pk).order_by("-created_at")
