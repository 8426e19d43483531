"""The signals that ask to end, as one exception."""

import signal
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
