"""The real platform for the browser: what `make run` starts, in a folder that goes with the tests."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from eduplatform.stack import state
from eduplatform.stack.children import free_port, spawn, stop

from . import crowd
from .browsing import ROOT

START_SECONDS = 240.0  # migrations and the demo are part of it
STOP_SECONDS = 40.0
OWN = {"PYTEST_VERSION", "DJANGO_SETTINGS_MODULE"}


@dataclass(frozen=True)
class Platform:
    site: str
    data: Path

    def fill(self) -> None:
        """The people of the states "empty" and "full" come, if they aren't there."""
        return self._filled

    @cached_property
    def _filled(self) -> None:
        crowd.come(self.data)


@contextmanager
def running_platform(site: str | None = None, data: Path | None = None) -> Iterator[Platform]:
    """One that runs already at the address, with its folder, else a new one for as long as needed.

    With DATABASE_URL and REDIS_URL set the new one stands on those servers.
    """
    if site:
        yield Platform(site.rstrip("/"), data or ROOT / ".data")
        return
    with tempfile.TemporaryDirectory(prefix="eduplatform-browser-") as folder:
        data = Path(folder)
        log = data / "platform.log"
        process = spawn(
            [sys.executable, "-m", "eduplatform.stack", "--data", folder, "run"],
            log=log,
            if_parent_dies=signal.SIGTERM,
            env={key: value for key, value in os.environ.items() if key not in OWN}
            | {"PORT": str(free_port()), "DEBUG": "true", "DEMO_MODE": "true"},
        )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not (running := state.read(data)):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"The platform didn't start:\n{log.read_text()[-3000:]}")
                time.sleep(0.2)
            yield Platform(running["site"].rstrip("/"), data)
        finally:
            stop(process, by=signal.SIGTERM, within=STOP_SECONDS)
            _tell_troubles(data / "logs")


def _tell_troubles(logs: Path) -> None:
    """What the server said of its own errors is shown beside what the browser saw."""
    for log in logs.glob("*.log"):
        text = log.read_text(errors="replace")
        if "Traceback" in text:
            print(f"\n── {log.name} ──\n{text[-6000:]}")
