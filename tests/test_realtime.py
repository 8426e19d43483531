"""The socket: who gets in, what they are told, and that it ends with their right."""

import asyncio
import time
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from redis.exceptions import ConnectionError

from apps.accounts import tokens
from apps.accounts.models import Device
from apps.core import attendance, consumers, realtime
from apps.core.errors import NotAllowed
from apps.core.tests.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)


@realtime.payload("test:poke")
def poke(user, key):
    return {"key": key, "for": user.username} if key < 100 else None


@realtime.channel("room")
def may_enter(user, key):
    return user.username == "student" and key == 7


may_meet = set()


@realtime.channel("meeting", shows_presence=True)
def may_attend(user, key):
    return user.username in may_meet


@realtime.client_frame("wave", channel="meeting", every=0.0)
def waved(user, meeting_id, data):
    if data.get("rude"):
        raise NotAllowed("Not here.")
    realtime.say(f"meeting:{meeting_id}", "test:waved", {"user": user.pk})


@realtime.client_frame("nod", channel="meeting", every=60.0)
def nodded(user, meeting_id, data):
    realtime.say(f"meeting:{meeting_id}", "test:waved", {"user": -user.pk})


@realtime.said("test:waved")
def waved_at(user, meeting_id, data):
    return {"meeting": meeting_id, **data} if data["user"] != user.pk else None


def device_for(user, **fields):
    now = timezone.now()
    return Device.objects.create(user=user, created_at=now, seen_at=now, **fields)


def session_for(user):
    session = SessionStore()
    session.create()
    device_for(user, session_key=session.session_key)
    return session.session_key


async def opened(session_key):
    found = Socket(session_key)
    assert await found.connect() is None
    assert (await found.frame())["type"] == "ready"
    return found


async def test_a_cookie_signs_in_and_one_is_told(student):
    key = await sync_to_async(session_for)(student)
    found = await opened(key)
    await sync_to_async(realtime.push)(f"user:{student.pk}", "test:poke", 5)
    frame = await found.frame()
    assert frame == {"type": "test:poke", "data": {"key": 5, "for": "student"}}
    await found.leave()


class HangingLayer:
    async def group_send(self, group, message):
        await asyncio.sleep(20)


class AbsentLayer:
    async def group_send(self, group, message):
        raise ConnectionError("nobody there")


@pytest.mark.parametrize("layer", [HangingLayer, AbsentLayer])
def test_a_store_that_hangs_or_is_away_holds_no_request_up(layer, monkeypatch, caplog):
    monkeypatch.setattr(realtime, "get_channel_layer", layer)
    monkeypatch.setattr(realtime, "SEND_SECONDS", 0.05, raising=False)
    started = time.monotonic()

    with caplog.at_level("WARNING", logger=realtime.__name__):
        realtime.push("user:1", "test:poke", 5)
    assert time.monotonic() - started < 5
    assert [record.message for record in caplog.records] == ["realtime_away"]


async def test_what_a_receiver_may_not_see_is_not_sent(student):
    found = await opened(await sync_to_async(session_for)(student))
    await sync_to_async(realtime.push)(f"user:{student.pk}", "test:poke", 100)
    assert await found.receive_nothing()
    await found.leave()


async def test_a_foreign_origin_with_the_cookie_is_refused(student):
    found = Socket(await sync_to_async(session_for)(student), origin="http://evil.test")
    assert await found.connect() == 4403


async def test_a_token_in_the_first_frame_signs_in(student):
    device = await sync_to_async(device_for)(student)
    access = tokens.access_token(user=student, device=device, at=timezone.now())
    found = Socket(origin="http://elsewhere.test")
    assert await found.connect() is None
    await found.tell({"type": "auth", "access": access})
    assert (await found.frame())["type"] == "ready"
    await found.leave()


@pytest.mark.parametrize("access", ["nonsense", 5, None])
async def test_a_bad_token_is_refused(db, access):
    found = Socket()
    await found.connect()
    await found.tell({"type": "auth", "access": access})
    assert await found.close_code() == 4401


async def test_an_expired_token_is_refused(student):
    device = await sync_to_async(device_for)(student)
    access = tokens.access_token(
        user=student, device=device, at=timezone.now() - timedelta(minutes=6)
    )
    found = Socket()
    await found.connect()
    await found.tell({"type": "auth", "access": access})
    assert await found.close_code() == 4401


