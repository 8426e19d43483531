"""Embedded servers: up, down, up again over the same data, and over what a killed run left."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
import redis

from eduplatform.stack import folders, servers
from eduplatform.stack.folders import Taken, lock, volatile_servers
from eduplatform.stack.servers import Postgres, ServerFailed, Valkey
from eduplatform.stack.signals import Terminal


@pytest.fixture
def postgres(tmp_path):
    server = Postgres(tmp_path, volatile=True)
    yield server
    server.stop()


@pytest.fixture
def valkey(tmp_path):
    server = Valkey(tmp_path)
    yield server
    server.stop()


def ask(address: str, sql: str) -> object:
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin", "citext", "fuzzystrmatch")


def test_postgres_keeps_its_rows(postgres):
    ask(postgres.start(), "CREATE TABLE kept AS SELECT 7 AS seven")
    postgres.stop()
    assert postgres.is_dead()
    assert ask(postgres.start(), "SELECT seven FROM kept") == 7


def test_postgres_that_stays_is_sized_for_the_machine(tmp_path):
    server = Postgres(tmp_path)
    try:
        address = server.start()
        assert ask(address, "SELECT pg_size_bytes(current_setting('shared_buffers'))") >= 2**27
        assert ask(address, "SHOW fsync") == "on"
    finally:
        server.stop()


def test_postgres_has_the_extensions_and_knows_cyrillic(postgres):
    address = postgres.start()
    for name in EXTENSIONS:
        ask(address, f"CREATE EXTENSION {name}")
    assert ask(address, "SELECT lower('ЁЖ')") == "ёж"
    assert ask(address, "SELECT similarity('Привет', 'превет')") > 0.3


def test_postgres_wants_its_password(postgres):
    address = postgres.start()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(address.replace(postgres._password, "wrong"))
    assert (postgres.data.parent / "postgres.password").stat().st_mode & 0o077 == 0


def test_a_survivor_is_stopped_before_a_new_start(tmp_path, postgres):
    survivor = Postgres(tmp_path, volatile=True)
    ask(survivor.start(), "CREATE TABLE kept AS SELECT 7 AS seven")
    assert ask(postgres.start(), "SELECT seven FROM kept") == 7
    assert survivor.process.wait(5) == 0


def test_a_killed_server_comes_back_at_its_address(postgres):
    address = postgres.start()
    os.kill(postgres.process.pid, signal.SIGKILL)
    postgres.process.wait(5)
    assert postgres.start() == address
    assert ask(address, "SELECT 1") == 1


def test_a_pid_file_that_names_somebody_else_harms_nobody(postgres):
    """After a restart of the machine the number belongs to any process: here, to pytest."""
    postgres.start()
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n/elsewhere\n")
    assert ask(postgres.start(), "SELECT 1") == 1


def test_an_unfinished_cluster_is_made_anew(postgres):
    (postgres.data.with_name("postgres.new")).mkdir(parents=True)
    (postgres.data.with_name("postgres.new") / "half").touch()
    assert ask(postgres.start(), "SELECT 1") == 1


def test_a_server_that_cannot_start_says_why(postgres, monkeypatch):
    monkeypatch.setattr(servers, "RETRY_SECONDS", 0)
    postgres.start()
    postgres.stop()
    (postgres.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ServerFailed, match="no_such_setting"):
        postgres.start()


def test_a_taken_port_is_left_to_its_owner(postgres, valkey, monkeypatch):
    monkeypatch.setattr(servers, "RETRY_SECONDS", 0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        ports = iter([taken, servers.free_port(), taken, servers.free_port()])
        monkeypatch.setattr(servers, "free_port", lambda: next(ports))
        assert str(taken) not in postgres.start()
        assert str(taken) not in valkey.start()


def test_valkey_keeps_what_it_was_told(valkey):
    redis.from_url(valkey.start()).set("kept", "7")
    valkey.stop()
    assert redis.from_url(valkey.start()).get("kept") == b"7"


def test_valkey_wants_its_password(valkey):
    address = valkey.start()
    with pytest.raises(redis.AuthenticationError):
        redis.from_url(address.replace(valkey._password, "wrong")).ping()


def test_one_owner_of_a_folder(tmp_path):
    with lock(tmp_path), pytest.raises(Taken, match=str(os.getpid())):
        lock(tmp_path)
    lock(tmp_path).close()


def test_servers_of_the_environment_are_used(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://theirs")
    monkeypatch.setenv("REDIS_URL", "redis://theirs")
    found = servers.Servers(tmp_path)
    assert found.start() == {"DATABASE_URL": "postgres://theirs", "REDIS_URL": "redis://theirs"}
    assert found.revive() == []
    assert list(tmp_path.iterdir()) == []


HOLD = """
import time
from eduplatform.stack.folders import volatile_servers
with volatile_servers() as addresses:
    print(addresses["DATABASE_URL"], flush=True)
    time.sleep(60)
"""


def test_a_killed_run_leaves_no_server_and_its_folder_goes_at_the_next(tmp_path, monkeypatch):
    environment = {**os.environ, "TMPDIR": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": ""}
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    command = [sys.executable, "-c", HOLD]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as run:
        address = run.stdout.readline().strip()
        assert ask(address, "SELECT 1") == 1
        [folder] = tmp_path.iterdir()
        run.kill()
    assert gone(folder)
    folders.sweep()
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_spares_a_live_run(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgres://theirs")
    monkeypatch.delenv("REDIS_URL")
    with volatile_servers() as addresses:
        folders.sweep()
        assert redis.from_url(addresses["REDIS_URL"]).ping()
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_process_may_end_with_its_parent():
    child = "from eduplatform.stack.children import end_with_parent as e; import time; e(); print(1, flush=True); time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"1\n"
        process.kill()
        assert process.stdout.read() == b""  # returns when nobody holds the pipe any more


def test_a_closed_terminal_is_noticed(monkeypatch):
    ours, theirs = os.openpty()
    with open(theirs) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        terminal = Terminal()
        assert not terminal.is_gone()
        os.close(ours)
        assert terminal.is_gone()


def test_without_a_terminal_none_is_missed(monkeypatch):
    with open(os.devnull) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert not Terminal().is_gone()


def gone(folder: Path) -> bool:
    """Whether within ten seconds no process works on the folder."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not any(str(folder) in line for line in commands()):
            return True
        time.sleep(0.05)
    return False


def commands() -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            found.append((process / "cmdline").read_text() + os.readlink(process / "cwd"))
        except OSError:
            continue
    return found
