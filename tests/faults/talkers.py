"""People who talk to a real server process: signed in, over HTTP and a socket."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from asgiref.sync import sync_to_async
from django.utils import timezone
from websockets.asyncio.client import ClientConnection, connect

from apps.accounts import tokens
from apps.accounts.models import Device, User
from eduplatform.stack import serving
from eduplatform.stack.children import free_port, spawn

START_SECONDS = 60.0


class Server:
    """One process that serves pages, API and sockets; it can be killed and started anew."""

    def __init__(self) -> None:
        self.port = free_port()
        self.log = Path(tempfile.mkdtemp()) / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
        self.process = spawn(
            [sys.executable, "-m", *serving.sockets("127.0.0.1", self.port)],
            log=self.log,
            if_parent_dies=signal.SIGKILL,
            env=env,
        )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.address}/healthz", timeout=2).status_code == 200:
                    return
            time.sleep(0.2)
        raise SystemExit(f"The server didn't start: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """By its own id, without a warning."""
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def person(name: str) -> User:
    found, _made = User.objects.get_or_create(
        email=f"{name}@talk.test",
        defaults={"username": name, "name": name.title(), "email_verified": True},
    )
    return found


@dataclass
class Talker:
    user: User
    server: Server

    def __post_init__(self) -> None:
        now = timezone.now()
        self.device = Device.objects.create(user=self.user, created_at=now, seen_at=now)

    def access(self) -> str:
        """A fresh token: they live for minutes."""
        return tokens.access_token(user=self.user, device=self.device, at=timezone.now())

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access()}", "Host": "localhost"}

    async def socket(self) -> ClientConnection:
        """An open socket that is signed in. Raises OSError while the server is away."""
        address = f"ws://127.0.0.1:{self.server.port}/ws/"
        found = await connect(address, open_timeout=20, max_queue=None)
        access = await sync_to_async(self.access)()
        await found.send(json.dumps({"type": "auth", "access": access}))
        frame = await frame_of(found, "ready")
        assert frame["data"]["user"] == self.user.pk
        return found


async def frame_of(socket: ClientConnection, kind: str, within: float = 20) -> dict[str, Any]:
    """The next frame of the kind."""
    while True:
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), within))
        if frame["type"] == kind:
            return frame


def client(server: Server) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.address, timeout=30)
