"""Folders of servers: the lock that makes one owner, and throw-away ones that leave nothing."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from .servers import Servers

PREFIX = "eduplatform-volatile-"


class Taken(RuntimeError):
    """Another live process owns the folder."""


def lock(folder: Path) -> TextIO:
    """Own the folder until the file is closed or this process is gone, however it ends."""
    file = (folder / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        owner = file.read().strip()
        file.close()
        raise Taken(owner) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


@contextmanager
def volatile_servers(named: Mapping[str, str] = os.environ) -> Iterator[dict[str, str]]:
    """Servers for one run of tests or checks, in a folder that goes with them."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix="eduplatform-new-"))
    folder.chmod(0o711)  # PostgreSQL may run as another user
    held = lock(folder)
    # under this name only once it is locked, else a sweep beside us would take it for a leftover
    folder = folder.rename(folder.with_name(folder.name.replace("eduplatform-new-", PREFIX)))
    servers = Servers(folder, volatile=True)
    try:
        yield servers.start(named)
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)
        held.close()


def sweep() -> None:
    """Remove the folders of runs that were killed; their servers died with them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            with lock(folder):
                shutil.rmtree(folder, ignore_errors=True)
        except (Taken, OSError):
            continue  # somebody's run, or another user's folder
