"""Times and checks the search of the catalogue that the database holds; prints tables for
docs/performance.md.

Times are milliseconds that the questions spent in SQL, round trips included: p50, p99 and max of
each round over all questions of a class, of these the median over the rounds. One round before them
isn't counted. `work`: p50 and p99 of the time that the server's process ran, which foreign load
doesn't lengthen much; `all`: p50 of all that the selector took, Python included.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from apps.search import selectors  # noqa: E402
from apps.search.models import SearchDocument  # noqa: E402
from apps.search.queries import Search  # noqa: E402
from apps.search.selectors.facets import count_facets  # noqa: E402

from .brute_force import TOP, differences  # noqa: E402
from .questions import Questions, Vocabulary, browsing, search_of  # noqa: E402

NUMBER = 100  # questions of a class
PAGE, DEEP_PAGE, PAGES_DOWN = 20, 100, 20
SEARCH = ("5 / 20", "2 / 10")
# class → must and aim, p99 / max in ms
WANTED = {
    "with filters": ("20 / –", "10 / –"),
    "other orders": ("50 / –", "20 / –"),
    "browse, first pages": ("2 / 10", "1 / 5"),
    "browse, 2,000 deep": ("2 / 10", "1 / 5"),
    "suggestions": ("–", "1 / –"),
}
GROWTH = "of the p99 of work; at most ×2, aim ×1.5"


def main() -> int:
    arguments = _arguments()
    with connection.cursor() as cursor:
        cursor.execute("SELECT version(), current_setting('shared_buffers')")
        version, buffers = cursor.fetchone()
    missing = arguments.courses - SearchDocument.objects.count()
    if missing > 0:
        call_command("seed_catalog", courses=missing)
    courses = SearchDocument.objects.count()
    if courses < 1000:
        sys.exit(f"{courses} courses say nothing: COURSES=1000000 adds made-up ones.")
    say(f"{timezone.now():%-d %B %Y}, {machine()}, {version.split(' on ')[0]}, "
        f"shared_buffers {buffers}, load average {os.getloadavg()[0]:.1f}")  # fmt: skip
    say(f"{courses:,} courses, {arguments.rounds} rounds\n")
    before = json.loads(arguments.against.read_text()) if arguments.against else {}
    table = Table(arguments.rounds, before.get("p99", {}))
    questions = Questions(Vocabulary.read(), number=NUMBER)
    measure(questions, table)
    if before:
        say(f"\ngrowth from {before['courses']:,} courses, {GROWTH}")
    if arguments.save:
        arguments.save.write_text(json.dumps({"courses": courses, "p99": table.p99}, indent=1))
    if not arguments.equal:
        return 0
    compared, different = differences(questions.checked(arguments.equal))
    say(
        f"\n{compared - len(different)} of {compared} first pages of {TOP} are those of brute force"
    )
    for search in different[:10]:
        say(f"- differs: {search}")
    return 1 if different else 0


def measure(questions: Questions, table: "Table") -> None:
    classes = questions.classes()
    for name, searches in classes.items():
        table.row(name, first_page, searches, *SEARCH)
    everything = [search for searches in classes.values() for search in searches]
    table.row("**all searches**", first_page, everything, *SEARCH)
    table.row("with filters", first_page, questions.filtered())
    table.row("other orders", first_page, questions.sorted())
    first, deep = browsing()
    table.row("browse, first pages", first_page, first)
    table.row("browse, 2,000 deep", page_at, [(search, cursor_down(search)) for search in deep])
    table.row("counts of searches", selectors.total, everything)
    table.row("counts of browsing", selectors.total, first)
    table.row("facets of a search", count_facets, everything)
    table.row("facets of browsing", count_facets, first[:: len(first) // NUMBER])
    table.row("suggestions", selectors.suggestions, questions.beginnings())


# ── What is asked ─────────────────────────────────────────────────────────────────────────────
def first_page(search: Search) -> None:
    """Found, and not counted: that has a row of its own."""
    selectors.find_courses(search, cursor=None, limit=PAGE)


def page_at(question: tuple[Search, str | None]) -> None:
    search, cursor = question
    selectors.find_courses(search, cursor=cursor, limit=PAGE)


def cursor_down(search: Search) -> str | None:
    """Where the page begins that is so far down, or the last one."""
    cursor = None
    for _ in range(PAGES_DOWN):
        further = selectors.find_courses(search, cursor=cursor, limit=DEEP_PAGE).next
        if further is None:
            break
        cursor = further
    return cursor


# ── How long it takes ─────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Time:
    """Of one question, in ms."""

    sql: float
    whole: float
    work: float


class Server:
    """The process that answers us, where it runs on this machine."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            process = Path("/proc") / str(cursor.fetchone()[0])
        is_here = process.exists() and "postgres" in (process / "cmdline").read_text()
        self._ran = process / "schedstat" if is_here else None

    def work(self) -> float:
        """Milliseconds on a core so far."""
        return int(self._ran.read_text().split()[0]) / 1e6 if self._ran else 0.0


