"""The feed of somebody who follows 500 people, each with 200 entries, among 2,000 others'.

`make bench-community` runs this in a database of its own. Times are of the server's side, in
milliseconds: `p50 p95 max`; at the end stands the plan of the statement that puts the page together.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.accounts.tests.factories import UserFactory  # noqa: E402
from apps.activity import selectors  # noqa: E402
from apps.activity.models import FeedEntry, Kind  # noqa: E402
from apps.courses.tests.factories import CourseFactory  # noqa: E402
from apps.social.models import Follow, Profile  # noqa: E402

FOLLOWED, EACH, OTHERS, COURSES, ROUNDS = 500, 200, 2_000, 200, 60
chance = random.Random(6)  # noqa: S311


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def make_reader() -> User:
    """Every third entry is of a course that nobody sees any more."""
    now = timezone.now()
    reader = UserFactory(email="reader@bench.test", username="reader")
    people = User.objects.bulk_create(
        User(email=f"b{n}@bench.test", username=f"b{n}", name=f"Person {n}", password="!")  # noqa: S106
        for n in range(FOLLOWED + OTHERS)
    )
    Profile.objects.bulk_create(Profile(user=person, show_activity=True) for person in people)
    Follow.objects.bulk_create(
        Follow(follower=reader, followed=person, created_at=now) for person in people[:FOLLOWED]
    )
    courses = [CourseFactory(status="draft" if n % 3 == 0 else "published") for n in range(COURSES)]
    FeedEntry.objects.bulk_create(
        (
            FeedEntry(
                actor=person,
                kind=Kind.COURSE_COMPLETED,
                object_id=number * EACH + n,
                course=chance.choice(courses),
                created_at=now - timedelta(seconds=chance.randrange(180 * 86400)),
            )
            for number, person in enumerate(people)
            for n in range(EACH)
        ),
        batch_size=10_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return reader


def timed(name: str, act: Callable[[], object]) -> None:
    for _ in range(5):
        act()
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    say(f"{name:<34}{statistics.median(times):8.1f}{p95:8.1f}{times[-1]:8.1f}")


def deep_cursor(reader: User, pages: int) -> str | None:
    cursor = None
    for _ in range(pages):
        cursor = selectors.feed_of(reader, cursor=cursor, limit=100).next
    return cursor


def main() -> None:
    reader = make_reader()
    say(f"{FeedEntry.objects.count():,} entries; ms: p50, p95, max")
    timed("first page", lambda: selectors.feed_of(reader, cursor=None, limit=20))
    deep = deep_cursor(reader, 100)
    timed("10,000 entries deep", lambda: selectors.feed_of(reader, cursor=deep, limit=20))
    client = APIClient()
    client.force_authenticate(reader)
    timed("GET /api/activity/feed", lambda: client.get("/api/activity/feed"))
    client.force_login(reader)
    timed("GET /feed/summary/ (on Today)", lambda: client.get("/feed/summary/"))
    with connection.cursor() as cursor:
        cursor.execute(*selectors.explained(reader))
        say("\n" + "\n".join(row[0] for row in cursor.fetchall()))


if __name__ == "__main__":
    main()
