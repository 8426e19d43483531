"""Rows of made-up courses and their teachers, and their way into the tables."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from apps.accounts.models import Role, User
from apps.courses.models import Category, Course, CourseStatus, Level

from .words import LANGUAGES, languages

MOST_STUDENTS = 50_000
MOST_LESSONS = 120
PRICES = {
    "en": ("USD", (0, 900, 1500, 1900, 2400, 2900, 3900, 4900, 7900, 9900)),
    "ru": ("RUB", (0, 49_000, 99_000, 149_000, 199_000, 249_000, 390_000, 590_000)),
}
LEVELS = [level.value for level in Level]
FOUR_YEARS = 60 * 24 * 365 * 4  # in minutes

USER = (
    "id", "password", "is_superuser", "email", "name", "username", "role", "is_verified",
    "email_verified", "bio", "avatar_url", "locale", "timezone", "is_active", "is_staff",
    "created_at",
)  # fmt: skip
COURSE = (
    "id", "owner_id", "title", "slug", "subtitle", "description", "price_minor", "currency",
    "level", "language", "category_id", "tags", "outcomes", "prerequisites", "cover", "status",
    "rating_histogram", "avg_rating", "review_count", "student_count", "lesson_count",
    "duration_minutes", "revision", "created_at", "updated_at", "published_at",
)  # fmt: skip


@dataclass(frozen=True)
class Portion:
    """Courses that one process writes in one go; `start` is their place among all of the run."""

    first_course: int
    start: int
    courses: int
    first_teacher: int
    teachers: int
    at: datetime
    seed: int
    titles_only: bool


def reserve_courses(number: int) -> int:
    return _reserve(Course, number)


@transaction.atomic
def write_teachers(number: int, seed: int, at: datetime) -> int:
    """The id of the first; English and Russian ones take turns."""
    chance = random.Random(f"teachers {seed}")  # noqa: S311 - not for secrets
    first = _reserve(User, number)
    _copy(User, USER, (_teacher(first, place, chance, at) for place in range(number)))
    return first


@transaction.atomic
def write_courses(portion: Portion) -> int:
    """How many it wrote."""
    chance = random.Random(f"{portion.seed} {portion.start}")  # noqa: S311 - not for secrets
    ids = dict(Category.objects.values_list("slug", "pk"))
    _copy(
        Course,
        COURSE,
        (_course(portion, place, ids, chance) for place in range(portion.courses)),
    )
    return portion.courses


def _teacher(first: int, place: int, chance: random.Random, at: datetime) -> tuple[Any, ...]:
    pk, language = first + place, LANGUAGES[place % 2]
    return (
        pk, "!", False, f"teacher-{pk}@catalog.example", languages()[language].person(chance),
        f"teacher-{pk}", Role.TEACHER.value, True, True, "", "", language, "UTC", True, False, at,
    )  # fmt: skip


def _course(
    portion: Portion, place: int, categories: dict[str, int], chance: random.Random
) -> tuple[Any, ...]:
    pk = portion.first_course + portion.start + place
    side = chance.getrandbits(1)
    language = LANGUAGES[side]
    subject, title, subtitle, description = languages()[language].course(
        chance, titles_only=portion.titles_only
    )
    teacher = portion.first_teacher + 2 * chance.randrange(portion.teachers // 2) + side
    currency, prices = PRICES[language]
    students = int(MOST_STUDENTS ** (chance.random() ** 3)) - 1
    histogram = _histogram(int(students * chance.uniform(0.02, 0.2)), chance)
    reviews = sum(histogram)
    stars = sum(star * count for star, count in enumerate(histogram, start=1))
    lessons = min(MOST_LESSONS, 3 + int(chance.expovariate(1 / 15)))
    created = portion.at - timedelta(minutes=chance.randrange(FOUR_YEARS))
    return (
        pk, teacher, title[:160], f"{subject.slug}-{pk}", subtitle, description,
        chance.choice(prices), currency, chance.choice(LEVELS), language,
        categories[subject.category], chance.sample(subject.terms, 2), [], [], "{}",
        CourseStatus.PUBLISHED.value, histogram, round(stars / reviews, 2) if reviews else None,
        reviews, students, lessons, lessons * chance.randint(5, 25), 1, created, created, created,
    )  # fmt: skip


def _histogram(reviews: int, chance: random.Random) -> list[int]:
    """Most courses please, some don't."""
    good = chance.betavariate(6, 2)
    shares = [(1 - good) ** 2, (1 - good) * 0.5, 0.15, good * 0.5, good]
    whole = sum(shares)
    return [int(reviews * share / whole) for share in shares]


def _reserve(model: type[Any], number: int) -> int:
    """The first of so many ids that nobody else gets."""
    with connection.cursor() as cursor:
        sequence = f"pg_get_serial_sequence('{model._meta.db_table}', 'id')"
        cursor.execute(f"SELECT setval({sequence}, nextval({sequence}) + %s)", [number])
        last: int = cursor.fetchone()[0]
    return last - number


def _copy(model: type[Any], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
