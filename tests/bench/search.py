"""How long the catalogue thinks: classes of questions against the courses that are there.

`make bench-search` makes 100,000 courses in a database of its own and runs this. Times are of the
server's side, in milliseconds, after one round to warm up: `p50 p99 max`.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from apps.search import queries, selectors  # noqa: E402
from apps.search.models import SearchDocument, SearchTerm  # noqa: E402

ROUNDS = 40
# with DEBUG off, as it is measured, pages otherwise want the collected static files
PLAIN_STATIC = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
chance = random.Random(3)  # noqa: S311


def found(address: str) -> None:
    reading = queries.read(QueryDict(address))
    assert not reading.errors, reading.errors
    selectors.find_courses(reading.search, cursor=None, limit=20)


def deep(sort: str) -> Callable[[], None]:
    search = queries.read(QueryDict(f"sort={sort}")).search
    cursor = None
    for _ in range(100):
        cursor = selectors.find_courses(search, cursor=cursor, limit=100).next
    return lambda: void(selectors.find_courses(search, cursor=cursor, limit=20))


def void(_value: object) -> None:
    return None


def slip(word: str) -> str:
    """The word with two neighbours changed over."""
    place = chance.randrange(1, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def measured(name: str, ask: Callable[[int], None]) -> str:
    times = []
    for i in range(ROUNDS + 5):
        started = time.perf_counter()
        ask(i)
        if i >= 5:
            times.append((time.perf_counter() - started) * 1000)
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return f"| {name} | {cuts[49]:.1f} | {cuts[98]:.1f} | {max(times):.1f} |"


def main() -> None:
    words = list(SearchTerm.objects.order_by("-documents").values_list("term", flat=True))
    common, rare = words[:30], words[-60:]
    long = [word for word in words if len(word) > 6][:200]
    cyrillic = [word for word in words if "а" <= word[0] <= "я"][:200]
    latin = [word for word in words if word[0] < "а"][:200]
    classes: dict[str, Callable[[int], None]] = {
        "floor: select 1": lambda i: void(SearchDocument.objects.raw("SELECT 1 AS course_id")[0]),
        "common word": lambda i: found(f"q={common[i % 30]}"),
        "rare word": lambda i: found(f"q={rare[i % len(rare)]}"),
        "misspelt": lambda i: found(f"q={slip(long[i % len(long)])}"),
        "Cyrillic": lambda i: found(f"q={cyrillic[i % len(cyrillic)]}"),
        "two Latin words": lambda i: found(f"q={chance.choice(latin)} {chance.choice(latin)}"),
        "mixed": lambda i: found(f"q={chance.choice(latin)} {chance.choice(cyrillic)}"),
        "one letter": lambda i: found(f"q={'psаcнм'[i % 6]}"),
        "beginning of a word": lambda i: found(f"q={long[i % len(long)][:4]}"),
        "phrase": lambda i: found('q="machine learning"'),
        "common word, newest, beginner": lambda i: found(
            f"q={common[i % 30]}&sort=newest&level=beginner"
        ),
        "browse, popular": lambda i: found(""),
        "browse, category and level, by rating": lambda i: found(
            "category=programming&level=advanced&sort=rating"
        ),
        "browse, free Russian, by price": lambda i: found("is_free=true&language=ru&sort=-price"),
    }
    for sort in ("popular", "newest", "rating", "price"):
        page = deep(sort)
        classes[f"browse, {sort}, 10,000 deep"] = lambda i, page=page: page()
    facets = queries.read(QueryDict("")).search
    narrowed = queries.read(QueryDict("q=python&level=beginner")).search
    classes |= {
        "facets of everything, uncached": lambda i: void(selectors._count_facets(facets)),
        "facets of a search, uncached": lambda i: void(selectors._count_facets(narrowed)),
        "suggestions, 2 letters": lambda i: void(selectors.suggestions(long[i % len(long)][:2])),
        "suggestions, 4 letters": lambda i: void(selectors.suggestions(long[i % len(long)][:4])),
    }
    client = Client(headers={"host": "localhost"})
    client.get("/courses/")
    classes |= {
        "page /courses/, cached": lambda i: void(client.get("/courses/")),
        "page /courses/, uncached": lambda i: (cache.clear(), client.get("/courses/"))[0],
        "GET /api/courses": lambda i: void(client.get("/api/courses")),
        "GET /api/courses?q=": lambda i: void(client.get("/api/courses", {"q": common[i % 30]})),
    }
    sys.stdout.write(f"{SearchDocument.objects.count()} documents, {len(words)} words\n\n")
    sys.stdout.write("| class | p50 | p99 | max |\n|---|---|---|---|\n")
    for name, ask in classes.items():
        sys.stdout.write(measured(name, ask) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    with override_settings(STORAGES=PLAIN_STATIC):
        main()
