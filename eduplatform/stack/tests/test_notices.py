"""Which lines of a log a person at the terminal sees."""

import pytest

from eduplatform.stack import notices
from eduplatform.stack.notices import Follower


@pytest.mark.parametrize(
    "line",
    [
        "[2026-01-01 10:00:00: WARNING/MainProcess] a broker is away",
        "2026-01-01T10:00:00 [error    ] page failed [django.request]",
        "\x1b[31m2026-01-01 [\x1b[1mwarning  ] slow",
        '{"event": "x", "level": "critical"}',
        "ERROR:    Exception in ASGI application",
        "Traceback (most recent call last):",
        "2026-01-01 10:00:00 UTC [7] FATAL:  out of memory",
    ],
)
def test_a_warning_is_told(tmp_path, capsys, line):
    log = tmp_path / "web.log"
    follower = Follower(log)
    log.write_text(f"{line}\n")
    follower.tell()
    assert capsys.readouterr().out.startswith("     web | ")


@pytest.mark.parametrize(
    "line",
    [
        "2026-01-01T10:00:00 [info     ] request_finished code=200",
        "RuntimeWarning: You're running the worker with superuser privileges",
        '{"event": "errors counted", "level": "info"}',
    ],
)
def test_the_ordinary_is_not(tmp_path, capsys, line):
    log = tmp_path / "web.log"
    follower = Follower(log)
    log.write_text(f"{line}\n")
    follower.tell()
    assert capsys.readouterr().out == ""


def test_told_once_whole_and_without_the_past(tmp_path, capsys):
    log = tmp_path / "web.log"
    log.write_text("ERROR of yesterday\n")
    follower = Follower(log)
    with log.open("a") as file:
        file.write("ERROR half")
        file.flush()
        follower.tell()
        assert capsys.readouterr().out == ""
        file.write(" and half\n")
    follower.tell()
    follower.tell()
    assert capsys.readouterr().out == "     web | ERROR half and half\n"


def test_a_flood_is_counted(tmp_path, capsys):
    log = tmp_path / "web.log"
    follower = Follower(log)
    log.write_text("ERROR\n" * 50)
    follower.tell()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == notices.AT_ONCE + 1
    assert "and 40 more" in lines[-1]


def test_an_old_large_log_makes_room(tmp_path, monkeypatch):
    monkeypatch.setattr(notices, "KEPT", 10)
    log = tmp_path / "web.log"
    log.write_text("a long line of the past\n")
    Follower(log)
    assert log.read_text() == ""
    assert (tmp_path / "web.old.log").exists()
