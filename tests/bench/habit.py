"""What the habit costs: an event in its handler, a leaderboard of 100,000 people, a log replayed.

`make bench-habit` runs this in a database of its own. Times are milliseconds at the server; `cpu` is
what of them was work of the process itself, which foreign load doesn't lengthen. The exit code tells
whether every target holds.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from redis.exceptions import RedisError  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.accounts.tests.factories import UserFactory  # noqa: E402
from apps.courses.models import Course, Lesson  # noqa: E402
from apps.courses.tests.factories import CourseFactory, LessonFactory  # noqa: E402
from apps.enrollment.events import LessonCompleted  # noqa: E402
from apps.enrollment.models import LessonCompletion  # noqa: E402
from apps.enrollment.services.seats import grant_seat  # noqa: E402
from apps.gamification import handlers  # noqa: E402
from apps.gamification.models import Act, Entrant  # noqa: E402
from apps.gamification.selectors import standings  # noqa: E402
from apps.gamification.selectors.boards import leaderboard_of  # noqa: E402
from apps.gamification.selectors.deeds import Deed  # noqa: E402
from apps.gamification.selectors.standings import Board  # noqa: E402
from apps.gamification.services import acts, boards  # noqa: E402
from apps.gamification.services.replay import replay  # noqa: E402
from apps.social.models import Block  # noqa: E402

HISTORIES = (10, 10_000, 100_000)
PEOPLE, BLOCKED, ROUNDS, JOINS = 100_000, 20, 200, 100
QUERIES, PAGE_MS, REPLAY_S = 12, 20, 5
DAY = timedelta(days=1)
chance = random.Random(7)  # noqa: S311
failed: list[str] = []

_ACTS = """
INSERT INTO gamification_act (user_id, rule, source, day, at, points, course_id, facts)
SELECT %(user)s, CASE WHEN n %% 10 = 0 THEN 'lesson' ELSE 'review' END, 'old-' || n,
    (%(begin)s + n * %(step)s)::date, %(begin)s + n * %(step)s,
    CASE WHEN n %% 10 = 0 THEN 20 ELSE 2 END, %(course)s, '{}'
FROM generate_series(0, %(count)s - 1) AS n
"""
# all are as the first one but for what has to be their own
_PEOPLE = """
INSERT INTO accounts_user
SELECT made.* FROM accounts_user AS one, generate_series(1, %(count)s) AS n,
    jsonb_populate_record(one, jsonb_build_object('id', one.id + n, 'email',
        'p' || n || '@bench.test', 'username', 'p' || n, 'name', 'Person ' || n)) AS made
WHERE one.id = %(one)s;
SELECT setval(pg_get_serial_sequence('accounts_user', 'id'), max(id)) FROM accounts_user
"""
_SEATS = """
INSERT INTO enrollment_enrollment (student_id, course_id, status, completed_lessons,
    progress_percent, enrolled_at, last_activity_at)
SELECT id, %(course)s, 'in_progress', 0, 0, %(now)s, %(now)s FROM accounts_user WHERE email LIKE 'p%%@bench.test';
INSERT INTO gamification_entrant (user_id, course_id, since)
SELECT id, %(course)s, %(now)s FROM accounts_user WHERE email LIKE 'p%%@bench.test';
INSERT INTO gamification_habit (user_id, xp, run, state, is_on, celebrates, daily_goal)
SELECT id, 0, 0, '{}', true, true, 50 FROM accounts_user WHERE email LIKE 'p%%@bench.test';
INSERT INTO gamification_act (user_id, rule, source, day, at, points, course_id, facts)
SELECT id, 'lesson', 'bench', %(now)s::date, %(now)s - id %% 3600 * interval '1 second',
    20 * (1 + (id * 7919) %% 400), %(course)s, '{}' FROM accounts_user WHERE email LIKE 'p%%@bench.test';
INSERT INTO gamification_coursetotal (user_id, course_id, week, points, reached_at)
SELECT user_id, course_id, week, points, at FROM gamification_act,
    (VALUES (NULL::date), (date_trunc('week', %(now)s)::date)) AS span (week) WHERE source = 'bench';
