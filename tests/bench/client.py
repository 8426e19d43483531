"""A light HTTP client for measuring: keeps so many connections busy, each with one request at a time.

One process and one selector loop over prepared bytes: about 30 µs of work a request, so that the
server stays the bottleneck by an order of magnitude. It tells what work it did.
"""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

PATIENCE = 20.0  # seconds to wait for the last answers
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)")
BODILESS = (204, 304)


@dataclass
class Round:
    """What came back; seconds, of which `work` is the client's own, `served` the server's on its
    processor. A connection that broke counts as status 0."""

    seconds: float = 0.0
    work: float = 0.0
    served: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds


class Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.started = 0.0

    def ask(self, message: bytes) -> None:
        self.received, self.expected, self.status = b"", None, 0
        self.started = time.perf_counter()
        self.socket.sendall(message)

    def is_answered(self) -> bool:
        """Read what has come; whether the answer is whole."""
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError
        self.received += part
        if self.expected is None:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = self.received[:end].lower()
            self.status = int(head[9:12])
            length = LENGTH.search(head)
            if length or self.status in BODILESS:
                self.expected = end + 4 + (int(length[1]) if length else 0)
        if self.expected is None:
            return self.received.endswith(b"0\r\n\r\n")
        return len(self.received) >= self.expected


def drive(port: int, messages: Iterator[bytes], *, seconds: float, connections: int) -> Round:
    """Ask for so long, then wait for the answers that are due."""
    found, waiting = Round(), selectors.DefaultSelector()
    for _ in range(connections):
        _open(waiting, port, messages)
    worked, started = time.process_time(), time.perf_counter()
    deadline = started + seconds
    while waiting.get_map() and time.perf_counter() < deadline + PATIENCE:
        for key, _ in waiting.select(1.0):
            connection: Connection = key.data
            try:
                if not connection.is_answered():
                    continue
            except OSError:
                waiting.unregister(connection.socket)
                connection.socket.close()
                found.statuses[0] += 1
                if time.perf_counter() < deadline:
                    _open(waiting, port, messages)
                continue
            now = time.perf_counter()
            found.times.append(now - connection.started)
            found.statuses[connection.status] += 1
            if now < deadline:
                connection.ask(next(messages))
            else:
                waiting.unregister(connection.socket)
                connection.socket.close()
    found.seconds = time.perf_counter() - started
    found.work = time.process_time() - worked
    return found


def _open(waiting: selectors.BaseSelector, port: int, messages: Iterator[bytes]) -> None:
    connection = Connection(port)
    waiting.register(connection.socket, selectors.EVENT_READ, connection)
    connection.ask(next(messages))
