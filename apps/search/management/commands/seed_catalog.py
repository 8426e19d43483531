"""Fill the catalogue with made-up courses, for measuring."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.search import seeding, services
from apps.search.models import SearchDocument

PORTION = 500  # courses indexed in one transaction


class Command(BaseCommand):
    help = (
        "Adds N published made-up courses in English and Russian with teachers, prices, and "
        "figures of lessons, ratings and students, lets the category tree grow to 200, and "
        "indexes it all. A million takes some minutes on two cores. Refuses without DEMO_MODE."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--courses", type=int, default=1000, help="how many to add (default 1000)"
        )
        parser.add_argument("--seed", type=int, default=1, help="of the random choices (default 1)")
        parser.add_argument(
            "--titles-only", action="store_true", help="no subtitles and descriptions: ten million"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Made-up courses are for demo mode only: set DEMO_MODE.")
        number = options["courses"]
        if not 1 <= number <= 20_000_000:
            raise CommandError("--courses: from 1 to 20000000.")
        started = time.monotonic()
        ids = seeding.seed(
            courses=number,
            at=timezone.now(),
            seed=options["seed"],
            titles_only=options["titles_only"],
            progress=self.bar("courses"),
        )
        written = time.monotonic()
        self.index(ids)
        self.stdout.write(
            f"\n{number} courses in {written - started:.1f} s, "
            f"the index in {time.monotonic() - written:.1f} s"
        )

    def index(self, ids: range) -> None:
        """All courses, or the new ones alone where they are few."""
        show = self.bar("index  ")
        if len(ids) * 5 > SearchDocument.objects.count():
            services.rebuild(progress=show)
            return
        for start in range(0, len(ids), PORTION):
            services.refresh(course_ids=ids[start : start + PORTION])
            show(min(start + PORTION, len(ids)), len(ids))
        services.cut()

    def bar(self, name: str) -> seeding.Progress:
        def show(done: int, total: int) -> None:
            filled = 40 * done // total
            line = f"\r{name} [{'#' * filled:<40}] {done} of {total}"
            self.stdout.write(line, ending="\n" if done == total else "")
            self.stdout.flush()

        return show
