"""Prove, and on request repair, what is counted beside the rows."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from apps.courses.models import Course
from apps.enrollment import services


class Command(BaseCommand):
    help = (
        "Compare student counts, rating histograms and the progress of seats with their rows. "
        "Ends with 1 when something differs and wasn't repaired."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--course", type=int, help="id of one course; default: all")
        parser.add_argument("--repair", action="store_true", help="store what was counted")

    def handle(self, *args: Any, course: int | None, repair: bool, **options: Any) -> None:
        courses = Course.objects.order_by("pk").values_list("pk", flat=True)
        if course is not None:
            courses = courses.filter(pk=course)
        differing = 0
        for course_id in tqdm(list(courses), unit="course", disable=None):
            found = services.recount_course(course_id=course_id, repair=repair, at=timezone.now())
            for difference in found:
                self.stdout.write(
                    f"course {course_id}: {difference.figure} "
                    f"is {difference.stored}, counted {difference.counted}"
                )
            differing += bool(found)
        verb = "repaired" if repair else "differ"
        self.stdout.write(f"{len(courses)} courses counted, {differing} {verb}.")
        if differing and not repair:
            sys.exit(1)
