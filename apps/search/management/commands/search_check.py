"""Compare the search index with the courses."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.search import services


class Command(BaseCommand):
    help = (
        "Compares every search document with its course, column by column, and counts those that "
        "are missing, superfluous or differing though no event is on its way. Ends with 1 when "
        "there are any and they weren't mended. Some minutes for a million courses; nobody waits."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="write what is found wrong anew")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        found = services.check(mend=options["mend"], progress=self.show)
        services.finish(found=found, mended=options["mend"])
        self.stdout.write(
            f"\n{found.missing} missing, {found.superfluous} superfluous, "
            f"{found.differing} differing in {time.monotonic() - started:.1f} s"
            + (", mended" if found.total and options["mend"] else "")
        )
        if found.total and not options["mend"]:
            sys.exit(1)

    def show(self, done: int, total: int) -> None:
        filled = 40 * done // total
        self.stdout.write(f"\r[{'#' * filled:<40}] {done} of {total} ids", ending="")
        self.stdout.flush()
