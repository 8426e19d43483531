"""Many believable courses fast, for measurements: written by COPY past the services, without events.

Words are drawn Zipf-like, so that some are in a tenth of the courses and some in a handful.
"""

import json
import random
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from apps.accounts.models import Role, User
from apps.core.slugs import slug_of
from apps.courses.models import Category, Course, CourseStatus, Lesson, Level, Module
from apps.courses.services import ensure_categories

FILE = Path(__file__).parent / "data" / "catalog.toml"
CHUNK = 5000
LESSONS = 3
COURSES_PER_TEACHER = 40
MOST_STUDENTS = 50_000
PRICES = {
    "en": ("USD", (0, 900, 1500, 1900, 2400, 2900, 3900, 4900, 7900, 9900)),
    "ru": ("RUB", (0, 49_000, 99_000, 149_000, 199_000, 249_000, 390_000, 590_000)),
}

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
MODULE = ("id", "course_id", "title", "position")
LESSON = (
    "id", "course_id", "module_id", "title", "content", "video_url", "duration_minutes",
    "is_preview", "position", "revision", "created_at", "updated_at",
)  # fmt: skip

Progress = Callable[[int, int], None]


def seed(*, courses: int, at: datetime, chance: random.Random, progress: Progress) -> None:
    """Add so many published courses with a module and three lessons each, and their teachers.

    Students and ratings are figures only: no seats and reviews stand behind them.
    """
    ensure_categories()
    words = Words(chance)
    with transaction.atomic():
        teachers = _write_teachers(max(5, courses // COURSES_PER_TEACHER), words, at)
    for start in range(0, courses, CHUNK):
        number = min(CHUNK, courses - start)
        with transaction.atomic():
            _write_courses(number, teachers, words, at)
        progress(start + number, courses)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_user, courses_course, courses_module, courses_lesson")
    ensure_categories()  # the counts of the tree are read anew


# ── Words ─────────────────────────────────────────────────────────────────────────────────────
class Zipf:
    """Draws from a list: the second half as often as the first, the third a third as often …"""

    def __init__(self, values: Sequence[Any], chance: random.Random) -> None:
        self.values = values
        self.weights = list(accumulate(1 / rank for rank in range(1, len(values) + 1)))
        self.chance = chance

    def draw(self) -> Any:
        return self.chance.choices(self.values, cum_weights=self.weights)[0]


@dataclass(frozen=True)
class Subject:
    """A name in one language, its category's id, and the terms that belong to it."""

    name: str
    language: str
    category_id: int
    terms: tuple[str, ...]


class Words:
    """Names, titles and texts out of `data/catalog.toml`."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.data = tomllib.loads(FILE.read_text())

    @cached_property
    def subjects(self) -> dict[str, Zipf]:
        ids = dict(Category.objects.values_list("slug", "pk"))
        rows = self.data["subject"]
        found: dict[str, list[Subject]] = {"en": [], "ru": []}
        longest = max(len(row["en"]) for row in rows)
        for rank in range(longest):  # the first of each category, then the second …
            for row in rows:
                for language, subjects in found.items():
                    if rank < len(row[language]):
                        terms = tuple(row[f"{language}_terms"])
                        name, category = row[language][rank], ids[row["category"]]
                        subjects.append(Subject(name, language, category, terms))
        return {language: Zipf(subjects, self.chance) for language, subjects in found.items()}

    @cached_property
    def lines(self) -> dict[tuple[str, str], Zipf]:
        """Patterns of lines by language and kind."""
        return {
            (language, kind): Zipf(self.data[language][kind], self.chance)
            for language in ("en", "ru")
            for kind in ("titles", "subtitles", "sentences", "lessons")
        }

    def person(self, language: str) -> str:
        names = self.data[language]
        return " ".join(self.chance.choice(names[part]) for part in ("first_names", "last_names"))

    def fill(self, kind: str, subject: Subject) -> str:
        """A line of the kind, with the subject and its terms in the gaps."""
        line: str = self.lines[subject.language, kind].draw()
        while "{term}" in line:
            line = line.replace("{term}", self.chance.choice(subject.terms), 1)
        other = self.subjects[subject.language].draw() if "{other}" in line else subject
        line = line.format(
            subject=subject.name, other=other.name, n=self.chance.choice((7, 10, 14, 21, 30))
        )
        return line[0].upper() + line[1:]

    def text(self, subject: Subject, sentences: int) -> str:
        return " ".join(self.fill("sentences", subject) for _ in range(sentences))


# ── Rows ──────────────────────────────────────────────────────────────────────────────────────
def _write_teachers(number: int, words: Words, at: datetime) -> dict[str, list[int]]:
    """Ids of the new teachers by the language they teach in."""
    first = _reserve(User, number)
    found: dict[str, list[int]] = {"en": [], "ru": []}
    rows = []
    for pk in range(first, first + number):
        language = "en" if pk % 2 else "ru"
        found[language].append(pk)
        rows.append(
            (pk, "!", False, f"teacher-{pk}@catalog.example", words.person(language),
             f"teacher-{pk}", Role.TEACHER, True, True, "", "", language, "UTC", True, False, at)
        )  # fmt: skip
    _copy(User, USER, iter(rows))
    return found


def _write_courses(number: int, teachers: dict[str, list[int]], words: Words, at: datetime) -> None:
    course_id = _reserve(Course, number)
    module_id = _reserve(Module, number)
    lesson_id = _reserve(Lesson, number * LESSONS)
    courses, modules, lessons = [], [], []
    for place in range(number):
        language = words.chance.choice(("en", "ru"))
        subject: Subject = words.subjects[language].draw()
        course = _course(course_id + place, subject, teachers[language], words, at)
        courses.append(course)
        created, minutes = course[-1], course[COURSE.index("duration_minutes")]
        module = module_id + place
        modules.append((module, course[0], subject.name[:1].upper() + subject.name[1:], 1))
        lessons += [
            (lesson_id + place * LESSONS + position, course[0], module,
             words.fill("lessons", subject), words.text(subject, 3), "",
             minutes // LESSONS, position == 0, position + 1, 1, created, created)
            for position in range(LESSONS)
        ]  # fmt: skip
    _copy(Course, COURSE, iter(courses))
    _copy(Module, MODULE, iter(modules))
    _copy(Lesson, LESSON, iter(lessons))


def _course(
    pk: int, subject: Subject, teachers: list[int], words: Words, at: datetime
) -> tuple[Any, ...]:
    chance = words.chance
    title = words.fill("titles", subject)
    currency, prices = PRICES[subject.language]
    students = int(MOST_STUDENTS ** (chance.random() ** 3)) - 1
    histogram = _histogram(int(students * chance.uniform(0.02, 0.2)), chance)
    reviews = sum(histogram)
    stars = sum(star * count for star, count in enumerate(histogram, start=1))
    created = at - timedelta(minutes=chance.randrange(60 * 24 * 365 * 4))
    minutes = LESSONS * min(1440, 10 + int(chance.expovariate(1 / 70)))
    return (
        pk, chance.choice(teachers), title[:160], f"{_slug(subject.name)}-{pk}",
        words.fill("subtitles", subject), words.text(subject, chance.randint(3, 8)),
        chance.choice(prices), currency, chance.choice(Level.values), subject.language,
        subject.category_id, chance.sample(subject.terms, 2), [], [], json.dumps({}),
        CourseStatus.PUBLISHED, histogram, round(stars / reviews, 2) if reviews else None, reviews,
        students, LESSONS, minutes, 1, created, created, created,
    )  # fmt: skip


def _histogram(reviews: int, chance: random.Random) -> list[int]:
    """Most courses please, some don't."""
    good = chance.betavariate(6, 2)
    shares = [(1 - good) ** 2, (1 - good) * 0.5, 0.15, good * 0.5, good]
    whole = sum(shares)
    return [int(reviews * share / whole) for share in shares]


@lru_cache(maxsize=1000)
def _slug(name: str) -> str:
    return slug_of(name, max_length=60)


def _reserve(model: type[Any], number: int) -> int:
    """The first of so many ids that nobody else gets."""
    with connection.cursor() as cursor:
        sequence = f"pg_get_serial_sequence('{model._meta.db_table}', 'id')"
        cursor.execute(f"SELECT setval({sequence}, nextval({sequence}) + %s)", [number])
        last: int = cursor.fetchone()[0]
    return last - number


def _copy(model: type[Any], columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
