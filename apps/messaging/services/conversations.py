"""Beginning conversations, and who takes part in them.

Whatever changes a conversation holds the lock of its row; whoever begins one holds their own before.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import realtime
from apps.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from apps.courses.models import Course

from .. import selectors
from ..models import Conversation, Participant

MAX_PEOPLE = 50
MAX_TITLE = 120
NEW_ACCOUNT = timedelta(days=3)
DAY = timedelta(days=1)
CONVERSATIONS_PER_DAY = 50
CONVERSATIONS_PER_DAY_NEW = 5


def is_new(user: User, at: datetime) -> bool:
    """Accounts have narrower limits in their first days."""
    return at - user.created_at < NEW_ACCOUNT


@transaction.atomic
def start_conversation(
    *,
    by: User,
    participants: Sequence[User],
    title: str = "",
    course: Course | None = None,
    at: datetime,
) -> tuple[Conversation, bool]:
    """With one other person the one conversation the two have; with more a new group.

    Returns whether it was made. Raises NotAllowed where a receiver's switch or a block stands,
    TooMany beyond the day's limit.
    """
    others = list({person.pk: person for person in participants if person.pk != by.pk}.values())
    _check(others, title)
    if len(others) == 1:
        found = Conversation.objects.filter(
            direct_key=selectors.direct_key(by.pk, others[0].pk)
        ).first()
        if found is not None:
            return found, False
    _check_willing(by, others)
    # one after another: the day's count is what it says
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    _check_day(by, at)
    if len(others) > 1:
        return _make_group(by, others, title.strip(), course, at), True
    return _make_direct(by, others[0], course, at)


def _check(others: list[User], title: str) -> None:
    errors = {}
    if not others:
        errors["participants"] = [_("Choose somebody else.")]
    if len(others) >= MAX_PEOPLE:
        errors["participants"] = [
            _("A conversation has at most %(limit)s people.") % {"limit": MAX_PEOPLE}
        ]
    if len(title) > MAX_TITLE or "\x00" in title:
        errors["title"] = [_("At most %(limit)s characters.") % {"limit": MAX_TITLE}]
    if errors:
        raise Invalid(errors=errors)


def _check_willing(by: User, others: list[User]) -> None:
    refused = selectors.refusing(by, others)
    if not refused:
        return
    if len(others) == 1:
        raise NotAllowed(_("You can’t write to this person."))
    raise NotAllowed(_("Some of these people can’t be written to by you."))


def _check_day(by: User, at: datetime) -> None:
    limit = CONVERSATIONS_PER_DAY_NEW if is_new(by, at) else CONVERSATIONS_PER_DAY
    today = selectors.begun_by(by).filter(created_at__gt=at - DAY)
    begun = list(today.values_list("created_at", flat=True)[:limit])
    if len(begun) >= limit:
        raise TooMany(
            _("You have begun %(limit)s conversations within a day. Go on tomorrow.")
            % {"limit": limit},
            retry_after=max(1, round((begun[-1] + DAY - at).total_seconds())),
        )


def _make_direct(
    by: User, other: User, course: Course | None, at: datetime
) -> tuple[Conversation, bool]:
    key = selectors.direct_key(by.pk, other.pk)
    try:
        with transaction.atomic():
            made = Conversation.objects.create(
                direct_key=key, course=course, created_by=by, last_message_at=at, created_at=at
            )
    except IntegrityError:  # the other one was faster
        return Conversation.objects.get(direct_key=key), False
    _seat(made, [by, other], at, admin=None)
    return made, True


def _make_group(
    by: User, others: list[User], title: str, course: Course | None, at: datetime
) -> Conversation:
    made = Conversation.objects.create(
        is_group=True,
        title=title,
        course=course,
        created_by=by,
        last_message_at=at,
        created_at=at,
    )
    _seat(made, [by, *others], at, admin=by)
    tell_changed(made)
    return made


def _seat(conversation: Conversation, people: list[User], at: datetime, admin: User | None) -> None:
    Participant.objects.bulk_create(
        Participant(
            conversation=conversation,
            user=person,
            joined_at=at,
            is_admin=person == admin,
            has_written=person.pk == conversation.created_by_id,
        )
        for person in people
    )


# ── Who takes part ────────────────────────────────────────────────────────────────────────────
def locked(conversation: Conversation) -> Conversation:
    """The conversation as it is now, behind the lock of its row."""
    found: Conversation = Conversation.objects.select_for_update(of=("self",), no_key=True).get(
        pk=conversation.pk
    )
    return found


def active_participant(conversation: Conversation, user: User) -> Participant:
    """The person's place. Raises NotFound for who never had one, NotAllowed for who has left."""
    place = selectors.participant_of(user, conversation)
    if place is None:
        raise NotFound
    if place.left_at is not None:
        raise NotAllowed(_("You are no longer in this conversation."))
    return place


