"""A WebSocket client of tests, straight onto the consumer."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator
from django.conf import settings

from apps.core.consumers import RealtimeConsumer

HOST = "edu.test"
PATIENCE = 30  # seconds: the machine may be busy


class Socket(ApplicationCommunicator):
    """Opens `/ws/` with a session's cookie, or without one, from the given origin and address."""

    def __init__(
        self,
        session_key: str | None = None,
        origin: str = f"http://{HOST}",
        address: str = "192.0.2.1",
    ) -> None:
        self.overtaken: list[dict[str, Any]] = []
        headers = [(b"host", HOST.encode()), (b"origin", origin.encode())]
        if session_key:
            cookie = f"{settings.SESSION_COOKIE_NAME}={session_key}"
            headers.append((b"cookie", cookie.encode()))
        scope = {
            "type": "websocket",
            "path": "/ws/",
            "headers": headers,
            "subprotocols": [],
            "client": (address, 50000),
        }
        super().__init__(RealtimeConsumer.as_asgi(), scope)

    async def connect(self) -> int | None:
        """None when accepted, else the code it was closed with."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(PATIENCE)
        if answer["type"] == "websocket.accept":
            return None
        await self.leave()
        return answer["code"]

    async def tell(self, frame: Any) -> None:
        text = frame if isinstance(frame, str) else json.dumps(frame)
        await self.send_input({"type": "websocket.receive", "text": text})

    async def frame(self, kind: str | None = None) -> dict[str, Any]:
        """The next frame, or the next of this kind: what comes before it is kept for later."""
        for found in self.overtaken:
            if kind in (None, found["type"]):
                self.overtaken.remove(found)
                return found
        while True:
            message = await self.receive_output(PATIENCE)
            assert message["type"] == "websocket.send", message
            found = json.loads(message["text"])
            if kind in (None, found["type"]):
                return found
            self.overtaken.append(found)

    async def nothing(self, kind: str) -> bool:
        """Whether no frame of this kind comes until the socket is quiet."""
        while not await self.receive_nothing(0.1):
            self.overtaken.append(json.loads((await self.receive_output(PATIENCE))["text"]))
        return all(found["type"] != kind for found in self.overtaken)

    async def close_code(self) -> int:
        while True:
            message = await self.receive_output(PATIENCE)
            if message["type"] == "websocket.close":
                await self.leave()  # as a server tells the application after its own closing
                return message["code"]

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(PATIENCE)