class Table:
    """Prints a row for each class; `earlier`: p99 of a smaller catalogue, by class."""

    def __init__(self, rounds: int, earlier: dict[str, float]) -> None:
        self.rounds = rounds
        self.earlier = earlier
        self.server = Server()
        self.p99: dict[str, float] = {}
        say("| class | number | p50 | p99 | max | must, p99 / max | aim | work, p50 | p99 | growth "
            "| all | slowest |")  # fmt: skip
        say("|---|---|---|---|---|---|---|---|---|---|---|---|")

    def row(
        self,
        name: str,
        ask: Callable[[Any], object],
        questions: Sequence[Any],
        must: str = "",
        aim: str = "",
    ) -> None:
        if not must:
            must, aim = WANTED.get(name, ("–", "–"))
        timed(ask, questions, self.server)
        rounds = [timed(ask, questions, self.server) for _ in range(self.rounds)]
        p50, p99, most = _medians([each.sql for each in times] for times in rounds)
        work_p50, work_p99, _ = _medians([each.work for each in times] for times in rounds)
        whole, _, _ = _medians([each.whole for each in times] for times in rounds)
        last = rounds[-1]
        slowest = questions[max(range(len(last)), key=lambda place: last[place].work)]
        growth = f"×{work_p99 / self.earlier[name]:.1f}" if name in self.earlier else "–"
        self.p99[name] = work_p99
        say(f"| {name} | {len(questions)} | {p50:.2f} | {p99:.2f} | {most:.2f} | {must} | {aim} "
            f"| {work_p50:.2f} | {work_p99:.2f} | {growth} | {whole:.2f} | {_told(slowest)} |")  # fmt: skip


def timed(ask: Callable[[Any], object], questions: Sequence[Any], server: Server) -> list[Time]:
    found = []
    for question in questions:
        with sql_time() as spent:
            before, started = server.work(), time.perf_counter()
            ask(question)
            whole = time.perf_counter() - started
        found.append(Time(sum(spent) * 1000, whole * 1000, server.work() - before))
    return found


@contextmanager
def sql_time() -> Iterator[list[float]]:
    """Seconds of each statement."""
    spent: list[float] = []

    def keep(execute: Any, *arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent.append(time.perf_counter() - started)

    with connection.execute_wrapper(keep):
        yield spent


def _medians(rounds: Iterable[list[float]]) -> tuple[float, float, float]:
    """p50, p99 and max, each the median of the rounds."""
    found = []
    for times in rounds:
        cuts = statistics.quantiles(times, n=100, method="inclusive")
        found.append((cuts[49], cuts[98], max(times)))
    p50, p99, most = (statistics.median(column) for column in zip(*found, strict=True))
    return p50, p99, most


def _told(question: Any) -> str:
    """Short, and harmless in a table."""
    search = question[0] if isinstance(question, tuple) else question
    if isinstance(search, Search):
        plain = search_of(search.text)
        on = [
            f"{name}={getattr(search, name)}"
            for name in ("categories", "levels", "languages", "is_free", "min_rating", "sort")
            if getattr(search, name) != getattr(plain, name)
        ]
        search = " ".join([search.text, *on])
    return "".join(each if each.isprintable() and each != "|" else "·" for each in search)[:60]


def machine() -> str:
    """What the figures were taken on."""
    models = {
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    }
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{' '.join(models)}, {os.cpu_count()} cores, {memory:.0f} GB"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-search ARGS=…", description=__doc__)
    parser.add_argument("--courses", type=int, default=0, help="fill the catalogue up to it first")
    parser.add_argument("--rounds", type=int, default=3, help="counted ones (default 3)")
    parser.add_argument("--equal", type=int, default=1000, help="questions checked by brute force")
    parser.add_argument("--save", type=Path, help="keep the p99 of this catalogue in a file")
    parser.add_argument("--against", type=Path, help="such a file of a smaller catalogue: growth")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
