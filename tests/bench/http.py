"""How many requests a second the platform serves over HTTP, and how long each takes.

`make bench-http` starts production's web process (`eduplatform/stack/serving.py`) on 127.0.0.1
against a catalogue of made-up courses, signs people in, and asks. Every row is also told as a share
of the bare view, a constant small JSON through the same server and the same middleware, asked in
the same rounds: shares hold on other machines, requests a second don't. Medians of the rounds;
milliseconds. `web` is the processor time of the web process for one request, which foreign load
hardly lengthens.

Lists, details, categories and facets ask for a few hundred addresses over and over, as visitors do, so
that most answers are of the moment (`apps/core/moment.py`). Searches are thousands, each another one.

The events of what is written wait in the outbox: no worker runs beside.
"""

import argparse
import json
import os
import platform
import random
import signal
import statistics
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from apps.courses.models import Category, Course  # noqa: E402
from eduplatform.stack import serving  # noqa: E402
from eduplatform.stack.children import free_port, spawn, stop  # noqa: E402
from eduplatform.stack.servers import Valkey  # noqa: E402
from tests.bench import bad_input  # noqa: E402
from tests.bench.client import Round, drive  # noqa: E402
from tests.bench.crowd import Person, free_course_ids, gathered  # noqa: E402

PEOPLE, POPULAR, FREE_COURSES, TITLES = 1000, 200, 2000, 10_000
WARM_UP = 1.0
START_SECONDS = 60.0
MIX = {"search": 35, "catalogue": 30, "detail": 30, "write": 5}
SORTS = ("popular", "newest", "rating", "price", "-price")
Messages = Iterator[bytes]
Make = Callable[[], Messages]


@dataclass(frozen=True)
class Row:
    """What is asked, and what is wanted of it: `must` and `aim` in words."""

    name: str
    make: Make
    must: str = ""
    aim: str = ""


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


# ── What is asked ─────────────────────────────────────────────────────────────────────────────
def message(path: str, *headers: str, body: object = None) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    lines = [
        f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "User-Agent: bench",
        "Accept: */*",
        "Accept-Language: en",
        *headers,
    ]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


class Asking:
    """Endless messages of each kind; made anew for every round, since access tokens are short."""

    def __init__(self, people: list[Person], chance: random.Random) -> None:
        self.people = people
        self.chance = chance
        popular = Course.objects.published().order_by("-student_count")
        self.popular = list(popular.values_list("pk", flat=True)[:POPULAR])
        self.free = free_course_ids(FREE_COURSES)
        self.categories = list(Category.objects.values_list("slug", flat=True)[:20])
        titles = popular.values_list("title", flat=True)[: TITLES * 4 : 4]
        self.titles = [title.replace(":", " ").split() for title in titles]
        self.seats = iter(self._new_seats())

    def rows(self) -> list[Row]:
        return [
            Row("bare view", lambda: cycle([message("/api/bare")])),
            Row("GET /api/courses", self.catalogue, "≥ 40 %", "≥ 50 %"),
            Row("GET /api/courses?q=", self.search, "≥ 25 %", "≥ 35 %"),
            Row("the same, not counted", partial(self.search, "&count=false"), "≥ 25 %", "≥ 35 %"),
            Row("GET /api/courses/{id}", self.detail, "≥ 75 %", "≥ 85 %"),
            Row("GET /api/courses/{id}/curriculum", self.curriculum),
            Row("GET /api/categories", lambda: cycle([message("/api/categories")])),
            Row("GET /api/courses/suggest", self.suggest),
            Row("GET /api/courses/facets", self.facets),
            Row("dashboard, signed in", self.dashboard, "≥ 60/s, p95 ≤ 150", "≥ 150/s, p95 ≤ 60"),
            Row("lesson page", self.lesson, "≥ 60/s, p95 ≤ 150", "≥ 150/s, p95 ≤ 60"),
            Row("GET /api/flashcards/due", self.due, "≥ 60/s, p95 ≤ 150", "≥ 150/s, p95 ≤ 60"),
            Row("POST /api/enrollments", self.write, "≥ 25 %", "≥ 45 %"),
            Row("mixed", self.mixed, "≥ 1500/s, p99 ≤ 25", "≥ 2000/s, p99 ≤ 15"),
        ]

    def catalogue(self) -> Messages:
        addresses = ["", *(f"?sort={sort}" for sort in SORTS)]
        addresses += [f"?category={slug}" for slug in self.categories]
        return cycle([message(f"/api/courses{address}") for address in addresses])

    def search(self, more: str = "") -> Messages:
        """One word, two, or a word and a filter, out of the titles that there are.

        Thousands of questions, each of which comes again only after all others: it is search that
        is measured, not what a process holds for a moment.
        """
        found = []
        for words in self.titles:
            asked = self.chance.choice((words[:1], words[-1:], words[:2], words[-2:]))
            narrowed = self.chance.choice(("", "", "&level=beginner", "&is_free=true"))
            found.append(message(f"/api/courses?q={quote(' '.join(asked))}{narrowed}{more}"))
        return self._shuffled(list(dict.fromkeys(found)))

    def detail(self) -> Messages:
        return self._shuffled([message(f"/api/courses/{pk}") for pk in self.popular])

    def curriculum(self) -> Messages:
        return self._shuffled([message(f"/api/courses/{pk}/curriculum") for pk in self.popular])

    def suggest(self) -> Messages:
        starts = [quote(words[0][: self.chance.randint(2, 6)]) for words in self.titles]
        return self._shuffled([message(f"/api/courses/suggest?q={start}") for start in starts])

    def facets(self) -> Messages:
        narrowed = ["", *(f"?category={slug}" for slug in self.categories)]
        narrowed += [f"?q={quote(words[0])}" for words in self.titles[:20]]
        return self._shuffled([message(f"/api/courses/facets{query}") for query in narrowed])

    def dashboard(self) -> Messages:
        return cycle([message("/", _cookie(person)) for person in self.people])

    def lesson(self) -> Messages:
        return cycle([message(person.lesson_page, _cookie(person)) for person in self.people])

    def due(self) -> Messages:
        return cycle([message("/api/flashcards/due", token) for token in self._tokens()])

    def write(self) -> Messages:
        """Seats that nobody has taken yet."""
        tokens = self._tokens()
        for person, course_id in self.seats:
            yield message("/api/enrollments", tokens[person], body={"course": course_id})

    def mixed(self) -> Messages:
        kinds = {name: getattr(self, name)() for name in MIX}
        while True:
            [name] = self.chance.choices(list(MIX), weights=list(MIX.values()))
            yield next(kinds[name])

    def _tokens(self) -> list[str]:
        now = timezone.now()
        return [f"Authorization: Bearer {person.token(now)}" for person in self.people]

    def _new_seats(self) -> Iterator[tuple[int, int]]:
        """Person and course, neither twice in a row: a page's rush isn't what is measured."""
        for offset in range(len(self.free)):
            for person in range(len(self.people)):
                yield person, self.free[(person + offset) % len(self.free)]

    def _shuffled(self, found: list[bytes]) -> Messages:
        self.chance.shuffle(found)
        return cycle(found)


