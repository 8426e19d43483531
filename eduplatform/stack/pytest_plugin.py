"""Gives every run of pytest servers of its own, unless DATABASE_URL and REDIS_URL name some.

It is named in `addopts`, because a conftest is read after Django's settings. With `-n` each worker
has servers of its own: tests empty the cache and count what is in the tables.
"""

import os
import signal
from collections.abc import Generator
from contextlib import ExitStack
from types import FrameType
from typing import Any

import pytest

from .folders import volatile_servers

_OWN = "EDUPLATFORM_TEST_SERVERS"
_running = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None]:
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        _leave_cleanly_on_sigterm()
        os.environ.update(_running.enter_context(volatile_servers()))
        os.environ[_OWN] = "1"
    return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_newgateway(gateway: Any) -> None:
    """The first worker inherits the servers of this run, every other one gets some."""
    if gateway.id == "gw0" or _OWN not in os.environ:
        return
    # by the gateway: a worker reads Django's settings before it loads this plugin
    channel = gateway.remote_exec("import os; os.environ.update(channel.receive())")
    channel.send(_running.enter_context(volatile_servers(named={})))
    channel.waitclose()


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
