"""The one WebSocket consumer: signs in by cookie or first frame, joins channels, hands frames on."""

import asyncio
import json
import time
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlparse

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils.module_loading import import_string

from . import attendance, realtime
from .errors import DomainError
from .limits import address_behind, network_of

SIGN_IN_SECONDS = 5.0
RECHECK_SECONDS = 20.0
MAX_FRAME = 8 * 1024
FRAMES_PER_SECOND = 20
MAX_CHANNELS = 50
# Close codes of our own: 4401 not signed in, 4403 refused origin, 4408 too late, 4429 too many.


class SignedOut(Exception):
    """Nobody is signed in on the socket's device any more."""


class RightEnded(Exception):
    """Its person may no longer be in the channel."""


class RealtimeConsumer(AsyncWebsocketConsumer):
    device_id: int | None = None
    user_id: int | None = None
    address = ""
    background: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        self.channels: set[str] = set()
        self.heard: dict[tuple[str, str], float] = {}
        self.window = (0.0, 0)
        session_key = self._cookie(settings.SESSION_COOKIE_NAME)
        if session_key and not self._same_origin():
            await self.close(4403)
            return
        peer = self.scope.get("client") or [""]
        self.address = network_of(address_behind(peer[0], self._header(b"x-forwarded-for")))
        if not await database_sync_to_async(attendance.arrive)(
            socket=self.channel_name, address=self.address
        ):
            await self.close(4429)
            return
        await self.accept()
        if session_key:
            await self._sign_in(await self._ask("session", session_key))
        if self.device_id is None:
            self.background = asyncio.create_task(self._close_unless_signed_in())

    async def disconnect(self, code: int) -> None:
        if self.background:
            self.background.cancel()
        for channel in list(self.channels):
            await self._leave(channel)
        if self.device_id is not None:
            await self.channel_layer.group_discard(f"device.{self.device_id}", self.channel_name)
        if self.address:
            await database_sync_to_async(attendance.depart)(
                socket=self.channel_name, address=self.address, user_id=self.user_id
            )

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data is None or len(text_data) > MAX_FRAME or self._too_fast():
            await self.close(4429)
            return
        try:
            frame = json.loads(text_data)
            kind = str(frame["type"])
        except (ValueError, TypeError, KeyError, RecursionError):
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
        elif frames := realtime.client_frames(kind):
            for found in frames:
                await self._hear(kind, found, data)
        else:
            await self._tell("error", {"detail": "Unknown frame type."})

    # ── from the layer ────────────────────────────────────────────────────────────────────────
    async def pushed(self, message: dict[str, Any]) -> None:
        if message["channel"] not in self.channels:
            return  # left while it was on its way
        frame = await self._with_right(message["channel"], realtime.frame_for, message)
        if frame:
            await self._tell(frame["type"], frame["data"])

    said = attended = pushed

    async def signed_out(self, message: dict[str, Any]) -> None:
        await self.close(4401)

    # ── helpers ───────────────────────────────────────────────────────────────────────────────
    async def _sign_in(self, device_id: int | None) -> None:
        if device_id is None:
            return
        self.device_id = device_id
        user = await self._user()
        if user is None or not await database_sync_to_async(attendance.sign_in)(
            socket=self.channel_name, user_id=user.pk
        ):
            self.device_id = None
            await self.close(4401 if user is None else 4429)
            return
        self.user_id = user.pk
        await self.channel_layer.group_add(f"device.{device_id}", self.channel_name)
        await self._join(f"user:{user.pk}")
        if self.background:
            self.background.cancel()
        self.background = asyncio.create_task(self._live_on())
        await self._tell("ready", {"user": user.pk})

    async def _change_subscription(self, kind: str, data: dict[str, Any]) -> None:
        for name, key in data.items():
            if not realtime.is_channel_kind(name) or not isinstance(key, int):
                continue
            channel = f"{name}:{key}"
            if kind == "unsubscribe":
                await self._leave(channel)
            elif await self._may_join(channel):
                await self._join(channel)
                shown = {name: key}
                if realtime.shows_presence(channel):
                    shown = await self._with_right(channel, realtime.presence_shown, channel)
                await self._tell("subscribed", shown or {name: key})
            else:
                await self._tell("error", {"detail": "Nothing to subscribe to.", name: key})

    async def _hear(self, kind: str, frame: realtime.ClientFrame, data: dict[str, Any]) -> None:
        key = data.get(frame.channel_kind)
        if key is None:
            return
        channel = f"{frame.channel_kind}:{key}"
        if channel not in self.channels:
            await self._tell("error", {"detail": "Subscribe first.", frame.channel_kind: key})
            return
        now = time.monotonic()
        if now - self.heard.get((kind, channel), -frame.every) < frame.every:
            return
        self.heard[kind, channel] = now
        try:
            await self._with_right(channel, frame.hear, int(key), data)
        except DomainError as error:
            await self._tell("error", {"detail": str(error), frame.channel_kind: key})

    async def _may_join(self, channel: str) -> bool:
        if len(self.channels) >= MAX_CHANNELS and channel not in self.channels:
            return False
        user = await self._user()
        return user is not None and await database_sync_to_async(realtime.may_join)(user, channel)

    async def _join(self, channel: str) -> None:
        self.channels.add(channel)
        await self.channel_layer.group_add(realtime.group_of(channel), self.channel_name)
        if realtime.shows_presence(channel):
            await database_sync_to_async(self._attend)(channel)

    async def _leave(self, channel: str) -> None:
        if channel not in self.channels:
            return
        self.channels.discard(channel)
        await self.channel_layer.group_discard(realtime.group_of(channel), self.channel_name)
        if realtime.shows_presence(channel) and self.user_id is not None:
            await database_sync_to_async(self._quit)(channel, self.user_id)

    async def _with_right(self, channel: str, act: Any, *arguments: Any) -> Any:
        """What `act` answers for the socket's person, whose right to the channel is asked again."""
        try:
            return await database_sync_to_async(self._act)(channel, act, *arguments)
        except SignedOut:
            await self.close(4401)
        except RightEnded:
            await self._lose(channel)

    def _act(self, channel: str, act: Any, *arguments: Any) -> Any:
        user = self._user_now()
        if not realtime.may_join(user, channel):
            raise RightEnded
        return act(user, *arguments)

    async def _lose(self, channel: str) -> None:
        if channel in self.channels:
            await self._leave(channel)
            kind, _, key = channel.partition(":")
            await self._tell("unsubscribed", {kind: int(key)})

    def _attend(self, channel: str) -> None:
        if self.user_id is not None and attendance.attend(
            channel=channel, socket=self.channel_name, user_id=self.user_id
        ):
            realtime.say_presence(channel)

    def _quit(self, channel: str, user_id: int) -> None:
        if attendance.quit_channel(channel=channel, socket=self.channel_name, user_id=user_id):
            realtime.say_presence(channel)

    async def _close_unless_signed_in(self) -> None:
        await asyncio.sleep(SIGN_IN_SECONDS)
        if self.device_id is None:
            await self.close(4408)

    async def _live_on(self) -> None:
        """Say from time to time that the socket lives, and ask whether it still may."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            try:
                lost = await database_sync_to_async(self._renew)()
            except SignedOut:
                await self.close(4401)
                return
            for channel in lost:
                await self._lose(channel)

    def _renew(self) -> list[str]:
        """The channels, of those that show who is there, in which this person no longer may be."""
        user = self._user_now()
        attendance.renew(socket=self.channel_name, address=self.address, user_id=user.pk)
        lost = []
        for channel in filter(realtime.shows_presence, list(self.channels)):
            if realtime.may_join(user, channel):
                self._attend(channel)
            else:
                lost.append(channel)
        return lost

    def _user_now(self) -> Any:
        user = import_string(settings.REALTIME_SIGN_IN["user"])(self.device_id)
        if user is None:
            raise SignedOut
        return user

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
