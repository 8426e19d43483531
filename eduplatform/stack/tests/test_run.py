"""`make run` as a person and a killed terminal do it, with the real platform."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from .. import supervisor
from ..children import free_port
from .test_servers import ask, commands, gone

STACK = [sys.executable, "-m", "eduplatform.stack"]
NOT_FOR_CHILDREN = ("DATABASE_URL", "REDIS_URL", "PYTEST_VERSION", "PYTEST_CURRENT_TEST")


class Run:
    """A `run` over the folder; `lines` is what the person has seen."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.output = data.with_suffix(".out")
        with self.output.open("w") as told:
            self.process = subprocess.Popen(
                [*STACK, "--data", str(data), "run"],
                env=environment(PORT=str(port)),
                stdout=told,
                stderr=subprocess.STDOUT,
            )

    def site(self) -> str:
        """Its address, once it has been told."""
        return self.wait_for(r"EduPlatform is at (\S+)")

    def wait_for(self, pattern: str) -> str:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.output.read_text()):
                return found[found.lastindex or 0]
            assert self.process.poll() is None, self.output.read_text()
            time.sleep(0.1)
        raise AssertionError(self.output.read_text())

    def pid_of(self, part: str) -> int:
        children = subprocess.run(
            ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        [line] = [line for line in children.splitlines() if part in line]
        return int(line.split()[0])


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_FOR_CHILDREN}
    return {**kept, "DEMO_MODE": "false", **more}


@pytest.fixture
def start(tmp_path):
    runs = []

    def started(port: int) -> Run:
        runs.append(Run(tmp_path / "data", port))
        return runs[-1]

    yield started
    for run in runs:
        run.process.terminate()
        run.process.wait(60)


@pytest.mark.timeout(600)
def test_a_run_from_start_to_end(start, tmp_path):
    taken = free_port()
    with socket.create_server(("127.0.0.1", taken)):
        run = start(taken)
        site = run.site()
    assert f":{taken}/" not in site
    assert f"Port {taken} is taken" in run.output.read_text()
    assert healthy(site)

    second = subprocess.run(
        [*STACK, "--data", str(run.data), "run"], env=environment(), capture_output=True, text=True
    )
    assert second.returncode == 1
    assert f"it answers at {site}" in second.stdout

    shared = subprocess.run(
        [*STACK, "--data", str(run.data), "exec", "--", "printenv", "DATABASE_URL"],
        env=environment(),
        capture_output=True,
        text=True,
    ).stdout.strip()
    assert shared == json.loads((run.data / "running.json").read_text())["servers"]["DATABASE_URL"]
    ask(shared, "CREATE TABLE kept AS SELECT 7 AS seven")

    os.kill(run.pid_of("uvicorn"), signal.SIGKILL)
    os.kill(run.pid_of("valkey-server"), signal.SIGKILL)
    os.kill(run.pid_of("--queues jobs"), signal.SIGKILL)
    run.wait_for("web ended with -9")
    run.wait_for("Valkey had died")
    eventually(lambda: healthy(site) and run.pid_of("valkey-server") and run.pid_of("queues jobs"))

    run.process.kill()
    run.process.wait()
    assert gone(run.data)
    with pytest.raises(psycopg.OperationalError):
        ask(shared, "SELECT 1")

    again = start(taken)
    assert again.site() == f"http://localhost:{taken}/"
    address = json.loads((run.data / "running.json").read_text())["servers"]["DATABASE_URL"]
    assert ask(address, "SELECT seven FROM kept") == 7

    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(60) == 0
    assert again.output.read_text().endswith("Stopped.\n")
    assert not any(str(run.data) in line for line in commands())
    assert not (run.data / "running.json").exists()


def test_who_only_hears_itself_asks_on():
    """A client that was given the very port it asks for is connected to itself."""
    with socket.create_server(("127.0.0.1", 0)) as echo, ThreadPoolExecutor(1) as pool:
        answers = pool.submit(supervisor._answers, echo.getsockname()[1])
        client, _ = echo.accept()
        with client:
            client.sendall(client.recv(1000))
            assert answers.result() is False


def test_a_free_port_is_none_that_clients_are_given():
    clients_from = 32_768  # where Linux begins unless told otherwise; other systems begin later
    assert all(free_port() < clients_from for _ in range(50))


def test_a_command_with_servers_of_its_own(tmp_path):
    done = subprocess.run(
        [*STACK, "exec", "--volatile", "--", "sh", "-c", "echo $DATABASE_URL; exit 3"],
        env=environment(TMPDIR=str(tmp_path)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert done.stdout.startswith("postgres://")
    assert list(tmp_path.iterdir()) == []


def healthy(site: str) -> bool:
    try:
        with urllib.request.urlopen(f"{site}healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def eventually(true) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except ValueError:  # the process isn't there yet
            pass
        time.sleep(0.2)
    raise AssertionError("it never came true")
