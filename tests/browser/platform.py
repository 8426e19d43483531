"""The real platform for the browser: what `make run` starts, in a folder that goes with the tests."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eduplatform.stack import state
from eduplatform.stack.children import free_port, spawn, stop

START_SECONDS = 240.0  # migrations and the demo are part of it
STOP_SECONDS = 40.0
OWN = {"PYTEST_VERSION", "DJANGO_SETTINGS_MODULE"}


@contextmanager
def running_platform() -> Iterator[str]:
    """Its address; with DATABASE_URL and REDIS_URL set it stands on those servers."""
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
            yield running["site"].rstrip("/")
        finally:
            stop(process, by=signal.SIGTERM, within=STOP_SECONDS)
            _tell_troubles(data / "logs")


def _tell_troubles(logs: Path) -> None:
    """What the server said of its own errors is shown beside what the browser saw."""
    for log in logs.glob("*.log"):
        text = log.read_text(errors="replace")
        if "Traceback" in text:
            print(f"\n── {log.name} ──\n{text[-6000:]}")
