"""Prove, and on request repair, the counts of followers."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.social import services


class Command(BaseCommand):
    help = (
        "Compare everybody's numbers of followers and followed with the rows. "
        "Ends with 1 when something differs and wasn't repaired."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="store what was counted")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        found = services.recount_follows(repair=repair)
        for each in found:
            self.stdout.write(
                f"user {each.user_id}: (followers, following) is {each.stored}, "
                f"counted {each.counted}"
            )
        self.stdout.write(f"{len(found)} {'repaired' if repair else 'differ'}.")
        if found and not repair:
            sys.exit(1)
