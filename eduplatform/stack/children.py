"""Child processes that never outlive this one, and free ports for them."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

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
    log: Path,
    if_parent_dies: signal.Signals,
    env: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
    credentials: Credentials | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, so that Ctrl-C reaches this process alone."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            start_new_session=True,
            preexec_fn=_dying_with(os.getpid(), if_parent_dies),
            **(credentials or {}),
        )


def stop(child: subprocess.Popen[Any], by: signal.Signals, *, within: float) -> None:
    """Ask the child to stop; after `within` seconds kill it with everything in its session."""
    if child.poll() is not None:
        return
    child.send_signal(by)
    try:
        child.wait(within)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
