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
from apps.core import consumers, realtime
from apps.core.tests.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)


@realtime.payload("test:poke")
def poke(user, key):
    return {"key": key, "for": user.username} if key < 100 else None


@realtime.channel("room")
def may_enter(user, key):
    return user.username == "student" and key == 7


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


@pytest.mark.parametrize("text", ["{", "[]", '{"no": "type"}', '{"type": "made-up"}'])
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


async def test_sockets_of_one_person_are_bounded(student, monkeypatch):
    monkeypatch.setattr(consumers, "SOCKETS_PER_USER", 1)
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
