"""What hostile and clumsy people ask the catalogue for: one at a time, each answered in its own time."""

from collections import Counter
from itertools import product
from urllib.parse import quote

import requests

WITHIN = 200  # milliseconds, whatever is asked
TEXTS = (
    "",
    " ",
    "a",
    "я",
    "pr",
    "x" * 10_000,
    "слово " * 2_000,
    "- - - | & ! ( ) : *",
    '"""" "" "',
    "the and of или и в на не",
    "%' OR 1=1; DROP TABLE courses_course; --",
    "'; SELECT pg_sleep(10); --",
    ".*+?^${}()|[]\\ (a+)+$",
    "a:* b:* c:*",
    "%_%_%",
    "a\x00b",
    "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"),
    "🙂 🙃 ☃ ﷽",
    "-python -design",
    "–python",
    "(-python",
    "python or design or data or course or method",
    '"a practical course" -"for beginners"',
    "<script>alert(1)</script>",
    "../../etc/passwd",
)
FILTERS = (
    "level=expert",
    "category=no-such-category",
    "is_free=perhaps",
    "min_price=NaN",
    "min_price=-1",
    "min_price=9&max_price=3",
    "min_rating=1e309",
    "min_duration=99999999999999999999",
    "sort=random()",
    "limit=0",
    "limit=-5",
    "limit=1000000",
    "unknown=1",
    "&".join(f"category=c{number}" for number in range(500)),
    "min_rating=4.17&min_price=7.51&max_duration=233",
)
CURSORS = ("x", "~x", "~" + "A" * 4_000, quote("\x00"), "' OR 1=1", "e30=", "1" * 10_000)
QUESTIONS = ("q=python", "q=zzzzqqqq", "category=design&sort=price")
PATHS = ("/api/courses", "/api/courses/facets", "/api/courses/suggest", "/courses/")


def addresses(site: str) -> list[str]:
    """Every text and filter at each place that takes them, and cursors that were made of nothing, or
    for another question."""
    queries = [*(f"q={quote(text)}" for text in TEXTS), *FILTERS]
    queries += [f"q=python&{each}" for each in FILTERS]
    found = [f"{path}?{query}" for path, query in product(PATHS, queries)]
    cursors = [*CURSORS]
    for question in QUESTIONS:
        further = requests.get(f"{site}/api/courses?{question}", timeout=10).json()["next"]
        cursors += [further.partition("cursor=")[2]] if further else []
    found += [
        f"/api/courses?{question}&cursor={cursor}"
        for question, cursor in product(QUESTIONS, cursors)
    ]
    return found


def asked(site: str) -> tuple[Counter[int], list[tuple[float, int, str]]]:
    """How many answers of each status there were; and (ms, status, address), the slowest first."""
    times = []
    with requests.Session() as session:
        for address in addresses(site):
            answer = session.get(f"{site}{address}", timeout=10, allow_redirects=False)
            times.append((answer.elapsed.total_seconds() * 1000, answer.status_code, address))
    return Counter(status for _, status, _ in times), sorted(times, reverse=True)
