"""How long the server takes for the main pages of the demo, and with how many queries.

`make bench-pages` seeds the demo in a database of its own and runs this with DEBUG off. `cold` is
with an empty page cache, the others with what a visit before has left there. Fails over a limit.
"""

import os
import statistics
import sys
import time
from dataclasses import dataclass

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.courses.models import Course, Lesson  # noqa: E402
from apps.enrollment.models import Enrollment  # noqa: E402

ROUNDS = 30
ANY_PAGE = 300  # ms
PUBLIC_PAGE = 50  # ms, from the cache
PLAIN_STATIC = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@dataclass
class Page:
    name: str
    path: str
    reader: User | None = None
    milliseconds: float = ANY_PAGE
    queries: int | None = None


@dataclass
class Figures:
    cold: float
    times: list[float]
    queries: int

    def too_much_for(self, page: Page) -> bool:
        slow = self.cold > ANY_PAGE or statistics.median(self.times) > page.milliseconds
        return slow or (page.queries is not None and self.queries > page.queries)


def pages() -> list[Page]:
    student = User.objects.get(email="student@example.com")
    teacher = User.objects.get(email="teacher@example.com")
    admin = User.objects.get(email="admin@example.com")
    seat = Enrollment.objects.filter(student=student).latest("last_activity_at")
    learned = seat.course
    lesson = Lesson.objects.filter(module__course=learned)[0]
    taught = Lesson.objects.filter(module__course__owner=teacher)[0]
    public = Course.objects.published().latest("student_count")
    return [
        Page("landing", "/", milliseconds=PUBLIC_PAGE),
        Page("catalogue", "/courses/", milliseconds=PUBLIC_PAGE),
        Page("course", f"/courses/{public.slug}/", milliseconds=PUBLIC_PAGE),
        Page("search", "/courses/?q=python&sort=rating"),
        Page("today", "/", student),
        Page("catalogue, student", "/courses/", student),
        Page("course, student", f"/courses/{learned.slug}/", student),
        Page("lesson", f"/learn/{learned.slug}/{lesson.pk}/", student, queries=12),
        Page("notifications", "/notifications/", student),
        Page("studio", "/studio/", teacher),
        Page("editor", f"/studio/lessons/{taught.pk}/", teacher),
        Page("admin", "/admin/", admin),
        Page("GET /api/courses", "/api/courses"),
    ]


def measured(page: Page) -> Figures:
    client = Client(headers={"host": "localhost"})
    if page.reader:
        client.force_login(page.reader, settings.AUTHENTICATION_BACKENDS[0])
    client.get(page.path)  # templates and imports are paid for once in the life of a process
    cache.clear()
    cold = timed(client, page.path)
    times = [timed(client, page.path) for _ in range(ROUNDS)]
    with CaptureQueriesContext(connection) as queries:
        client.get(page.path)
    return Figures(cold, times, len(queries))


def timed(client: Client, path: str) -> float:
    started = time.perf_counter()
    status = client.get(path).status_code
    assert status == 200, f"{path}: {status}"
    return (time.perf_counter() - started) * 1000


def main() -> int:
    failed = 0
    sys.stdout.write("| page | cold | p50 | max | queries |\n|---|---|---|---|---|\n")
    for page in pages():
        figures = measured(page)
        over = figures.too_much_for(page)
        failed += over
        sys.stdout.write(
            f"| {page.name} | {figures.cold:.1f} | {statistics.median(figures.times):.1f}"
            f" | {max(figures.times):.1f} | {figures.queries} |{' over its limit' * over}\n"
        )
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    with override_settings(STORAGES=PLAIN_STATIC):
        sys.exit(main())
