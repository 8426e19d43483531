"""`python -m eduplatform.stack run`, and `… exec -- command` for what needs the servers alone."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ

from . import state
from .children import end_with_parent, spawn, stop
from .folders import Taken, lock, volatile_servers
from .servers import ServerFailed, Servers
from .signals import Stopped, stopping_by_signal
from .supervisor import run

ROOT = Path(__file__).resolve().parent.parent.parent
PORT = 8000
START_SECONDS = 300.0  # of a supervisor that has just been started beside us
STOP_SECONDS = 30.0


def main() -> int:
    arguments = _arguments()
    environ.Env.read_env(ROOT / ".env")
    data = arguments.data.absolute()
    if arguments.action == "run":
        if arguments.with_parent:
            end_with_parent()
        return run(data, int(os.environ.get("PORT") or PORT))
    try:
        with (
            stopping_by_signal(),
            volatile_servers() if arguments.volatile else _servers_of(data) as addresses,
        ):
            return _execute(arguments.command, addresses)
    except Stopped:
        return 128 + signal.SIGTERM
    except ServerFailed as failure:
        sys.exit(str(failure))


def _execute(command: list[str], addresses: dict[str, str]) -> int:
    child = spawn(
        command,
        log=None,
        if_parent_dies=signal.SIGTERM,
        env={**os.environ, **addresses},
        stdin=None,
        own_session=False,
    )
    try:
        return child.wait()
    finally:
        stop(child, by=signal.SIGTERM, within=STOP_SECONDS)


@contextmanager
def _servers_of(data: Path) -> Iterator[dict[str, str]]:
    """Those of the running platform, else started for this command alone."""
    data.mkdir(parents=True, exist_ok=True)
    try:
        with lock(data):
            servers = Servers(data)
            try:
                yield servers.start()
            finally:
                servers.stop()
    except Taken:
        yield _running_servers(data)


def _running_servers(data: Path) -> dict[str, str]:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if running := state.read(data):
            return running["servers"]
        time.sleep(0.2)
    raise ServerFailed(f"The servers in {data} belong to a process that doesn't get ready.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eduplatform.stack", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / ".data", help="folder of all data")
    actions = parser.add_subparsers(dest="action", required=True)
    everything = actions.add_parser("run", help="the platform until Ctrl-C; PORT chooses the port")
    everything.add_argument("--with-parent", action="store_true", help="end when the caller ends")
    execute = actions.add_parser("exec", help="a command with DATABASE_URL and REDIS_URL set")
    execute.add_argument("--volatile", action="store_true", help="empty servers, thrown away after")
    execute.add_argument("command", nargs="+", help="after --")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
