"""How soon search sees what changes, while courses change all the time and people search.

`make bench-freshness` runs production's workers of the queues `search` and `events` against a
catalogue of made-up courses. Writers change courses as the services do, a row and its events in one
transaction; a reader searches; a watcher looks every few milliseconds which documents are what
their courses were made. In the end the index is compared with all courses.
"""

import argparse
import itertools
import os
import random
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import get_context

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from apps.core.bus import gathered, publish  # noqa: E402
from apps.core.models import Delivery  # noqa: E402
from apps.core.statements import row_of  # noqa: E402
from apps.courses.events import (  # noqa: E402
    CourseArchived,
    CourseChanged,
    CourseCounted,
    CoursePublished,
)
from apps.courses.models import Course  # noqa: E402
from apps.search import selectors, services  # noqa: E402
from apps.search.models import SearchDocument, SearchTerm  # noqa: E402
from apps.search.queries import Search  # noqa: E402
from eduplatform.stack.children import spawn, stop  # noqa: E402

LOOK = 0.02  # seconds between two looks of the watcher
GIVEN_UP = 60.0  # seconds after the last change
WORKERS = {"search": 2, "events": 1}
KINDS = {"edited": 6, "counted": 12, "archived": 1, "published": 1}
CHANGE = """
UPDATE courses_course SET student_count = student_count + 1, revision = revision + 1{more}
WHERE id = %s RETURNING student_count, owner_id
"""
MORE = {
    "edited": ", subtitle = %s, price_minor = price_minor + 100",
    "counted": "",
    "archived": ", status = 'archived'",
    "published": ", status = 'published'",
}


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


# ── Writers ───────────────────────────────────────────────────────────────────────────────────
def write(writer: int, writers: int, rate: float, seconds: float, begin, told) -> None:  # noqa: ANN001
    """Change every so manyth course for so long, from when all are ready; tell course, kind, the
    popularity to wait for, and when."""
    chance = random.Random(writer)  # noqa: S311
    ids = course_ids()[writer::writers]
    shown = dict.fromkeys(ids, True)
    begin.wait()
    started = time.monotonic()
    for number in itertools.count():
        due = started + number / rate
        if due > started + seconds:
            break
        time.sleep(max(0.0, due - time.monotonic()))
        course_id = chance.choice(ids)
        kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
        if not shown[course_id]:
            kind = "published"
        elif kind == "published":
            kind = "archived"
        popularity = change(course_id, kind, number)
        shown[course_id] = kind != "archived"
        told.put((course_id, kind, popularity, time.time()))
    told.put(None)


def course_ids() -> list[int]:
    return list(Course.objects.published().order_by("pk").values_list("pk", flat=True))


def change(course_id: int, kind: str, number: int) -> int:
    """One row and its events in one transaction, as the services do it; returns its popularity then,
    which is what the watcher waits for."""
    values = [f"Changed for the {number}th time"] if kind == "edited" else []
    with transaction.atomic(), gathered():
        row = row_of(CHANGE.format(more=MORE[kind]), [*values, course_id])
        assert row is not None
        popularity, owner_id = row
        publish(CourseCounted(course_id=course_id))
        if kind == "edited":
            publish(CourseChanged(course_id=course_id))
        elif kind == "archived":
            publish(CourseArchived(course_id=course_id))
        elif kind == "published":
            publish(CoursePublished(course_id=course_id, owner_id=owner_id))
    return int(popularity)


# ── Watchers ──────────────────────────────────────────────────────────────────────────────────
def watch(told, writers: int) -> dict[str, list[float]]:  # noqa: ANN001
    """Seconds from commit to visibility by kind; what never came is infinitely late."""
    awaited: dict[int, list[tuple[str, int, float]]] = {}
    late: dict[str, list[float]] = {kind: [] for kind in KINDS}
    at_work, last = writers, time.monotonic()
    while at_work or awaited:
        while not told.empty():
            item = told.get()
            if item is None:
                at_work, last = at_work - 1, time.monotonic()
                continue
            awaited.setdefault(item[0], []).append(item[1:])
        documents = SearchDocument.objects.filter(pk__in=list(awaited))
        now_shown = dict(documents.values_list("pk", "popularity"))
        now = time.time()
        for course_id, changes in list(awaited.items()):
            waiting = []
            for kind, popularity, at in changes:
                seen = now_shown.get(course_id)
                is_seen = seen is None if kind == "archived" else (seen or -1) >= popularity
                # a later change may have come before anybody looked
                if is_seen or (seen or -1) > popularity:
                    late[kind].append(max(0.0, now - at))
                elif seen is None and len(changes) > 1:
                    late[kind].append(max(0.0, now - at))  # archived again
                else:
                    waiting.append((kind, popularity, at))
            awaited[course_id] = waiting
            if not waiting:
                del awaited[course_id]
        if not at_work and time.monotonic() > last + GIVEN_UP:
            for changes in awaited.values():
                for kind, _popularity, _at in changes:
                    late[kind].append(float("inf"))
            break
        time.sleep(LOOK)
    return late