def _cookie(person: Person) -> str:
    return f"Cookie: {settings.SESSION_COOKIE_NAME}={person.session_key}"


# ── What answers ──────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Server:
    """Production's web process; its workers are in its session."""

    port: int
    session: int

    def work(self) -> float:
        """Processor seconds of all its processes so far."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            if int(fields[3]) == self.session:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def asked(self, messages: Messages, seconds: float, connections: int) -> Round:
        before = self.work()
        found = drive(self.port, messages, seconds=seconds, connections=connections)
        found.served = self.work() - before
        return found


def served(undo: ExitStack, folder: Path, redis_url: str, shape: str) -> Server:
    """Started with production's settings, and answering."""
    port = free_port()
    metrics, log = folder / f"metrics-{port}", folder / f"web-{port}.log"
    metrics.mkdir()
    workers, threads = (int(part) for part in shape.split("x"))
    command = serving.pages("127.0.0.1", port, workers=workers, threads=threads)
    process = spawn(
        [sys.executable, "-m", *command],
        log=log,
        if_parent_dies=signal.SIGTERM,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.bench.serving_settings",
            "DEBUG": "false",
            "SECRET_KEY": settings.SECRET_KEY,
            "ACCESS_TOKEN_KEY": settings.ACCESS_TOKEN_KEY,
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": "dummymail://",
            "SECURE_SSL_REDIRECT": "false",
            "ADDRESS_LIMIT_FACTOR": "100",  # as in development: all come from one address
            "DATABASE_POOL": "10",
            "STATEMENT_TIMEOUT": "10000",
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            "REDIS_URL": redis_url,
        },
    )
    undo.callback(stop, process, by=signal.SIGTERM, within=20)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/bare", timeout=5):
                return Server(port, process.pid)
        except OSError:
            time.sleep(0.1)
    raise SystemExit(log.read_text(errors="replace")[-3000:])


# ── Measuring ─────────────────────────────────────────────────────────────────────────────────
def measured(server: Server, rows: list[Row], asked: argparse.Namespace) -> dict[str, list[Round]]:
    """Rounds by the name of the row: each round asks every row once."""
    found: dict[str, list[Round]] = {row.name: [] for row in rows}
    for row in rows:
        server.asked(row.make(), WARM_UP, asked.connections)
    for _ in range(asked.rounds):
        for row in rows:
            found[row.name].append(server.asked(row.make(), asked.seconds, asked.connections))
    return found


