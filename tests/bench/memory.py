"""How long cards take with 10,000 of them, and how even placing makes the days.

`make bench-memory` runs this in a database of its own. Times are of the server's side, in
milliseconds, after some rounds to warm up: `p50 p99 max`, and what of it was work of the process
itself (`cpu`, the mean), which foreign load doesn't lengthen.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.accounts.tests.factories import UserFactory  # noqa: E402
from apps.learning.engine import fitting, memory  # noqa: E402
from apps.learning.models import Card, CardState, Note, Review  # noqa: E402
from apps.learning.selectors import cards as selectors  # noqa: E402
from apps.learning.selectors.log import log_of  # noqa: E402

CARDS, REVIEWS_EACH, ROUNDS = 10_000, 10, 60
SEEDS, DAYS, NEW_A_DAY = 20, 180, 10
DAY = timedelta(days=1)
chance = random.Random(4)  # noqa: S311


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


# ── Many cards ────────────────────────────────────────────────────────────────────────────────
def many_cards(student: User, now: datetime) -> None:
    """Cards of all ages, a tenth of them due, and their log."""
    notes = Note.objects.bulk_create(
        Note(student=student, front=f"Front {i}", back="Back", created_at=now, updated_at=now)
        for i in range(CARDS)
    )
    cards = Card.objects.bulk_create(aged(note, now) for note in notes)
    Review.objects.bulk_create(
        (logged(card, number) for card in cards for number in range(REVIEWS_EACH)),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def aged(note: Note, now: datetime) -> Card:
    days = chance.randint(2, 120)
    due = now + timedelta(days=chance.uniform(-days / 9, days))
    return Card(
        note=note,
        student_id=note.student_id,
        state=CardState.REVIEW,
        step=None,
        stability=days,
        difficulty=chance.uniform(1, 10),
        due=due,
        unplaced_due=due,
        last_review=due - days * DAY,
        reps=REVIEWS_EACH,
        created_at=now,
    )


def logged(card: Card, number: int) -> Review:
    at = card.last_review - (REVIEWS_EACH - number) * 9 * DAY
    return Review(
        card=card,
        student_id=card.student_id,
        rating=chance.choice((1, 3, 3, 3, 3, 3, 4)),
        reviewed_at=at,
        duration_ms=chance.randint(2000, 20_000),
        before={},
        elapsed_days=9 if number else None,
        retrievability=0.9 if number else None,
        state=CardState.REVIEW,
        stability=9,
        difficulty=5,
        unplaced_due=at + 9 * DAY,
        due=at + 9 * DAY,
        desired_retention=0.9,
    )


def measured(name: str, ask: Callable[[int], object], rounds: int = ROUNDS) -> None:
    times, work = [], 0.0
    for i in range(rounds + 5):
        started, worked = time.perf_counter(), time.process_time()
        ask(i)
        if i >= 5:
            times.append((time.perf_counter() - started) * 1000)
            work += (time.process_time() - worked) * 1000
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    say(f"| {name} | {cuts[49]:.1f} | {cuts[98]:.1f} | {max(times):.1f} | {work / rounds:.1f} |")


def ten_thousand_cards() -> None:
    now = timezone.now()
    student = UserFactory(email="many@bench.test")
    many_cards(student, now)
    client = APIClient()
    client.force_authenticate(student)
    due = list(selectors.due_cards(student, now).values_list("pk", flat=True))
    say(f"{CARDS} cards, {CARDS * REVIEWS_EACH} reviews, {len(due)} cards due\n")
    say("| what | p50 | p99 | max | cpu |\n|---|---|---|---|---|")

    def ok(answer: object) -> None:
        assert answer.status_code == 200, answer.content  # type: ignore[attr-defined]

    grades = iter(due)
    measured("GET /api/flashcards/due", lambda i: ok(client.get("/api/flashcards/due")))
    measured(
        "POST /api/flashcards/{id}/review, with its key",
        lambda i: ok(
            client.post(
                f"/api/flashcards/{next(grades)}/review",
                {"rating": 3, "duration_ms": 4000},
                headers={"Idempotency-Key": f"k{i}"},
            )
        ),
    )
    measured(
        "POST /api/flashcards/{id}/undo",
        lambda i: ok(client.post(f"/api/flashcards/{due[i]}/undo")),
    )
    measured("SELECT 1", lambda i: connection.cursor().execute("SELECT 1"))
    measured("number of due cards, for the header", lambda i: selectors.due_count(student, now))
    measured("decks", lambda i: selectors.decks_of(student, now))
    measured("GET /api/flashcards", lambda i: ok(client.get("/api/flashcards")))
    measured("GET /api/flashcards/forecast", lambda i: ok(client.get("/api/flashcards/forecast")))
    measured("GET /api/flashcards/stats", lambda i: ok(client.get("/api/flashcards/stats")), 10)
    measured("work at another retention", lambda i: selectors.work_of(student, 0.95, now), 10)
    log = log_of(student)
    measured("a fit to the log", lambda i: fitting.fit(log, None), 2)


# ── Even days ─────────────────────────────────────────────────────────────────────────────────
def evenness() -> None:
    """`NEW_A_DAY` new cards on weekdays of half the time; standard deviation of a day's reviews
    against the mean of the week around it."""
    say("\n| placing | reviews | sd of a day / its week | p95 | chance at review |")
    say("|---|---|---|---|---|")
    ways: dict[str, Callable[[random.Random, list[int], int, int], int]] = {
        "none": lambda luck, load, day, interval: interval,
        "random in the range": lambda luck, load, day, interval: luck.randint(
            *memory.fuzz_range(interval)
        ),
        "the least loaded day": lambda luck, load, day, interval: memory.place(
            interval, lambda days: load[day + days]
        ),
    }
    for name, choose in ways.items():
        found = [half_a_year(random.Random(seed), choose) for seed in range(SEEDS)]  # noqa: S311
        means = [statistics.fmean(column) for column in zip(*found, strict=True)]
        say(f"| {name} | {means[0]:.0f} | {means[1]:.3f} | {means[2]:.2f} | {means[3]:.4f} |")


def half_a_year(
    luck: random.Random, choose: Callable[[random.Random, list[int], int, int], int]
) -> tuple[float, float, float, float]:
    begin = datetime(2026, 1, 5, 12, tzinfo=timezone.get_default_timezone())
    by = memory.scheduler(0.9)
    load, done = [0] * (DAYS + 60_000), [0] * DAYS
    due: dict[int, list[memory.Memory]] = {}
    chances = []

    def keep(card: memory.Memory, day: int) -> None:
        """Grade through the steps of the day, then choose the next one."""
        while card.state != memory.REVIEW:
            card = memory.graded(card, memory.GOOD, begin + day * DAY, by)
        next_day = day + choose(luck, load, day, (card.due - begin).days - day)
        load[next_day] += 1
        due.setdefault(next_day, []).append(card)

    for day in range(DAYS):
        now = begin + day * DAY
        if day < DAYS // 2 and day % 7 < 5:
            for _ in range(NEW_A_DAY * 7 // 5):
                keep(memory.Memory(due=now), day)
        for card in due.pop(day, []):
            load[day] -= 1
            done[day] += 1
            recall = memory.retrievability(card, now, by) or 0.0
            chances.append(recall)
            rating = memory.GOOD if luck.random() < recall else memory.AGAIN
            keep(memory.graded(card, rating, now, by), day)
    ratios = [
        done[day] / max(statistics.fmean(done[day - 3 : day + 4]), 1) for day in range(30, DAYS - 3)
    ]
    return (
        sum(done),
        statistics.stdev(ratios),
        statistics.quantiles(ratios, n=20)[18],
        statistics.fmean(chances),
    )


if __name__ == "__main__":
    with override_settings(ACCOUNT_WRITES_PER_MINUTE=10**6, ACCOUNT_REQUESTS_PER_MINUTE=10**6):
        ten_thousand_cards()
    evenness()
