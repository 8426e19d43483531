"""What open pages are told: channels, who may join them, and what each receiver gets.

A channel is `kind:id`, like `user:5` or `topic:12`. Everybody signed in is on their own `user`
channel; other kinds are joined by a client frame. `push` sends an id only: the payload is built
anew for each receiver, from rows that this receiver may see, at the moment of delivery. `say` is
for what is in no row, like who is typing; what each receiver gets of it is asked as well.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import translation
from redis.exceptions import RedisError

from . import attendance

logger = logging.getLogger(__name__)

SEND_SECONDS = 1.0
MAX_SAID = 20  # entries of what is said without a row

MayJoin = Callable[[AbstractBaseUser, int], bool]
Payload = Callable[[Any, int], dict[str, Any] | None]
Said = Callable[[Any, int, dict[str, Any]], dict[str, Any] | None]
Heard = Callable[[Any, int, dict[str, Any]], None]
Attendance = Callable[[Any, int, set[int]], list[Any]]


@dataclass(frozen=True)
class _Kind:
    may_join: MayJoin
    attendance: Attendance | None


@dataclass(frozen=True)
class ClientFrame:
    """What a page may send into a channel that it has joined, and how often at most."""

    channel_kind: str
    hear: Heard
    every: float


_channels: dict[str, _Kind] = {}
_payloads: dict[str, Payload] = {}
_said: dict[str, Said] = {}
_client_frames: dict[tuple[str, str], ClientFrame] = {}
_unseen: ContextVar[bool] = ContextVar("unseen", default=False)


def channel(
    kind: str, *, shows_presence: bool | Attendance = False
) -> Callable[[MayJoin], MayJoin]:
    """Register who may join channels of this kind; asked again before each delivery.

    With `shows_presence` those in the channel are told who is there, by `presence:changed`: ids of
    people, or what a function of `(user, channel's id, people's ids)` makes of them for this user.
    """
    attendance = _ids_of if shows_presence is True else shows_presence or None

    def register(may_join: MayJoin) -> MayJoin:
        _refuse_second(kind, kind in _channels)
        _channels[kind] = _Kind(may_join, attendance)
        return may_join

    return register


def _ids_of(user: Any, channel_id: int, people: set[int]) -> list[int]:
    return sorted(people)


def payload(frame: str) -> Callable[[Payload], Payload]:
    """Register what a receiver gets in frames of this type; None sends nothing."""

    def register(build: Payload) -> Payload:
        _refuse_second(frame, frame in _payloads or frame in _said)
        _payloads[frame] = build
        return build

    return register


def said(frame: str) -> Callable[[Said], Said]:
    """Register what a receiver gets of what was said: `(user, channel's id, data)`, None nothing."""

    def register(build: Said) -> Said:
        _refuse_second(frame, frame in _payloads or frame in _said)
        _said[frame] = build
        return build

    return register


def client_frame(frame: str, *, channel: str, every: float = 1.0) -> Callable[[Heard], Heard]:
    """Register what happens when a page sends `{"type": frame, "data": {channel: id}}`.

    Called as `(user, channel's id, data)`, only for a channel that the socket has joined and whose
    right the user still has, and once in `every` seconds: what comes in between is dropped.
    """

    def register(hear: Heard) -> Heard:
        _refuse_second(f"{frame} into {channel}", (frame, channel) in _client_frames)
        _client_frames[frame, channel] = ClientFrame(channel, hear, every)
        return hear

    return register


def _refuse_second(name: str, is_registered: bool) -> None:
    if is_registered:
        raise ValueError(f"{name} is registered already")


@channel("user")
def is_self(user: AbstractBaseUser, user_id: int) -> bool:
    return bool(user.pk == user_id)


def is_channel_kind(kind: str) -> bool:
    return kind in _channels


def shows_presence(channel_name: str) -> bool:
    kind = channel_name.partition(":")[0]
    return kind in _channels and _channels[kind].attendance is not None


def client_frames(frame: str) -> list[ClientFrame]:
    """What may be sent by this name, one for each kind of channel."""
    return [found for (name, _kind), found in _client_frames.items() if name == frame]


def may_join(user: AbstractBaseUser, channel_name: str) -> bool:
    kind, _, key = channel_name.partition(":")
    is_id = key.isascii() and key.isdecimal() and len(key) < 19
    return kind in _channels and is_id and _channels[kind].may_join(user, int(key))


def frame_for(user: AbstractBaseUser, message: dict[str, Any]) -> dict[str, Any] | None:
    """The frame as somebody who may be in its channel is to see it now, in their language, or None."""
    with translation.override(getattr(user, "locale", None)):
        return _frame_for(user, message)


def _frame_for(user: AbstractBaseUser, message: dict[str, Any]) -> dict[str, Any] | None:
    frame = message["frame"]
    if message["type"] == "attended":
        data: dict[str, Any] | None = presence_shown(user, message["channel"])
    elif message["type"] == "said":
        channel_id = int(message["channel"].partition(":")[2])
        data = _said[frame](user, channel_id, message["data"])
    else:
        data = _payloads[frame](user, message["key"])
    return None if data is None else {"type": frame, "data": data}


def group_of(channel_name: str) -> str:
    return channel_name.replace(":", ".")


def present(channel_name: str) -> set[int]:
    """Who has a page open on the channel, by user id; nobody while Valkey is away."""
    return attendance.present(channel_name)


def presence_shown(user: Any, channel_name: str) -> dict[str, Any]:
    """What `subscribed` and `presence:changed` tell this user."""
    kind, _, key = channel_name.partition(":")
    shown = _channels[kind].attendance
    people = shown(user, int(key), present(channel_name)) if shown else []
    return {kind: int(key), "present": people}


def push(channel_name: str, frame: str, key: int) -> None:
    """After the commit, tell everybody on the channel. Loses nothing: what counts is in the rows."""
    if frame not in _payloads:
        raise KeyError(frame)
    _send_later(
        channel_name, {"type": "pushed", "channel": channel_name, "frame": frame, "key": key}
    )


def say(channel_name: str, frame: str, data: dict[str, Any] | None = None) -> None:
    """After the commit, tell everybody on the channel a few ids or words that are in no row."""
    if frame not in _said:
        raise KeyError(frame)
    if data and len(data) > MAX_SAID:
        raise ValueError(f"{frame} says too much")
    _send_later(
        channel_name, {"type": "said", "channel": channel_name, "frame": frame, "data": data or {}}
    )


def say_presence(channel_name: str) -> None:
    """Tell everybody on the channel who is there."""
    message = {"type": "attended", "channel": channel_name, "frame": "presence:changed"}
    _send_later(channel_name, message)


def disconnect(device_id: int) -> None:
    """After the commit, close the sockets of a device that is no longer signed in."""
    message = {"type": "signed_out"}
    transaction.on_commit(lambda: _send(f"device.{device_id}", message), robust=True)


@contextmanager
def unseen() -> Iterator[None]:
    """What happens inside is told to no open page: for seeds and imports, which make a past."""
    token = _unseen.set(True)
    try:
        yield
    finally:
        _unseen.reset(token)


def _send_later(channel_name: str, message: dict[str, Any]) -> None:
    if _unseen.get():
        return
    transaction.on_commit(lambda: _send(group_of(channel_name), message), robust=True)


async def _send_in_time(group: str, message: dict[str, Any]) -> None:
    """A store that hangs holds nobody's request up: what counts is in the rows."""
    await asyncio.wait_for(get_channel_layer().group_send(group, message), SEND_SECONDS)


def _send(group: str, message: dict[str, Any]) -> None:
    try:
        async_to_sync(_send_in_time)(group, message)
    except (OSError, TimeoutError, RedisError) as error:
        logger.warning("realtime_away", extra={"error": type(error).__name__})