def search_until(stopped: threading.Event, times: list[float]) -> None:
    chance = random.Random(7)  # noqa: S311
    terms = list(SearchTerm.objects.order_by("-documents").values_list("term", flat=True)[:2000])
    while not stopped.wait(0.02):
        search = Search(text=chance.choice(terms), sort="relevance")
        begun = time.perf_counter()
        selectors.find_courses(search, cursor=None, limit=20)
        times.append(time.perf_counter() - begun)
    connection.close()


def line(name: str, times: list[float]) -> str:
    if len(times) < 2:
        return f"| {name} | {len(times)} | – | – | – |"
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    cells = (statistics.median(ordered), p99, ordered[-1])
    return f"| {name} | {len(times)} | " + " | ".join(f"{1000 * each:.0f}" for each in cells) + " |"


def with_workers(call: Callable[[], None]) -> None:
    started = []
    try:
        for queue, concurrency in WORKERS.items():
            command = [sys.executable, "-m", "celery", "-A", "eduplatform", "worker"]
            command += ["--queues", queue, "--concurrency", str(concurrency)]
            command += ["--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
            command += ["--hostname", f"bench-{queue}@%h"]
            started.append(spawn(command, log=None, if_parent_dies=signal.SIGTERM, env=os.environ))
        time.sleep(10)
        call()
    finally:
        for process in started:
            stop(process, by=signal.SIGTERM, within=20)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=int, default=100_000, help="in the catalogue")
    parser.add_argument("--seconds", type=float, default=20, help="of changes; 300 is the long run")
    parser.add_argument("--rate", type=float, default=200, help="changes a second")
    parser.add_argument("--writers", type=int, default=2, help="processes that change")
    arguments = parser.parse_args()
    missing = arguments.courses - SearchDocument.objects.count()
    if missing > 0:
        call_command("seed_catalog", courses=missing)
    writers = arguments.writers
    courses = len(course_ids())
    context = get_context("spawn")
    told = context.Queue()
    begin = context.Barrier(writers + 1)
    quiet: list[float] = []
    busy: list[float] = []

    def trial() -> None:
        searched(lambda: time.sleep(min(10, arguments.seconds)), quiet)
        each = (writers, arguments.rate / writers, arguments.seconds, begin, told)
        processes = [
            context.Process(target=write, args=(number, *each)) for number in range(writers)
        ]
        for process in processes:
            process.start()
        begin.wait()

        def whole() -> None:
            began = time.monotonic()
            report(watch(told, writers), time.monotonic() - began)

        searched(whole, busy)
        for process in processes:
            process.join()

    def report(late: dict[str, list[float]], seconds: float) -> None:
        every = [each for times in late.values() for each in times]
        say(
            f"{courses} courses, {len(every)} changes in {seconds:.0f} s, "
            f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n"
        )
        say("| ms | number | p50 | p99 | max |\n|---|---|---|---|---|")
        for kind, times in late.items():
            say(line(f"{kind}, commit to search", times))
        say(line("every change", every))

    with_workers(trial)
    say(line("a search before", quiet))
    say(line("a search beside", busy))
    say(f"\n{Delivery.objects.filter(subscriber__startswith='search.').count()} events left")
    drift = services.check(mend=False)
    say(f"drift: {drift.total}")
    return 1 if drift.total else 0


def searched(call: Callable[[], None], times: list[float]) -> None:
    """Run the call while searches go on, and keep how long each took."""
    stopped = threading.Event()
    reader = threading.Thread(target=search_until, args=(stopped, times))
    reader.start()
    try:
        call()
    finally:
        stopped.set()
        reader.join()


if __name__ == "__main__":
    sys.exit(main())
