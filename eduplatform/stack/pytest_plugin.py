"""Gives every run of pytest servers of its own, unless DATABASE_URL and REDIS_URL name some.

It is named in `addopts`, because a conftest is read after Django's settings.
"""

import os
import signal
from collections.abc import Generator
from contextlib import ExitStack
from types import FrameType

import pytest

from .folders import volatile_servers

_running = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None]:
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        _leave_cleanly_on_sigterm()
        os.environ.update(_running.enter_context(volatile_servers()))
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _running.close()


def _leave_cleanly_on_sigterm() -> None:
    owner = os.getpid()

    def leave(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        if os.getpid() != owner:  # a process forked by a test
            os.kill(os.getpid(), number)
        pytest.exit("stopped by SIGTERM", returncode=128 + number)

    signal.signal(signal.SIGTERM, leave)
