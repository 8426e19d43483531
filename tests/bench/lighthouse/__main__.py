"""Lighthouse on the pages that people see first and most, on its simulated phone: `make lighthouse`.

Production's web process serves the demo with hashed, compressed static files; before it a proxy
compresses pages and speaks HTTP/2, as Caddy does; `openssl` makes its certificate. Scores and times are medians of the rounds. Reports and the table go to
`.data/lighthouse/`. Fails below what is wanted.

Signed-in pages have no score for search: they are nobody's to find, `robots.txt` and their answers
keep robots away.
"""

import argparse
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.courses.models import Course, Lesson  # noqa: E402
from eduplatform.stack import serving  # noqa: E402
from eduplatform.stack.children import free_port, spawn, stop  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".data" / "lighthouse"
START_SECONDS = 60.0
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 95, "seo": 95}
SLOWEST_PAINT = 1800.0  # milliseconds
Serving = Callable[[str, int], list[str]]
TIMES = {
    "LCP": "largest-contentful-paint",
    "TBT": "total-blocking-time",
    "CLS": "cumulative-layout-shift",
}


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    reader: str = ""  # address of who is signed in


@dataclass(frozen=True)
class Figures:
    scores: dict[str, float]
    times: dict[str, float]
    kilobytes: float
    faults: list[str]

    def failures(self, page: Page) -> list[str]:
        found = [
            f"{name} {score:.0f}"
            for name, score in self.scores.items()
            if score < LEAST[name] and not (name == "seo" and page.reader)
        ]
        found += [f"LCP {self.times['LCP']:.0f} ms"] * (self.times["LCP"] >= SLOWEST_PAINT)
        return found + [f"CLS {self.times['CLS']:.3f}"] * (round(self.times["CLS"], 2) > 0)


def pages(language: str) -> list[Page]:
    public = Course.objects.published().filter(language=language).latest("student_count")
    preview = Q(is_preview=True, course__in=Course.objects.published().filter(language=language))
    lesson = Lesson.objects.filter(preview).order_by("-course__student_count", "pk")[0]
    student = "student@example.com" if language == "en" else "anna@example.com"
    return [
        Page("landing", "/"),
        Page("catalogue", "/courses/"),
        Page("course", f"/courses/{public.slug}/"),
        Page("lesson", f"/learn/{lesson.course.slug}/{lesson.pk}/"),
        Page("dashboard", "/", student),
        Page("review", "/review/", student),
    ]


def cookie_of(email: str, language: str) -> str:
    """Of the language, and of a session, if anybody is signed in."""
    cookies = [f"{settings.LANGUAGE_COOKIE_NAME}={language}"]
    if email:
        client = Client(headers={"host": "localhost"})
        client.force_login(User.objects.get(email=email), settings.AUTHENTICATION_BACKENDS[0])
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}")
    return "; ".join(cookies)


# ── The server ────────────────────────────────────────────────────────────────────────────────
def served(undo: ExitStack, command: Serving, log: Path) -> str:
    """Where a process of production answers; it has this one's environment."""
    port = free_port()
    process = spawn(
        [sys.executable, "-m", *command("127.0.0.1", port)],
        log=log,
        if_parent_dies=signal.SIGTERM,
        env={**os.environ, "ALLOWED_HOSTS": "127.0.0.1,localhost"},
    )
    undo.callback(stop, process, by=signal.SIGTERM, within=20)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.1)
    raise SystemExit(log.read_text(errors="replace")[-3000:])


# ── What Lighthouse found ─────────────────────────────────────────────────────────────────────
def figures_of(folder: Path, page: Page, rounds: int) -> Figures:
    reports = [
        json.loads((folder / f"{page.name}-{number}.json").read_text())
        for number in range(1, rounds + 1)
    ]

    def middle(read: Any) -> float:
        return float(statistics.median(read(report) for report in reports))

    return Figures(
        scores={
            name: middle(lambda report, name=name: report["categories"][name]["score"] * 100)
            for name in LEAST
        },
        times={
            name: middle(lambda report, key=key: report["audits"][key]["numericValue"])
            for name, key in TIMES.items()
        },
        kilobytes=middle(lambda report: report["audits"]["total-byte-weight"]["numericValue"])
        / 1000,
        faults=_faults(reports[0]),
    )


def _faults(report: Mapping[str, Any]) -> list[str]:
    """Audits with a weight that weren't passed."""
    weighed = {
        each["id"]
        for category in report["categories"].values()
        for each in category["auditRefs"]
        if each["weight"]
    }
    return [
        name
        for name in sorted(weighed)
        if (score := report["audits"][name]["score"]) is not None and score < 0.9
    ]


def table(found: Mapping[Page, Figures]) -> str:
    lines = [
        "| page | performance | accessibility | best practices | SEO | LCP, ms | TBT, ms | CLS | kB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for page, figures in found.items():
        scores = {name: f"{score:.0f}" for name, score in figures.scores.items()}
        if page.reader:
            scores["seo"] = "–"
        times = figures.times
        lines.append(
            f"| {page.name}{', signed in' * bool(page.reader)} | {' | '.join(scores.values())}"
            f" | {times['LCP']:.0f} | {times['TBT']:.0f} | {round(times['CLS'], 2):g}"
            f" | {figures.kilobytes:.0f} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    arguments = _arguments()
    FOLDER.mkdir(parents=True, exist_ok=True)
    chosen = [
        page
        for page in pages(arguments.language)
        if not arguments.names or page.name in arguments.names
    ]
    with ExitStack() as undo:
        asked = {
            "pages": served(undo, serving.pages, FOLDER / "web.log"),
            "sockets": served(undo, serving.sockets, FOLDER / "sockets.log"),
            "folder": str(FOLDER),
            "rounds": arguments.rounds,
            "asked": [
                {
                    "name": page.name,
                    "path": page.path,
                    "cookie": cookie_of(page.reader, arguments.language),
                }
                for page in chosen
            ],
        }
        subprocess.run(  # noqa: S603
            ["node", str(Path(__file__).parent / "run.mjs")],  # noqa: S607
            input=json.dumps(asked),
            text=True,
            check=True,
        )
    found = {page: figures_of(FOLDER, page, arguments.rounds) for page in chosen}
    load = os.getloadavg()[1]
    told = (
        f"{timezone.localdate()}, {platform.machine()}, {os.cpu_count()} cores, load {load:.1f}\n\n"
    )
    told += table(found)
    (FOLDER / f"table-{arguments.language}.md").write_text(told)
    sys.stdout.write(told)
    failed = 0
    for page, figures in found.items():
        if figures.faults:
            sys.stdout.write(f"{page.name}: {', '.join(figures.faults)}\n")
        if failures := figures.failures(page):
            failed += 1
            sys.stdout.write(f"{page.name} fails: {', '.join(failures)}\n")
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lighthouse")
    parser.add_argument("names", nargs="*", help="pages; all without any")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--language", choices=["en", "ru"], default="en")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
