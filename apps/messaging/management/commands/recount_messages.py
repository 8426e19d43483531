"""Prove, and on request repair, the counts of unread messages."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.messaging import services


class Command(BaseCommand):
    help = (
        "Compare the numbers of unread messages with the rows, conversation by conversation. "
        "Ends with 1 when something differs and wasn't repaired."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="store what was counted")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        wrong = services.recount_all(repair=repair)
        self.stdout.write(f"{wrong} {'repaired' if repair else 'differ'}.")
        if wrong and not repair:
            sys.exit(1)
