"""Prove the state of cards against their log of reviews."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from apps.learning.models import Card
from apps.learning.selectors.log import replay_of


class Command(BaseCommand):
    help = (
        "Replay the log of every card that was ever reviewed and compare it with what is stored: "
        "stability, difficulty, steps, due days, reviews, lapses. Ends with 1 when something differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--student", type=int, help="id of one student; default: all")

    def handle(self, *args: Any, student: int | None, **options: Any) -> None:
        cards = Card.objects.exclude(last_review=None).order_by("pk")
        if student is not None:
            cards = cards.filter(student_id=student)
        differing = 0
        for card in tqdm(cards.iterator(), total=cards.count(), unit="card", disable=None):
            figures = replay_of(card)
            if figures is not None and figures != card.figures:
                differing += 1
                self.stdout.write(f"card {card.pk}: stored {card.figures}, replayed {figures}")
        self.stdout.write(f"{cards.count()} cards replayed, {differing} differ.")
        if differing:
            sys.exit(1)
