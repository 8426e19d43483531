"""What open pages are told: channels, who may join them, and what each receiver gets.

A channel is `kind:id`, like `user:5` or `topic:12`. Everybody signed in is on their own `user`
channel; other kinds are joined by a client frame. What is sent carries an id only: the payload is
built anew for each receiver, from rows that this receiver may see, at the moment of delivery.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SEND_SECONDS = 1.0

MayJoin = Callable[[AbstractBaseUser, int], bool]
Payload = Callable[[Any, int], dict[str, Any] | None]

_channels: dict[str, MayJoin] = {}
_payloads: dict[str, Payload] = {}


def channel(kind: str) -> Callable[[MayJoin], MayJoin]:
    """Register who may join channels of this kind; asked again before each delivery."""

    def register(may_join: MayJoin) -> MayJoin:
        _channels[kind] = may_join
        return may_join

    return register


def payload(frame: str) -> Callable[[Payload], Payload]:
    """Register what a receiver gets in frames of this type; None sends nothing."""

    def register(build: Payload) -> Payload:
        _payloads[frame] = build
        return build

    return register


@channel("user")
def is_self(user: AbstractBaseUser, user_id: int) -> bool:
    return bool(user.pk == user_id)


def is_channel_kind(kind: str) -> bool:
    return kind in _channels


def may_join(user: AbstractBaseUser, channel_name: str) -> bool:
    kind, _, key = channel_name.partition(":")
    is_id = key.isdecimal() and len(key) < 19
    return kind in _channels and is_id and _channels[kind](user, int(key))


def frame_for(
    user: AbstractBaseUser, channel_name: str, frame: str, key: int
) -> dict[str, Any] | None:
    """The frame as this receiver may see it now, or None."""
    if not may_join(user, channel_name):
        return None
    data = _payloads[frame](user, key)
    return None if data is None else {"type": frame, "data": data}


def group_of(channel_name: str) -> str:
    return channel_name.replace(":", ".")


async def _send_in_time(group: str, message: dict[str, Any]) -> None:
    """A store that hangs holds nobody's request up: what counts is in the rows."""
    await asyncio.wait_for(get_channel_layer().group_send(group, message), SEND_SECONDS)


def push(channel_name: str, frame: str, key: int) -> None:
    """After the commit, tell everybody on the channel. Loses nothing: what counts is in the rows."""
    if frame not in _payloads:
        raise KeyError(frame)
    message = {"type": "pushed", "channel": channel_name, "frame": frame, "key": key}
    transaction.on_commit(lambda: _send(group_of(channel_name), message), robust=True)


def disconnect(device_id: int) -> None:
    """After the commit, close the sockets of a device that is no longer signed in."""
    message = {"type": "signed_out"}
    transaction.on_commit(lambda: _send(f"device.{device_id}", message), robust=True)


def _send(group: str, message: dict[str, Any]) -> None:
    try:
        async_to_sync(_send_in_time)(group, message)
    except (OSError, TimeoutError, RedisError) as error:
        logger.warning("realtime_away", extra={"error": type(error).__name__})