@transaction.atomic
def add_participant(
    *, conversation: Conversation, user: User, by: User, at: datetime
) -> Participant:
    """An administrator of the group adds somebody, who reads from here on."""
    conversation = _locked_group(conversation, by)
    place: Participant | None = selectors.participant_of(user, conversation)
    if place is not None and place.left_at is None:
        raise Conflict(_("This person is in the conversation already."))
    _check_willing(by, [user])
    if selectors.participants_of(conversation).count() >= MAX_PEOPLE:
        raise Conflict(_("A conversation has at most %(limit)s people.") % {"limit": MAX_PEOPLE})
    place = place or Participant(conversation=conversation, user=user)
    place.joined_at, place.left_at, place.left_sequence = at, None, None
    place.joined_sequence = place.read_sequence = conversation.last_sequence
    place.delivered_sequence = conversation.last_sequence
    place.unread_count, place.is_muted, place.is_admin = 0, False, False
    place.save()
    tell_changed(conversation)
    return place


@transaction.atomic
def remove_participant(
    *, conversation: Conversation, user: User, by: User, at: datetime
) -> Participant:
    """An administrator takes somebody out of the group: they keep what they could read till now."""
    conversation = _locked_group(conversation, by)
    place = selectors.participants_of(conversation).filter(user=user.pk).first()
    if place is None:
        raise NotFound
    return _end(conversation, place, at)


@transaction.atomic
def leave_conversation(*, conversation: Conversation, user: User, at: datetime) -> Participant:
    """Leave a group; its oldest member becomes its administrator when the last one goes."""
    conversation = locked(conversation)
    place = active_participant(conversation, user)
    if not conversation.is_group:
        raise Conflict(_("A conversation of two can’t be left. Mute it, or block the person."))
    return _end(conversation, place, at)


def _locked_group(conversation: Conversation, by: User) -> Conversation:
    conversation = locked(conversation)
    place = active_participant(conversation, by)
    if not conversation.is_group:
        raise Conflict(_("This conversation stays between the two of you. Begin a group instead."))
    if not place.is_admin:
        raise NotAllowed(_("Only the group’s administrators can do that."))
    return conversation


def _end(conversation: Conversation, place: Participant, at: datetime) -> Participant:
    was_admin = place.is_admin
    place.left_at, place.left_sequence = at, conversation.last_sequence
    place.unread_count, place.is_admin = 0, False
    place.save(update_fields=["left_at", "left_sequence", "unread_count", "is_admin"])
    rest = selectors.participants_of(conversation)
    if was_admin and not rest.filter(is_admin=True).exists():
        heir = rest.order_by("joined_at", "pk").first()
        if heir is not None:
            heir.is_admin = True
            heir.save(update_fields=["is_admin"])
    tell_changed(conversation)
    realtime.push(f"user:{place.user_id}", "conversation:changed", conversation.pk)
    return place


@transaction.atomic
def appoint(
    *, conversation: Conversation, user: User, is_admin: bool, by: User, at: datetime
) -> Participant:
    """Make somebody an administrator of the group, or a member again; the last one stays one."""
    conversation = _locked_group(conversation, by)
    people = selectors.participants_of(conversation)
    place: Participant | None = people.filter(user=user.pk).first()
    if place is None:
        raise NotFound
    if not is_admin and not people.filter(is_admin=True).exclude(pk=place.pk).exists():
        raise Conflict(_("A group needs an administrator."))
    place.is_admin = is_admin
    place.save(update_fields=["is_admin"])
    tell_changed(conversation)
    return place


@transaction.atomic
def rename_conversation(
    *, conversation: Conversation, title: str, by: User, at: datetime
) -> Conversation:
    conversation = _locked_group(conversation, by)
    if len(title) > MAX_TITLE or "\x00" in title:
        raise Invalid(errors={"title": [_("At most %(limit)s characters.") % {"limit": MAX_TITLE}]})
    conversation.title = title.strip()
    conversation.save(update_fields=["title"])
    tell_changed(conversation)
    return conversation


@transaction.atomic
def mute(*, conversation: Conversation, user: User, value: bool) -> Participant:
    """Whether the person is notified of new messages; they are counted as unread in any case."""
    place = active_participant(conversation, user)
    place.is_muted = value
    place.save(update_fields=["is_muted"])
    return place


def tell_changed(conversation: Conversation) -> None:
    """After the commit, the open pages of everybody in it read it anew."""
    people = Participant.objects.active().filter(conversation=conversation.pk)
    for user_id in people.values_list("user", flat=True):
        realtime.push(f"user:{user_id}", "conversation:changed", conversation.pk)
