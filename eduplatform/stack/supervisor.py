"""Runs the platform on one machine: starts all, revives what dies, leaves nothing behind."""

import errno
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from . import state
from .children import spawn, stop
from .folders import Taken, lock
from .notices import Follower, say
from .servers import ServerFailed, Servers
from .services import Service, platform
from .signals import Stopped, Terminal, stopping_by_signal

ANSWER_SECONDS = 120.0  # until the web process answers, on a busy machine too
STOP_SECONDS = 15.0  # a longer task is killed: it's acknowledged late, so it runs again
TICK_SECONDS = 0.3
DEMO_ACCOUNTS = ("admin", "moderator", "teacher", "student")
DEMO_PASSWORD = "demo-pass-123"  # noqa: S105


class StartFailed(RuntimeError):
    """The platform didn't come up; the message is fit for the person at the terminal."""


def run(data: Path, wanted_port: int) -> int:
    """Everything, until a signal; the exit code."""
    (data / "logs").mkdir(parents=True, exist_ok=True)
    data.chmod(0o711)  # as root PostgreSQL may have to run as another user
    try:
        with lock(data), stopping_by_signal(), ExitStack() as undo:
            state.remove(data)  # of a killed run
            _start_and_tend(data, wanted_port, undo)
    except Taken as taken:
        running = state.read(data)
        where = f"it answers at {running['site']}" if running else "it is starting"
        say(f"EduPlatform already runs in {data} ({taken}): {where}")
    except (ServerFailed, StartFailed) as failure:
        say(str(failure))
    except Stopped:
        say("Stopped.")
        return 0
    return 1


def _start_and_tend(data: Path, wanted_port: int, undo: ExitStack) -> None:
    servers = Servers(data)
    undo.callback(servers.stop)
    addresses = servers.start()
    port = _free_from(wanted_port)
    if port != wanted_port:
        say(f"Port {wanted_port} is taken, so it is {port} this time.")
    environment = {"MEDIA_ROOT": str(data / "media"), **os.environ, **addresses, "PORT": str(port)}
    seeded = data / _seeded_name(addresses["DATABASE_URL"])
    _prepare(seeded, environment)

    services = platform(data, port, environment)
    followers = [Follower(service.log) for service in services]
    undo.callback(_stop, services)
    web, *workers = services
    web.start()
    _await_answer(web, port)
    for worker in workers:
        worker.start()
    site = f"http://localhost:{port}/"
    state.write(data, {"site": site, "servers": addresses})
    undo.callback(state.remove, data)
    _greet(site, data, demo=seeded.exists())
    terminal = Terminal()
    while not terminal.is_gone():
        _tend(servers, services, followers)
        time.sleep(TICK_SECONDS)
    raise Stopped


def _prepare(seeded: Path, environment: Mapping[str, str]) -> None:
    child = spawn(
        [sys.executable, "-m", "eduplatform.stack.prepare", str(seeded)],
        log=None,
        if_parent_dies=signal.SIGKILL,
        env=environment,
    )
    try:
        if child.wait():
            raise StartFailed("The database couldn't be brought up to date, see above.")
    finally:
        stop(child, by=signal.SIGTERM, within=STOP_SECONDS)


def _await_answer(web: Service, port: int) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    while web.is_alive() and time.monotonic() < deadline:
        if _answers(port):
            return
        time.sleep(0.1)
    log = web.log.read_text(errors="replace")
    raise StartFailed(f"The web process doesn't answer:\n{log[-3000:]}")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):  # somebody else's words are no answer either
        return False
    finally:
        connection.close()


def _greet(site: str, data: Path, *, demo: bool) -> None:
    say(f"\nEduPlatform is at {site}")
    if demo:
        accounts = ", ".join(f"{name}@example.com" for name in DEMO_ACCOUNTS)
        say(f"Sign in as {accounts} with the password {DEMO_PASSWORD}")
    say(f"Logs are in {data / 'logs'}. Ctrl-C stops everything.\n")


def _tend(servers: Servers, services: list[Service], followers: list[Follower]) -> None:
    for name in servers.revive():
        say(f"{name} had died and was started again, see its log")
    for follower in followers:
        follower.tell()
    for service in services:
        if told := service.revive():
            say(told)


def _stop(services: list[Service]) -> None:
    alive = [service.process for service in services if service.process is not None]
    stop(*alive, by=signal.SIGTERM, within=STOP_SECONDS)


def _seeded_name(database_url: str) -> str:
    """A mark of its own for each database that is not ours."""
    if not os.environ.get("DATABASE_URL"):
        return "seeded"
    address = urlsplit(database_url)
    return f"seeded-{address.hostname}-{address.path.strip('/')}"


def _free_from(port: int) -> int:
    while _is_taken(port):
        port += 1
    return port


def _is_taken(port: int) -> bool:
    """On either loopback address: a browser may try ::1 first."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            if family == socket.AF_INET:  # a port under 1024, for one
                raise StartFailed(f"Port {port}: {error.strerror}") from error
    return False
