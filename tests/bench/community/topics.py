"""A topic with 10,000 posts, opened on its first, a middle and its last page.

Times are of the server, in milliseconds, from the request to the last byte, over ROUNDS visits;
`first` is the first visit, before any text of the page was kept as HTML. `cpu` is what of it was
work of the process itself (the median), which foreign load doesn't lengthen; the target is asked of
it, and of `p50` on a machine that does nothing else.
"""

import statistics
import sys
import time
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.tests.factories import UserFactory
from apps.community import services
from apps.community.models import ForumCategory, Post, Topic
from apps.community.services.documents import index_post

POSTS, PEOPLE, ROUNDS = 10_000, 200, 40
OTHERS = 1000  # topics beside it
TARGET = 50  # ms
TEXT = """Rows that belong together make the *real* error larger than the formula says.

```python
df.sample({number})["wait"].mean()
```

- draw them anew, `{number}` times
- and look how far the means lie apart: **s / √n** is what one expects.
"""


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def make() -> Topic:
    """The topic, as its services would leave it; each tenth post quotes the one before it."""
    now = timezone.now()
    services.ensure_forum_categories()
    category = ForumCategory.objects.earliest("pk")
    people = UserFactory.create_batch(PEOPLE, created_at=now - timedelta(days=60))
    topics = [
        Topic(
            category=category,
            author=people[n % PEOPLE],
            title=f"Question number {n}",
            content=TEXT.format(number=n),
            tags=["sampling"],
            created_at=now - timedelta(minutes=n),
            last_post_at=now - timedelta(minutes=n),
            last_post_by=people[n % PEOPLE],
        )
        for n in range(OTHERS)
    ]
    topic = Topic.objects.bulk_create(topics)[0]
    posts = Post.objects.bulk_create(
        (
            Post(
                topic=topic,
                author=people[n % PEOPLE],
                number=n,
                content=TEXT.format(number=n),
                created_at=now - timedelta(days=30) + timedelta(minutes=n),
            )
            for n in range(1, POSTS + 1)
        ),
        batch_size=2000,
    )
    for before, after in zip(posts[8::10], posts[9::10], strict=False):
        after.reply_to = before
    Post.objects.bulk_update(posts[9::10], ["reply_to"], batch_size=500)
    for post in posts[::10]:
        index_post(post)
    services.recount_topic(topic.pk)
    services.recount_category(category.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    topic.refresh_from_db()
    return topic


def addresses(topic: Topic) -> dict[str, str]:
    last = topic.pages
    pages = {"first": 1, "middle": last // 2, "last": last}
    api = f"/api/forum/topics/{topic.pk}"
    found = {"API, the topic": api}
    for name, page in pages.items():
        found[f"API, {name} page"] = f"{api}/posts?from={10 * page - 9}"
    for name, page in pages.items():
        found[f"site, {name} page"] = f"/forum/topic/{topic.pk}/?page={page}"
    found["API, topics of the category"] = f"/api/forum/categories/{topic.category_id}/topics"
    found["site, the category"] = f"/forum/{topic.category.slug}/"
    found["API, search"] = "/api/forum/search?q=sampling+error"
    return found


Visit = tuple[float, float]  # in all, of the process itself


def timed(client: Client, path: str) -> Visit:
    started, worked = time.perf_counter(), time.process_time()
    answer = client.get(path)
    took, work = time.perf_counter() - started, time.process_time() - worked
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return took * 1000, work * 1000


def measured(path: str, reader: User | None) -> tuple[Visit, list[Visit], list[dict[str, str]]]:
    client = Client(headers={"host": "localhost", "user-agent": "Firefox/130.0"})
    if reader:
        client.force_login(reader, settings.AUTHENTICATION_BACKENDS[0])
    client.get(path)  # templates and imports are paid for once in the life of a process
    cache.clear()
    first = timed(client, path)
    times = [timed(client, path) for _ in range(ROUNDS)]
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return first, times, list(captured.captured_queries)


def plan_of(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS) {statement}")
        return "\n".join(row[0] for row in cursor.fetchall())


def main() -> int:
    topic = make()
    reader = UserFactory(email="reader@bench.test")
    say(f"{topic.last_post_number:,} posts, {Topic.objects.count():,} topics; target {TARGET} ms\n")
    say("| address | reader | first | p50 | p95 | cpu | queries |\n|---|---|---|---|---|---|---|")
    failed, asked = 0, {}
    for name, path in addresses(topic).items():
        for who, person in {"visitor": None, "member": reader}.items():
            (first, _work), visits, queries = measured(path, person)
            times, works = zip(*visits, strict=True)
            p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            cpu = statistics.median(works)
            failed += cpu > TARGET
            note = " over" if cpu > TARGET else ""
            row = [name, who, *(f"{ms:.1f}" for ms in (first, p50, p95, cpu)), str(len(queries))]
            say(f"| {' | '.join(row)} |{note}")
            asked[name] = queries
    for name in ("API, middle page", "API, topics of the category", "API, search"):
        for query in asked[name]:
            if "community_" in query["sql"] and query["sql"].lstrip().startswith(
                ("SELECT", "WITH")
            ):
                say(f"\n{name}\n{query['sql'][:300]}…\n{plan_of(query['sql'])}")
    return failed
