"""Fold mastery again from the log of evidence."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from apps.learning.models import Evidence, Mastery, Standing
from apps.learning.services.evidence import replay


class Command(BaseCommand):
    help = (
        "Fold the log of evidence of every student and course again and store what it makes: "
        "ability, mastery, and what each piece of evidence did."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--student", type=int, help="id of one student; default: all")
        parser.add_argument("--course", type=int, help="id of one course; default: all")
        parser.add_argument(
            "--check",
            action="store_true",
            help="store nothing; name what differs, and end with 1 when anything does",
        )

    def handle(
        self, *args: Any, student: int | None, course: int | None, check: bool, **options: Any
    ) -> None:
        standings = Standing.objects.order_by("pk")
        if student is not None:
            standings = standings.filter(student_id=student)
        if course is not None:
            standings = standings.filter(course_id=course)
        differing = 0
        pairs = list(standings.values_list("student_id", "course_id"))
        for pair in tqdm(pairs, unit="log", disable=None):
            if not _differs(*pair, keep=not check):
                continue
            differing += 1
            self.stdout.write("student {}, course {}: the log makes something else".format(*pair))
        self.stdout.write(f"{len(pairs)} logs replayed, {differing} differ.")
        if check and differing:
            sys.exit(1)


def _differs(student_id: int, course_id: int, *, keep: bool) -> bool:
    """Replay, and tell whether that changed anything; without `keep` it is undone."""
    with transaction.atomic():
        Standing.objects.select_for_update().get(student=student_id, course=course_id)
        before = _state(student_id, course_id)
        replay(student_id=student_id, course_id=course_id)
        differs = _state(student_id, course_id) != before
        if not keep:
            transaction.set_rollback(True)
    return differs


def _state(student_id: int, course_id: int) -> Any:
    of = {"student_id": student_id, "course_id": course_id}
    return (
        Standing.objects.values("theta", "answers", "last_at", "last_id").get(**of),
        [
            (row.concept_id, row.known, row.place)
            for row in Mastery.objects.filter(**of).order_by("concept_id")
        ],
        list(Evidence.objects.filter(**of).order_by("pk").values("pk", "expected", "lines")),
    )
