"""The processes of the platform: web, and the workers of the two queues."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .children import kill_session, spawn

LONGEST_PAUSE = 30.0  # seconds between two starts of a process that keeps dying
STEADY = 60.0  # seconds alive after which a process has earned a quick restart


@dataclass
class Service:
    """A child that ought to be running."""

    name: str
    command: list[str]
    log: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    changed: float = 0.0
    pause: float = 1.0

    def start(self) -> None:
        # killed with us: every step of the work is a committed row, so nothing is lost
        self.process = spawn(
            self.command, log=self.log, if_parent_dies=signal.SIGKILL, env=self.environment
        )
        self.changed = time.monotonic()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def revive(self) -> str | None:
        """Start it again when it has died and its pause is over; what to tell, if anything."""
        lasted = time.monotonic() - self.changed
        if self.process is None:
            if lasted >= self.pause:
                self.start()
            return None
        if self.is_alive():
            return None
        kill_session(self.process)
        self.pause = 1.0 if lasted > STEADY else min(self.pause * 2, LONGEST_PAUSE)
        code, self.process, self.changed = self.process.returncode, None, time.monotonic()
        return f"{self.name} ended with {code}; again in {self.pause:.0f} s. Its log: {self.log}"


def platform(data: Path, port: int, environment: Mapping[str, str]) -> list[Service]:
    """One process for pages and sockets, a worker with the clock for events, one for jobs."""
    web = [
        *("uvicorn", "eduplatform.asgi:application", "--host", "127.0.0.1", "--port", str(port)),
        *("--lifespan", "off", "--no-access-log", "--log-level", "warning"),
        "--no-proxy-headers",  # whom to believe is the setting TRUSTED_PROXIES
        *("--ws-max-size", "65536"),  # a giant frame is refused before it is read
        *("--timeout-graceful-shutdown", "3"),  # open sockets don't hold up the end
    ]
    worker = [
        *("celery", "-A", "eduplatform", "worker", "--concurrency", "1", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle"),
    ]
    clock = ("--beat", "--schedule", str(data / "beat-schedule"))
    commands = {
        "web": web,
        "events": [*worker, "--queues", "events,search", "--hostname", "events@%h", *clock],
        "jobs": [*worker, "--queues", "jobs", "--hostname", "jobs@%h"],
    }
    return [
        Service(name, [sys.executable, "-m", *command], data / "logs" / f"{name}.log", environment)
        for name, command in commands.items()
    ]