async def test_who_does_not_sign_in_is_closed(db, monkeypatch):
    monkeypatch.setattr(consumers, "SIGN_IN_SECONDS", 0.05)
    found = Socket()
    await found.connect()
    assert await found.close_code() == 4408


async def test_frames_before_signing_in_are_refused(db):
    found = Socket()
    await found.connect()
    await found.tell({"type": "subscribe", "room": 7})
    assert await found.close_code() == 4401


async def test_a_room_is_joined_by_those_who_may(student, stranger):
    inside = await opened(await sync_to_async(session_for)(student))
    outside = await opened(await sync_to_async(session_for)(stranger))
    for each in (inside, outside):
        await each.tell({"type": "subscribe", "data": {"room": 7, "unknown": 1}})
    assert (await inside.frame())["type"] == "subscribed"
    assert (await outside.frame())["type"] == "error"
    await sync_to_async(realtime.push)("room:7", "test:poke", 1)
    assert (await inside.frame())["data"]["key"] == 1
    assert await outside.receive_nothing()
    await inside.tell({"type": "unsubscribe", "room": 7})
    await inside.tell({"type": "ping"})
    assert (await inside.frame())["type"] == "pong"
    await sync_to_async(realtime.push)("room:7", "test:poke", 2)
    assert await inside.receive_nothing()
    await inside.leave()
    await outside.leave()


async def test_a_revoked_device_is_closed_at_once_and_hears_nothing(student):
    key = await sync_to_async(session_for)(student)
    found = await opened(key)
    device = await Device.objects.aget(session_key=key)
    await Device.objects.filter(pk=device.pk).aupdate(revoked_at=timezone.now())
    await sync_to_async(realtime.push)(f"user:{student.pk}", "test:poke", 5)
    await sync_to_async(realtime.disconnect)(device.pk)
    assert await found.close_code() == 4401


