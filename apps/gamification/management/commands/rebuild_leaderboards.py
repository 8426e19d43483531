"""Make leaderboards anew from the log of acts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.courses.models import Course
from apps.gamification.selectors.standings import Away
from apps.gamification.services.proving import rebuild


class Command(BaseCommand):
    help = (
        "Compare the points of people in courses with the log of acts, mend them, and make the "
        "sorted sets of the leaderboards anew. Tells what differed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--course", type=int, help="id of one course; default: all")

    def handle(self, *args: Any, course: int | None, **options: Any) -> None:
        if course is not None and not Course.objects.filter(pk=course).exists():
            raise CommandError(f"There is no course {course}.")
        try:
            found = rebuild(course_id=course, at=timezone.now())
        except Away as error:
            raise CommandError(
                "Redis doesn't answer. Points in courses are mended; leaderboards are read from "
                "the database until it is back, and made anew then."
            ) from error
        self.stdout.write(
            f"{found.totals} totals of {found.people} people differed from the log, "
            f"{found.places} places from the totals; {found.made} boards made."
        )
