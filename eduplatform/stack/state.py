"""What a running supervisor tells other commands of the same folder."""

import json
import os
from pathlib import Path
from typing import TypedDict


class Running(TypedDict):
    """Where the running platform and its servers are."""

    site: str
    servers: dict[str, str]


def write(data: Path, running: Running) -> None:
    """For its owner's eyes: the addresses carry passwords."""
    draft = data / "running.new"
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(running, file)
    draft.replace(data / "running.json")


def read(data: Path) -> Running | None:
    """None while nothing runs or the start isn't over; meaningful while the folder is locked."""
    try:
        running: Running = json.loads((data / "running.json").read_text())
    except FileNotFoundError:
        return None
    return running


def remove(data: Path) -> None:
    (data / "running.json").unlink(missing_ok=True)