def table(rows: list[Row], found: dict[str, list[Round]]) -> None:
    say("| what | requests/s | of bare | p50 | p95 | p99 | web | not 2xx | must | aim |")
    say("|---|---|---|---|---|---|---|---|---|---|")
    bare = found["bare view"]
    for row in rows:
        rounds = found[row.name]
        rate = statistics.median(each.rate for each in rounds)
        pairs = zip(rounds, bare, strict=True)
        share = statistics.median(each.rate / base.rate for each, base in pairs)
        p50, p95, p99 = percentiles(rounds)
        web = statistics.median(each.served / len(each.times) * 1000 for each in rounds)
        other = sum((each.statuses for each in rounds), Counter[int]())
        failed = ", ".join(
            f"{status}: {count}" for status, count in sorted(other.items()) if status // 100 != 2
        )
        say(
            f"| {row.name} | {rate:.0f} | {share:.0%} | {p50:.1f} | {p95:.1f} | {p99:.1f}"
            f" | {web:.2f} | {failed} | {row.must} | {row.aim} |"
        )


def compared(servers: dict[str, Server], asking: Asking, asked: argparse.Namespace) -> None:
    """The mixed load at each shape of the process, in turns."""
    rounds: dict[str, list[Round]] = {shape: [] for shape in servers}
    for turn in range(asked.rounds + 1):  # the first is for warming up
        for shape, server in servers.items():
            took = server.asked(asking.mixed(), asked.seconds, asked.connections)
            rounds[shape] += [took] if turn else []
    circumstances(asked, bare=[took for each in rounds.values() for took in each])
    say("| workers x threads | mixed, requests/s | p50 | p95 | p99 |\n|---|---|---|---|---|")
    for shape, found in rounds.items():
        rate = statistics.median(each.rate for each in found)
        p50, p95, p99 = percentiles(found)
        say(f"| {shape} | {rate:.0f} | {p50:.1f} | {p95:.1f} | {p99:.1f} |")


def bad_input_answered(server: Server) -> None:
    """One after another on an otherwise idle server."""
    statuses, times = bad_input.asked(f"http://127.0.0.1:{server.port}")
    told = ", ".join(f"{status}: {number}" for status, number in sorted(statuses.items()))
    say(
        f"\nBad input, {len(times)} questions within {bad_input.WITHIN} ms each: {told}; "
        f"p50 {statistics.median(time for time, *_ in times):.1f} ms, the slowest:"
    )
    for time_taken, status, address in times[:3]:
        say(f"- {time_taken:.0f} ms, {status}, `{address[:80]}`")


def percentiles(rounds: list[Round]) -> tuple[float, ...]:
    """p50, p95 and p99 in milliseconds: of each, the median of the rounds."""
    cuts = [statistics.quantiles(each.times, n=100, method="inclusive") for each in rounds]
    return tuple(statistics.median(cut[at] * 1000 for cut in cuts) for at in (49, 94, 98))


def circumstances(asked: argparse.Namespace, *, bare: list[Round]) -> None:
    work = statistics.median(each.work / len(each.times) for each in bare)
    courses = Course.objects.published().count()
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    say(
        f"{courses:,} courses; workers x threads {', '.join(asked.shapes)}; "
        f"{asked.connections} connections, {asked.rounds} rounds of {asked.seconds} s; "
        f"{timezone.now():%d %B %Y}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load average {load}. The client works {work * 1e6:.0f} µs a request on one core: "
        f"its ceiling is {1 / work:,.0f} requests/s.\n"
    )


def main() -> None:
    asked = arguments()
    missing = asked.courses - Course.objects.published().count()
    if missing > 0:
        call_command("seed_catalog", courses=missing)
    chance = random.Random(5)
    people = gathered(PEOPLE, timezone.now(), chance)
    asking = Asking(people, chance)
    rows = [row for row in asking.rows() if row.name == "bare view" or asked.only in row.name]
    with tempfile.TemporaryDirectory(prefix="eduplatform-bench-") as name, ExitStack() as undo:
        valkey = Valkey(Path(name), volatile=True)
        undo.callback(valkey.stop)
        redis_url = valkey.start()
        servers = {shape: served(undo, Path(name), redis_url, shape) for shape in asked.shapes}
        if len(servers) > 1:
            compared(servers, asking, asked)
            return
        [server] = servers.values()
        found = measured(server, rows, asked)
        circumstances(asked, bare=found["bare view"])
        table(rows, found)
        if not asked.only:
            bad_input_answered(server)
        if not asked.with_redis:
            valkey.stop()
            asked.rounds = 1
            say("\nWith Redis stopped a moment ago:\n")
            table(rows, measured(server, rows, asked))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=int, default=100_000, help="fill the catalogue up to it")
    parser.add_argument("--seconds", type=float, default=3.0, help="of a row in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument(
        "--shapes",
        nargs="+",
        default=[f"{serving.WORKERS}x{serving.THREADS}"],
        help="workers x threads of each; several are compared with one another instead",
    )
    parser.add_argument("--only", default="", help="rows whose name contains this")
    parser.add_argument("--with-redis", action="store_true", help="leave out the run without it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