"""  # noqa: E501


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def wanted(name: str, holds: bool) -> None:
    if not holds:
        failed.append(name)


def run(sql: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        for statement in sql.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)


def measured(name: str, act: Callable[[int], object], rounds: int = ROUNDS) -> float:
    """A row of the table; the p95."""
    times, work = [], 0.0
    for number in range(rounds + 5):
        begun, worked = time.perf_counter(), time.process_time()
        act(number)
        if number >= 5:
            times.append((time.perf_counter() - begun) * 1000)
            work += (time.process_time() - worked) * 1000
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    say(f"| {name} | {cuts[49]:.1f} | {cuts[94]:.1f} | {max(times):.1f} | {work / rounds:.1f} |")
    return cuts[94]


def once(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


# ── An event ──────────────────────────────────────────────────────────────────────────────────
def history(count: int) -> tuple[User, Course]:
    """Somebody with so many acts, a hundred on a day, all told of; and lessons to complete."""
    user, course = UserFactory(), CourseFactory(status="published")
    now = timezone.now()
    step = DAY / 100 if count > 100 else DAY
    run(
        _ACTS,
        user=user.pk,
        begin=now - DAY - count * step,
        step=step,
        course=course.pk,
        count=count,
    )
    return user, course


def completed(user: User, course: Course, count: int) -> list[LessonCompleted]:
    seat, _made = grant_seat(student_id=user.pk, course_id=course.pk, at=timezone.now())
    first = LessonFactory(course=course)
    lessons = Lesson.objects.bulk_create(
        Lesson(
            course=course,
            module=first.module,
            title=f"Lesson {number}",
            position=number + 10,
            created_at=first.created_at,
            updated_at=first.updated_at,
        )
        for number in range(count)
    )
    LessonCompletion.objects.bulk_create(
        LessonCompletion(enrollment=seat, lesson=lesson, completed_at=timezone.now())
        for lesson in lessons
    )
    return [
        LessonCompleted(
            enrollment_id=seat.pk, student_id=user.pk, course_id=course.pk, lesson_id=lesson.pk
        )
        for lesson in lessons
    ]


def handled(event: LessonCompleted) -> None:
    """As the worker does: in a transaction of its own."""
    with transaction.atomic():
        handlers.count_lesson(event)


def events() -> None:
    rounds = 100
    for count in HISTORIES:
        user, course = history(count)
        first = once(lambda user=user: replay(user_id=user.pk))
        again = once(lambda user=user: replay(user_id=user.pk))
        run("ANALYZE")
        say(f"\n{count:,} acts; replayed in {first:.2f} s, with all stored in {again:.2f} s\n")
        if count == max(HISTORIES):
            wanted(f"replay {again:.1f} s", max(first, again) < REPLAY_S)
        say("| event | p50 | p95 | max | cpu | queries |\n|---|---|---|---|---|---|")
        told = completed(user, course, rounds + 6)
        with CaptureQueriesContext(connection) as captured:
            handled(told.pop())
        queries = len(captured)
        measured("lesson completed", lambda n, told=told: handled(told[n]), rounds)
        say(f"| | | | | | {queries} |")
        wanted(f"{queries} queries after {count} acts", queries <= QUERIES + 2)  # BEGIN, COMMIT
        late = timezone.now() - 20 * DAY

        def tell_late(number: int, user: User = user, course: Course = course) -> None:
            at = late - (number % 10) * DAY
            deed = Deed("lesson", f"late-{number}", at, course.pk)
            acts.record(user_id=user.pk, deeds=[deed])

        measured("a lesson of weeks ago, told late", tell_late, rounds)
        review = Deed("review", "there", timezone.now(), course.pk)

        def there_and_back(number: int, user: User = user, review: Deed = review) -> None:
            acts.settle(user_id=user.pk, deed=review, holds=number % 2 == 0, at=review.at)

        measured("a review, or its undoing", there_and_back, rounds)


# ── A leaderboard ─────────────────────────────────────────────────────────────────────────────
def crowd() -> tuple[Course, list[User]]:
    """So many people on one board, and some of them to look at it."""
    course, one = CourseFactory(status="published"), UserFactory(email="one@bench.test")
    now = timezone.now()
    begun = time.perf_counter()
    run(_PEOPLE, count=PEOPLE, one=one.pk)
    run("ANALYZE")  # the checks of keys have plans of their own, made while there were few people
    run(_SEATS, course=course.pk, now=now)
    run("VACUUM ANALYZE")
    say(f"\n{PEOPLE:,} people in {time.perf_counter() - begun:.0f} s\n")
    ids = list(Entrant.objects.filter(course=course).values_list("user_id", flat=True))
    viewers = list(User.objects.filter(pk__in=chance.sample(ids, 40)))
    for viewer in viewers:
        Block.objects.bulk_create(
            Block(blocker=viewer, blocked_id=pk, created_at=now)
            for pk in chance.sample(ids, BLOCKED)
            if pk != viewer.pk
        )
    return course, viewers


def leaderboard() -> None:
    course, viewers = crowd()
    board, now = Board(course.pk, None), timezone.now()
    say(f"the set made from the rows: {once(lambda: standings.build(board)):.2f} s")
    rebuilt = once(
        lambda: call_command("rebuild_leaderboards", course=course.pk, stdout=sys.stdout)
    )
    say(f"`rebuild_leaderboards --course`: {rebuilt:.2f} s\n")
    say("| what | p50 | p95 | max | cpu |\n|---|---|---|---|---|")

    def viewer(number: int) -> User:
        return viewers[number % len(viewers)]

    apis, sites = {}, {}
    for each in viewers:
        apis[each.pk], sites[each.pk] = APIClient(), Client()
        apis[each.pk].force_authenticate(each)
        sites[each.pk].force_login(each)
    api = f"/api/gamification/leaderboard/course/{course.pk}"
    page = f"/courses/{course.slug}/leaderboard/"

    def ok(answer: Any) -> None:
        assert answer.status_code == 200, answer.content

    for period in ("week", "all"):
        measured(
            f"selector, {period}",
            lambda n, period=period: leaderboard_of(viewer(n), course, period, now),
        )
        asked = f"?period={period}"
        for name, act in {
            f"API, {period}": lambda n, asked=asked: ok(apis[viewer(n).pk].get(api + asked)),
            f"page, {period}": lambda n, asked=asked: ok(sites[viewer(n).pk].get(page + asked)),
        }.items():
            wanted(name, measured(name, act) < PAGE_MS)
    measured("page, brief piece", lambda n: ok(sites[viewer(n).pk].get(page + "brief/")))
    members = list(Entrant.objects.filter(course=course).select_related("user")[:JOINS])

    def leave(number: int) -> None:
        boards.leave(user_id=members[number % JOINS].user_id, course_id=course.pk)

    def join(number: int) -> None:
        boards.join(user=members[number % JOINS].user, course=course, at=now)

    measured("leaving", leave, JOINS - 5)
    measured("joining", join, JOINS - 5)

    def learn(number: int) -> None:
        deed = Deed("lesson", f"more-{number}", now, course.pk)
        acts.record(user_id=viewer(number).pk, deeds=[deed])

    measured("a lesson of one of them", learn)
    for each in viewers[:5]:  # as Redis has it and as the rows have it
        hidden = set(Block.objects.filter(blocker=each).values_list("blocked", flat=True))
        kept = standings.cut_of(board, each.pk, hidden)
        assert kept == standings.cut_from_rows(board, each.pk, hidden)
    without_redis(lambda n: leaderboard_of(viewer(n), course, "all", now))
    plans(course, viewers[0])


def without_redis(act: Callable[[int], object]) -> None:
    connect = standings.get_redis_connection

    def away(_alias: str) -> Any:
        raise RedisError

    standings.get_redis_connection = away
    measured("selector, Redis away", act, 10)
    standings.get_redis_connection = connect
    standings._away_until = 0.0


def plans(course: Course, viewer: User) -> None:
    shown = Entrant.objects.shown().filter(course=course)
    few = list(shown.values_list("user_id", flat=True)[:31])
    for name, rows in {
        "whom the page shows": shown.filter(user__in=few).select_related("user"),
        "all of the board": shown.values_list("user_id"),
    }.items():
        say(f"\n{name}\n" + rows.explain(analyze=True, costs=False, timing=False))


PLAIN_STATIC = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PARTS = {"events": events, "board": leaderboard}


def main() -> int:
    load = os.getloadavg()[0]
    say(f"load before: {load:.1f}; {Act.objects.count()} acts there")
    for name in sys.argv[1:] or PARTS:
        say(f"\n### {name}")
        PARTS[name]()
    say(f"\nload at the end: {os.getloadavg()[0]:.1f}")
    say(f"not held: {', '.join(failed)}" if failed else "every target holds")
    return 1 if failed else 0


if __name__ == "__main__":
    with override_settings(STORAGES=PLAIN_STATIC):
        sys.exit(main())
