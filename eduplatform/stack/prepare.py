"""Brings the database up to date in one process: catalogues, migrations, the demo once.

The only module here that starts Django; the supervisor runs it as a child.
"""

import os
import sys
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def prepare(seeded: Path) -> None:
    """`seeded` marks a database that had its demo, so that what a person deletes stays deleted."""
    tell("Bringing the database up to date ...")
    django.setup()
    call_command("messages", compile=True, stdout=StringIO())
    call_command("migrate", verbosity=0)
    if settings.DEMO_MODE and not seeded.exists():
        tell("Loading the demo courses and people ...")
        call_command("seed_demo")
        seeded.touch()


def tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
    prepare(Path(sys.argv[1]))
