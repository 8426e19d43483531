"""Count what people did before anybody counted."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from apps.accounts.models import User
from apps.gamification.services.history import catch_up


class Command(BaseCommand):
    help = (
        "Read lessons, quizzes, reviews, writings, follows, courses and referral rewards of every "
        "person and write into the log of acts what it doesn't have yet. A second run adds nothing. "
        "Nobody is told of it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", type=int, help="id of one person; default: all")

    def handle(self, *args: Any, user: int | None, **options: Any) -> None:
        people = User.objects.filter(erased_at=None).order_by("pk")
        if user is not None:
            people = people.filter(pk=user)
        added = 0
        for person in tqdm(people.iterator(), total=people.count(), unit="person", disable=None):
            added += catch_up(user=person, at=timezone.now())
        self.stdout.write(f"{added} acts added.")
