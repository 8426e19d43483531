"""Many believable courses fast, for measurements: written by COPY past the services, without events."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context

import django
from django.db import connection

from apps.courses.services import ensure_categories

from . import words
from .rows import Portion, reserve_courses, write_courses, write_teachers

PORTION = 5000
COURSES_PER_TEACHER = 40

Progress = Callable[[int, int], None]


def seed(
    *, courses: int, at: datetime, seed: int, titles_only: bool = False, progress: Progress
) -> range:
    """Add so many published courses, their teachers, and the categories they are in; their ids.

    Students, ratings and lessons are figures only: no seats, reviews and lessons stand behind
    them. Equal seeds make equal courses, however many processes write them.
    """
    ensure_categories()
    ensure_categories(words.categories())
    teachers = max(6, courses // COURSES_PER_TEACHER)
    first_teacher = write_teachers(teachers, seed, at)
    first_course = reserve_courses(courses)
    portions = [
        Portion(
            first_course=first_course,
            start=start,
            courses=min(PORTION, courses - start),
            first_teacher=first_teacher,
            teachers=teachers,
            at=at,
            seed=seed,
            titles_only=titles_only,
        )
        for start in range(0, courses, PORTION)
    ]
    done = 0
    for number in _written(portions):
        done += number
        progress(done, courses)
    _settle()
    ensure_categories()  # the counts of the tree are read anew
    return range(first_course, first_course + courses)


def _written(portions: list[Portion]) -> Iterator[int]:
    """Several portions are written by all cores: to make a text takes as long as to store it."""
    if len(portions) == 1:
        yield write_courses(portions[0])
        return
    with ProcessPoolExecutor(
        os.cpu_count(), mp_context=get_context("spawn"), initializer=django.setup
    ) as writers:
        yield from writers.map(write_courses, portions)


def _settle() -> None:
    """What autovacuum would do in the middle of somebody's measurement."""
    with connection.cursor() as cursor:
        for table in ("accounts_user", "courses_course"):
            vacuum = "" if connection.in_atomic_block else "VACUUM "
            cursor.execute(f"{vacuum}ANALYZE {table}")
