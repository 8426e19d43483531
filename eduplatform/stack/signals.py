"""What asks to end: signals, as one exception, and a terminal that is gone."""

import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """A signal asks us to end."""


@contextmanager
def stopping_by_signal() -> Iterator[None]:
    """Raise Stopped at the first signal and ignore more: the way out has its own time limits."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        for number in ASKING:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    before = {number: signal.signal(number, leave) for number in ASKING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Terminal:
    """The one we were started at, if any.

    When it is closed, SIGHUP goes to the first process of its session alone, which may be a make
    that waits for us.
    """

    def __init__(self) -> None:
        self._poll = select.poll()
        if sys.stdin is not None and sys.stdin.isatty():
            self._poll.register(sys.stdin, select.POLLHUP)

    def is_gone(self) -> bool:
        return any(event & select.POLLHUP for _, event in self._poll.poll(0))
