"""The one WebSocket consumer: signs in by cookie or first frame, joins channels, hands frames on."""

import asyncio
import json
import time
from collections import Counter
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlparse

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils.module_loading import import_string

from . import realtime

SIGN_IN_SECONDS = 5.0
RECHECK_SECONDS = 20.0
MAX_FRAME = 8 * 1024
FRAMES_PER_SECOND = 20
SOCKETS_PER_USER = 10
MAX_CHANNELS = 50
# Close codes of our own: 4401 not signed in, 4403 refused origin, 4408 too late, 4429 too many.

_open_sockets: Counter[int] = Counter()


class RealtimeConsumer(AsyncWebsocketConsumer):
    device_id: int | None = None
    user_id: int | None = None
    background: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        self.channels: set[str] = set()
        self.window = (0.0, 0)
        session_key = self._cookie(settings.SESSION_COOKIE_NAME)
        if session_key and not self._same_origin():
            await self.close(4403)
            return
        await self.accept()
        if session_key:
            await self._sign_in(await self._ask("session", session_key))
        if self.device_id is None:
            self.background = asyncio.create_task(self._close_unless_signed_in())

    async def disconnect(self, code: int) -> None:
        if self.background:
            self.background.cancel()
        for channel in self.channels:
            await self.channel_layer.group_discard(realtime.group_of(channel), self.channel_name)
        if self.device_id is not None:
            await self.channel_layer.group_discard(f"device.{self.device_id}", self.channel_name)
        if self.user_id is not None:
            _open_sockets[self.user_id] -= 1

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data is None or len(text_data) > MAX_FRAME or self._too_fast():
            await self.close(4429)
            return
        try:
            frame = json.loads(text_data)
            kind = frame["type"]
        except (ValueError, TypeError, KeyError):
            await self._tell("error", {"detail": "Frames are JSON objects with a type."})
            return
        data = frame.get("data") if isinstance(frame.get("data"), dict) else frame
        if kind == "ping":
            await self._tell("pong", {})
        elif kind == "auth" and self.device_id is None:
            access = data.get("access")
            await self._sign_in(
                await self._ask("token", access) if isinstance(access, str) else None
            )
            if self.device_id is None:
                await self.close(4401)
        elif self.device_id is None:
            await self.close(4401)
        elif kind in ("subscribe", "unsubscribe"):
            await self._change_subscription(kind, data)
        else:
            await self._tell("error", {"detail": "Unknown frame type."})

    # ── from the layer ────────────────────────────────────────────────────────────────────────
    async def pushed(self, message: dict[str, Any]) -> None:
        user = await self._user()
        if user is None:
            await self.close(4401)
            return
        frame = await database_sync_to_async(realtime.frame_for)(
            user, message["channel"], message["frame"], message["key"]
        )
        if frame:
            await self._tell(frame["type"], frame["data"])

    async def signed_out(self, message: dict[str, Any]) -> None:
        await self.close(4401)

    # ── helpers ───────────────────────────────────────────────────────────────────────────────
    async def _sign_in(self, device_id: int | None) -> None:
        if device_id is None:
            return
        self.device_id = device_id
        user = await self._user()
        if user is None or _open_sockets[user.pk] >= SOCKETS_PER_USER:
            self.device_id = None
            await self.close(4401 if user is None else 4429)
            return
        self.user_id = user.pk
        _open_sockets[user.pk] += 1
        await self.channel_layer.group_add(f"device.{device_id}", self.channel_name)
        await self._join(f"user:{user.pk}")
        if self.background:
            self.background.cancel()
        self.background = asyncio.create_task(self._recheck())
        await self._tell("ready", {"user": user.pk})

    async def _change_subscription(self, kind: str, data: dict[str, Any]) -> None:
        for name, key in data.items():
            if not realtime.is_channel_kind(name) or not isinstance(key, int):
                continue
            channel = f"{name}:{key}"
            if kind == "unsubscribe":
                self.channels.discard(channel)
                await self.channel_layer.group_discard(
                    realtime.group_of(channel), self.channel_name
                )
            elif await self._may_join(channel):
                await self._join(channel)
                await self._tell("subscribed", {name: key})
            else:
                await self._tell("error", {"detail": "Nothing to subscribe to.", name: key})

    async def _may_join(self, channel: str) -> bool:
        user = await self._user()
        if user is None or len(self.channels) >= MAX_CHANNELS:
            return False
        return bool(await database_sync_to_async(realtime.may_join)(user, channel))

    async def _join(self, channel: str) -> None:
        self.channels.add(channel)
        await self.channel_layer.group_add(realtime.group_of(channel), self.channel_name)

    async def _close_unless_signed_in(self) -> None:
        await asyncio.sleep(SIGN_IN_SECONDS)
        if self.device_id is None:
            await self.close(4408)

    async def _recheck(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            if await self._user() is None:
                await self.close(4401)
                return

    async def _user(self) -> Any:
        return await self._ask("user", self.device_id)

    async def _ask(self, question: str, argument: Any) -> Any:
        answer = import_string(settings.REALTIME_SIGN_IN[question])
        return await database_sync_to_async(answer)(argument)

    async def _tell(self, kind: str, data: dict[str, Any]) -> None:
        await self.send(json.dumps({"type": kind, "data": data}, default=str))

    def _too_fast(self) -> bool:
        started, count = self.window
        now = time.monotonic()
        self.window = (now, 1) if now - started >= 1 else (started, count + 1)
        return self.window[1] > FRAMES_PER_SECOND

    def _header(self, name: bytes) -> str:
        return next((v.decode("latin-1") for k, v in self.scope["headers"] if k == name), "")

    def _cookie(self, name: str) -> str | None:
        morsel = SimpleCookie(self._header(b"cookie")).get(name)
        return morsel.value if morsel else None

    def _same_origin(self) -> bool:
        origin = urlparse(self._header(b"origin"))
        return origin.netloc == self._header(b"host") or (
            f"{origin.scheme}://{origin.netloc}" in settings.CSRF_TRUSTED_ORIGINS
        )
