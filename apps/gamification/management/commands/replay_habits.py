"""Make points, levels, streaks and badges anew from the log of acts."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from apps.gamification.models import Act
from apps.gamification.services.replay import replay


class Command(BaseCommand):
    help = (
        "Fold the log of acts of every person again and store what it makes: XP, streak, badges, "
        "study days, XP in courses. A badge that is new to the house goes to whoever earned it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", type=int, help="id of one person; default: all")
        parser.add_argument(
            "--check",
            action="store_true",
            help="store nothing; name what differs, and end with 1 when anything does",
        )

    def handle(self, *args: Any, user: int | None, check: bool, **options: Any) -> None:
        people = Act.objects.order_by("user_id").values_list("user_id", flat=True).distinct()
        if user is not None:
            people = people.filter(user_id=user)
        differing = 0
        found = list(people)
        for person in tqdm(found, unit="log", disable=None):
            differences = _differences(person, keep=not check)
            if differences:
                differing += 1
                self.stdout.write(f"user {person}: {', '.join(differences)} differed")
        self.stdout.write(f"{len(found)} logs replayed, {differing} differed.")
        if check and differing:
            sys.exit(1)


def _differences(person: int, *, keep: bool) -> list[str]:
    with transaction.atomic():
        differences = replay(user_id=person)
        if not keep:
            transaction.set_rollback(True)
    return differences
