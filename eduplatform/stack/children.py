"""Child processes that never outlive this one, and free ports for them."""

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any, TypedDict

FIRST_PORT, PORTS = 10_000, 22_000
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Credentials(TypedDict, total=False):
    """Arguments of Popen that run the child as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path | None,
    if_parent_dies: signal.Signals,
    env: Mapping[str, str] | None = None,
    stdin: int | None = subprocess.DEVNULL,
    own_session: bool = True,
    credentials: Credentials | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command`; in a session of its own Ctrl-C doesn't reach it, so that we stop it.

    It writes to `log`, or, without one, to where we write.
    """
    with log.open("ab") if log else nullcontext() as output:
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            env=env,
            start_new_session=own_session,
            preexec_fn=_dying_with(os.getpid(), if_parent_dies),
            **(credentials or {}),
        )


def stop(*children: subprocess.Popen[Any], by: signal.Signals, within: float) -> None:
    """Ask all of them to stop; after `within` seconds kill what is left."""
    deadline = time.monotonic() + within
    for child in children:
        if child.poll() is None:
            child.send_signal(by)
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, deadline - time.monotonic()))
        kill_session(child)


def kill_session(child: subprocess.Popen[Any]) -> None:
    """End the child and what it started: a process that died may leave helpers behind."""
    child.kill()
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def free_port() -> int:
    """A port below those the system gives to clients.

    Who asks one of theirs whether a server is up already may be given just that port for the
    asking, and then talks to itself.
    """
    while True:
        port = FIRST_PORT + secrets.randbelow(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def end_with_parent() -> None:
    """Be asked to stop when the process that started us is gone, whatever ended it."""
    if ask := _dying_with(os.getppid(), signal.SIGTERM):
        ask()


def _dying_with(parent: int, sign: signal.Signals) -> Callable[[], None] | None:
    """The kernel sends `sign` to the child as soon as `parent` is gone, kill -9 included."""
    if _libc is None:
        return None
    prctl = _libc.prctl

    def ask_the_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, int(sign))
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask_the_kernel
