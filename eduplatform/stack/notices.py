"""What a person at the terminal should see of the children's logs."""

import re
import sys
from contextlib import suppress
from pathlib import Path

KEPT = 5_000_000  # bytes of an old log that survive a start
AT_ONCE = 10  # lines of one log told at a time
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
WORTH_TELLING = re.compile(
    r"\b(WARNING|ERROR|CRITICAL|FATAL|PANIC)\b"
    r"|\[(warning|error|critical)\s*\]"
    r'|"level": ?"(warning|error|critical)"'
    r"|^Traceback "
)


def say(text: str) -> None:
    """Tell the person, if there is still one: a closed terminal mustn't stop the stop."""
    with suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


class Follower:
    """Repeats the new warnings of one log."""

    def __init__(self, log: Path) -> None:
        self._log = log
        if log.exists() and log.stat().st_size > KEPT:
            log.replace(log.with_suffix(".old.log"))
        log.touch()
        self._position = log.stat().st_size

    def tell(self) -> None:
        with self._log.open("rb") as file:
            file.seek(self._position)
            whole, _, _ = file.read().rpartition(b"\n")
        if not whole:
            return
        self._position += len(whole) + 1
        lines = COLOUR.sub("", whole.decode(errors="replace")).splitlines()
        found = [line for line in lines if WORTH_TELLING.search(line)]
        for line in found[:AT_ONCE]:
            say(f"{self._log.stem:>8} | {line}")
        if len(found) > AT_ONCE:
            say(f"{self._log.stem:>8} | and {len(found) - AT_ONCE} more in {self._log}")