async def test_a_right_lost_without_notice_is_found_out(student, monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK_SECONDS", 0.05)
    found = await opened(await sync_to_async(session_for)(student))
    student.is_active = False
    await student.asave()
    assert await found.close_code() == 4401


@pytest.mark.parametrize(
    "text", ["{", "[]", "[" * 8000, '{"type": ["wave"]}', '{"no": "type"}', '{"type": "made-up"}']
)
async def test_odd_frames_are_told(student, text):
    found = await opened(await sync_to_async(session_for)(student))
    await found.tell(text)
    assert (await found.frame())["type"] == "error"
    await found.leave()


async def test_floods_and_giants_are_closed(student):
    giant = await opened(await sync_to_async(session_for)(student))
    await giant.tell("x" * (consumers.MAX_FRAME + 1))
    assert await giant.close_code() == 4429
    flood = await opened(await sync_to_async(session_for)(student))
    for _ in range(consumers.FRAMES_PER_SECOND + 1):
        await flood.tell({"type": "ping"})
    assert await flood.close_code() == 4429


async def test_sockets_of_one_person_are_bounded(student, settings):
    settings.SOCKETS_PER_USER = 1
    key = await sync_to_async(session_for)(student)
    first = await opened(key)
    second = Socket(key)
    await second.connect()
    assert await second.close_code() == 4429
    await first.leave()
    third = await opened(key)
    await third.leave()


def test_pushing_without_redis_loses_no_more_than_the_telling(student, monkeypatch):
    class Away:
        async def group_send(self, group, message):
            raise ConnectionRefusedError

    monkeypatch.setattr(realtime, "get_channel_layer", Away)
    realtime.push(f"user:{student.pk}", "test:poke", 1)


# ── what pages say to each other ──────────────────────────────────────────────────────────────
@pytest.fixture
def meeting(student, stranger):
    may_meet.update({"student", "stranger"})
    yield
    may_meet.clear()


async def attending(user, meeting_id=3):
    found = await opened(await sync_to_async(session_for)(user))
    await found.tell({"type": "subscribe", "data": {"meeting": meeting_id}})
    joined = (await found.frame("subscribed"))["data"]
    assert user.pk in joined["present"]
    return found


async def present_after(socket):
    return (await socket.frame("presence:changed"))["data"]["present"]


@pytest.mark.parametrize(
    "register",
    [
        lambda: realtime.channel("room"),
        lambda: realtime.payload("test:poke"),
        lambda: realtime.payload("test:waved"),
        lambda: realtime.said("test:poke"),
        lambda: realtime.client_frame("wave", channel="meeting"),
    ],
)
def test_what_is_registered_twice_fails_loudly(register):
    with pytest.raises(ValueError, match="registered already"):
        register()(lambda *_: None)


def test_only_what_is_registered_is_said():
    with pytest.raises(KeyError):
        realtime.say("meeting:3", "test:poke", {})
    with pytest.raises(ValueError, match="too much"):
        realtime.say("meeting:3", "test:waved", dict.fromkeys(range(30)))


async def test_a_page_says_something_to_the_others_in_its_channel(student, stranger, meeting):
    one, other = await attending(student), await attending(stranger)
    await one.tell({"type": "wave", "data": {"meeting": 3}})
    said = {"meeting": 3, "user": student.pk}
    assert (await other.frame("test:waved"))["data"] == said
    assert await one.nothing("test:waved")
    await one.tell({"type": "wave", "data": {"meeting": 3, "rude": True}})
    assert (await one.frame("error"))["data"] == {"detail": "Not here.", "meeting": 3}
    await one.leave()
    await other.leave()


async def test_it_is_heard_once_in_its_time(student, stranger, meeting):
    one, other = await attending(student), await attending(stranger)
    for _ in range(5):
        await one.tell({"type": "nod", "meeting": 3})
    await one.tell({"type": "wave", "meeting": 3})
    assert (await other.frame("test:waved"))["data"]["user"] == -student.pk
    assert (await other.frame("test:waved"))["data"]["user"] == student.pk
    await one.leave()
    await other.leave()


@pytest.mark.parametrize("key", [4, "3", True, [], {}, 10**30, -3])
async def test_nothing_is_said_into_a_channel_that_was_not_joined(student, meeting, key):
    one = await attending(student)
    await one.tell({"type": "wave", "data": {"meeting": key}})
    if key == "3":
        assert await one.nothing("error")
    else:
        assert (await one.frame("error"))["data"]["detail"] == "Subscribe first."
    await one.leave()


async def test_who_loses_the_right_is_told_and_hears_no_more(student, stranger, meeting):
    one, other = await attending(student), await attending(stranger)
    may_meet.remove("student")
    await other.tell({"type": "wave", "meeting": 3})
    assert (await one.frame("unsubscribed"))["data"] == {"meeting": 3}
    assert await one.nothing("test:waved")
    # by another's frame, and gone from those who are there
    assert await present_after(other) in ([student.pk, stranger.pk], [stranger.pk])
    assert await sync_to_async(realtime.present)("meeting:3") == {stranger.pk}
    await one.tell({"type": "wave", "meeting": 3})
    assert (await one.frame("error"))["data"]["detail"] == "Subscribe first."
    await one.leave()
    await other.leave()


async def test_a_right_that_ended_stops_ones_own_frames(student, meeting):
    one = await attending(student)
    may_meet.clear()
    await one.tell({"type": "wave", "meeting": 3})
    assert (await one.frame("unsubscribed"))["data"] == {"meeting": 3}
    await one.leave()


async def test_a_right_that_ended_in_silence_is_found_out(student, meeting, monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK_SECONDS", 0.05)
    one = await attending(student)
    may_meet.clear()
    assert (await one.frame("unsubscribed"))["data"] == {"meeting": 3}
    assert await sync_to_async(realtime.present)("meeting:3") == set()
    await one.leave()


# ── who is there ──────────────────────────────────────────────────────────────────────────────
async def test_several_pages_are_one_person(student, stranger, meeting):
    one = await attending(student)
    assert await present_after(one) == [student.pk]
    first = await attending(stranger)
    assert await present_after(one) == sorted([student.pk, stranger.pk])
    second = await attending(stranger)
    await first.leave()
    assert await one.nothing("presence:changed")
    await second.tell({"type": "unsubscribe", "meeting": 3})
    assert await present_after(one) == [student.pk]
    await second.leave()
    await one.leave()
    assert await sync_to_async(realtime.present)("meeting:3") == set()


async def test_who_crashed_is_gone_after_a_while(student, stranger, meeting, monkeypatch):
    monkeypatch.setattr(attendance, "LEASE", -1)
    crashed = await sync_to_async(attendance.attend)(
        channel="meeting:3", socket="of a process that was killed", user_id=stranger.pk
    )
    assert crashed
    monkeypatch.setattr(attendance, "LEASE", 60)
    assert await sync_to_async(realtime.present)("meeting:3") == set()
    one = await opened(await sync_to_async(session_for)(student))
    await one.tell({"type": "subscribe", "meeting": 3})
    assert (await one.frame("subscribed"))["data"]["present"] == [student.pk]
    await one.leave()


def test_nobody_is_there_while_valkey_is_away(settings, caplog):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    with caplog.at_level("WARNING", logger=attendance.__name__):
        assert realtime.present("meeting:3") == set()
        assert attendance.arrive(socket="a", address="192.0.2.1")
        assert attendance.sign_in(socket="a", user_id=1)
        assert not attendance.attend(channel="meeting:3", socket="a", user_id=1)
        attendance.renew(socket="a", address="192.0.2.1", user_id=1)
        attendance.depart(socket="a", address="192.0.2.1", user_id=1)
    assert {record.message for record in caplog.records} == {"attendance_away"}


# ── how many ──────────────────────────────────────────────────────────────────────────────────
async def test_sockets_of_one_address_are_bounded_and_hurt_nobody_else(student, settings):
    settings.SOCKETS_PER_ADDRESS = 2
    crowd = [Socket(address="2001:db8:1:2::" + str(number)) for number in range(1, 6)]
    answers = [await each.connect() for each in crowd]
    assert answers == [None, None, 4429, 4429, 4429]
    key = await sync_to_async(session_for)(student)
    elsewhere = await opened(key)
    await crowd[0].leave()
    assert await Socket(address="2001:db8:1:2::6").connect() is None
    await elsewhere.leave()


async def test_five_thousand_handshakes_of_one_address_are_refused(student, settings):
    settings.SOCKETS_PER_ADDRESS, settings.HANDSHAKES_PER_MINUTE = 40, 120

    def crowd():
        return sum(
            attendance.arrive(socket=f"s{number}", address="192.0.2.66") for number in range(5000)
        )

    assert await sync_to_async(crowd)() == 40
    found = await opened(await sync_to_async(session_for)(student))
    await found.leave()


def test_handshakes_of_one_address_are_bounded(settings):
    settings.HANDSHAKES_PER_MINUTE = 3
    answers = []
    for _ in range(5):
        answers.append(attendance.arrive(socket="s", address="192.0.2.7"))
        attendance.depart(socket="s", address="192.0.2.7", user_id=None)
    assert answers == [True, True, True, False, False]


def test_sockets_of_a_killed_process_are_forgotten(settings, monkeypatch):
    settings.SOCKETS_PER_USER = 1
    monkeypatch.setattr(attendance, "LEASE", -1)
    assert attendance.sign_in(socket="of a process that was killed", user_id=5)
    monkeypatch.setattr(attendance, "LEASE", 60)
    assert attendance.sign_in(socket="a", user_id=5)
    assert not attendance.sign_in(socket="b", user_id=5)
    attendance.renew(socket="a", address="192.0.2.1", user_id=5)
    attendance.depart(socket="a", address="192.0.2.1", user_id=5)
    assert attendance.sign_in(socket="b", user_id=5)


def test_an_app_says_in_its_own_words_who_is_there(student, meeting):
    realtime.channel("masked", shows_presence=lambda user, key, people: [-pk for pk in people])(
        lambda user, key: True
    )
    attendance.attend(channel="masked:3", socket="a", user_id=student.pk)
    assert realtime.presence_shown(student, "masked:3") == {"masked": 3, "present": [-student.pk]}


@pytest.mark.django_db
def test_what_happens_unseen_is_pushed_to_nobody(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as unseen, realtime.unseen():
        realtime.push("user:1", "notification:new", 1)
    with django_capture_on_commit_callbacks() as seen:
        realtime.push("user:1", "notification:new", 1)
    assert (len(unseen), len(seen)) == (0, 1)
