"""What open pages are told, and what those no longer there aren't."""

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from apps.accounts.models import Device
from apps.core.tests.sockets import Socket
from apps.messaging import services
from apps.messaging.consumers import moved_marks, new_message
from apps.messaging.models import Participant

from .factories import conversation_of, say

pytestmark = pytest.mark.django_db(transaction=True)


def session_for(user):
    session = SessionStore()
    session.create()
    now = timezone.now()
    Device.objects.create(user=user, created_at=now, seen_at=now, session_key=session.session_key)
    return session.session_key


async def opened(user, conversation=None):
    found = Socket(await sync_to_async(session_for)(user))
    assert await found.connect() is None
    assert (await found.frame())["type"] == "ready"
    if conversation is not None:
        await found.tell({"type": "subscribe", "data": {"conversation": conversation.pk}})
        assert (await until(found, "subscribed"))["conversation"] == conversation.pk
    return found


async def until(socket, kind):
    """The next frame of the kind; others on the way are passed over."""
    while True:
        frame = await socket.frame()
        if frame["type"] == kind:
            return frame["data"]


async def nothing_of(socket, *kinds):
    """Whatever still comes, it isn't one of these."""
    while not await socket.receive_nothing(0.3):
        assert (await socket.frame())["type"] not in kinds


def begun(*people):
    return sync_to_async(conversation_of)(*people)


async def test_a_message_reaches_its_receiver_and_is_thereby_delivered(student, stranger):
    talk = await begun(student, stranger)
    theirs, mine = await opened(stranger), await opened(student)
    sent = await sync_to_async(say)(talk, student, "Hello")
    data = await until(theirs, "message:new")
    assert (data["id"], data["content"], data["is_own"]) == (sent.pk, "Hello", False)
    assert (data["sequence"], data["unread_count"]) == (1, 1)
    assert (await until(mine, "message:new"))["is_own"]  # the author's other pages
    marks = await until(mine, "message:read")
    assert (marks["user"], marks["delivered_sequence"], marks["read_sequence"]) == (
        stranger.pk,
        1,
        0,
    )
    await sync_to_async(services.mark_read)(
        conversation=talk, user=stranger, sequence=1, at=timezone.now()
    )
    assert (await until(mine, "message:read"))["read_sequence"] == 1
    await theirs.leave()
    await mine.leave()


async def test_a_change_reaches_who_has_the_conversation_open(student, stranger):
    talk = await begun(student, stranger)
    sent = await sync_to_async(say)(talk, student, "Hello")
    theirs = await opened(stranger, talk)
    await sync_to_async(services.edit_message)(message=sent, content="Bye", at=timezone.now())
    assert (await until(theirs, "message:changed"))["content"] == "Bye"
    await sync_to_async(services.delete_message)(
        message=sent, by=student, for_everyone=True, at=timezone.now()
    )
    data = await until(theirs, "message:changed")
    assert (data["content"], data["is_deleted"], data["unread_count"]) == ("", True, 0)
    await theirs.leave()


async def test_typing_is_told_to_the_others_alone(student, stranger):
    talk = await begun(student, stranger)
    theirs, mine = await opened(stranger, talk), await opened(student, talk)
    await mine.tell({"type": "typing", "data": {"conversation": talk.pk}})
    data = await until(theirs, "user:typing")
    assert (data["conversation"], data["user"]) == (talk.pk, student.pk)
    await nothing_of(mine, "user:typing")
    await theirs.leave()
    await mine.leave()


async def test_a_foreigner_joins_no_conversation(student, stranger, teacher):
    talk = await begun(student, stranger)
    found = await opened(teacher)
    await found.tell({"type": "subscribe", "data": {"conversation": talk.pk}})
    assert (await until(found, "error"))["conversation"] == talk.pk
    await found.leave()


async def test_who_was_removed_and_stays_connected_gets_nothing(student, stranger, teacher):
    group = await begun(student, stranger, teacher)
    removed, there = await opened(stranger, group), await opened(teacher, group)
    await sync_to_async(services.remove_participant)(
        conversation=group, user=stranger, by=student, at=timezone.now()
    )
    sent = await sync_to_async(say)(group, student, "Now we can talk")
    assert (await until(there, "message:new"))["id"] == sent.pk
    await sync_to_async(services.edit_message)(message=sent, content="Or not", at=timezone.now())
    assert (await until(there, "message:changed"))["content"] == "Or not"
    await nothing_of(removed, "message:new", "message:changed", "message:read", "user:typing")
    await removed.leave()
    await there.leave()


async def test_a_frame_on_its_way_stops_at_a_right_that_ended(student, stranger, teacher):
    """The payload is built from what the receiver may see then, not when it was sent."""
    group = await begun(student, stranger, teacher)
    sent = await sync_to_async(say)(group, student)
    await sync_to_async(Participant.objects.filter(user=stranger).update)(
        left_at=timezone.now(), left_sequence=0
    )
    place = await Participant.objects.aget(user=teacher)
    assert await sync_to_async(new_message)(stranger, sent.pk) is None
    assert await sync_to_async(moved_marks)(stranger, place.pk) is None
    assert await sync_to_async(new_message)(teacher, sent.pk)


async def shows(socket, places):
    """Sooner or later these are said to be there."""
    while (await until(socket, "presence:changed"))["present"] != places:
        pass


async def test_a_private_person_has_no_id_for_the_others(student, stranger, teacher):
    """Who is there, who types and how far they read is told by their place in the conversation."""
    group = await begun(student, stranger, teacher)
    stranger.is_profile_public = False
    await stranger.asave(update_fields=["is_profile_public"])
    place = await Participant.objects.aget(conversation=group, user=stranger)
    private = await opened(stranger, group)
    there = await opened(teacher)
    await there.tell({"type": "subscribe", "data": {"conversation": group.pk}})
    own = await Participant.objects.aget(conversation=group, user=teacher)
    data = await until(there, "subscribed")
    assert data == {"conversation": group.pk, "present": sorted([place.pk, own.pk])}
    await shows(private, data["present"])

    await private.tell({"type": "typing", "data": {"conversation": group.pk}})
    data = await until(there, "user:typing")
    assert (data["participant"], data["user"]) == (place.pk, None)
    assert stranger.name not in data["name"]
    sent = await sync_to_async(say)(group, stranger, "Hello")
    data = await until(there, "message:new")
    assert data["id"] == sent.pk
    assert data["author"]["id"] is None
    assert stranger.name not in str(data)
    answer = await sync_to_async(say)(group, teacher, "Hello to you")
    await sync_to_async(services.mark_read)(
        conversation=group, user=stranger, sequence=answer.sequence, at=timezone.now()
    )
    while (data := await until(there, "message:read"))["participant"] != place.pk:
        pass
    assert data["user"] is None
    await private.leave()
    await shows(there, [own.pk])
    await there.leave()
