"""Points of people in courses, and who shows theirs on the leaderboard."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import kept
from apps.core.errors import Conflict
from apps.courses.models import Course

from ..models import Act, Entrant
from ..selectors import boards, standings

_ADD = """
INSERT INTO gamification_coursetotal AS held (user_id, course_id, week, points, reached_at)
SELECT %(user)s, total.course, total.week, total.points, total.reached_at
FROM jsonb_to_recordset(%(totals)s::jsonb)
    AS total (course bigint, week date, points int, reached_at timestamptz)
WHERE EXISTS (SELECT FROM courses_course WHERE id = total.course)
ON CONFLICT (course_id, week, user_id) DO UPDATE SET
    points = held.points + excluded.points,
    reached_at = greatest(held.reached_at, excluded.reached_at)
RETURNING course_id, week, points, reached_at
"""
_SUMS = """
SELECT act.course_id, span.week, sum(act.points) AS points, max(act.at) AS reached_at
FROM gamification_act act
CROSS JOIN LATERAL (VALUES (NULL::date), (date_trunc('week', act.day)::date)) AS span (week)
WHERE act.user_id = %(user)s AND act.points <> 0
    AND EXISTS (SELECT FROM courses_course WHERE id = act.course_id)
GROUP BY act.course_id, span.week
"""
_RECOUNT = f"""
WITH counted AS ({_SUMS}), gone AS (
    DELETE FROM gamification_coursetotal held
    WHERE held.user_id = %(user)s AND NOT EXISTS (
        SELECT FROM counted
        WHERE counted.course_id = held.course_id AND counted.week IS NOT DISTINCT FROM held.week)
    RETURNING course_id, points <> 0 AS is_drift
), put AS (
    INSERT INTO gamification_coursetotal AS held (user_id, course_id, week, points, reached_at)
    SELECT %(user)s, course_id, week, points, reached_at FROM counted
    ON CONFLICT (course_id, week, user_id) DO UPDATE SET
        points = excluded.points, reached_at = excluded.reached_at
        WHERE (held.points, held.reached_at)
            IS DISTINCT FROM (excluded.points, excluded.reached_at)
    RETURNING course_id, true AS is_drift
)
SELECT course_id, is_drift FROM gone UNION ALL SELECT course_id, is_drift FROM put
"""  # noqa: S608


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


# ── Points ────────────────────────────────────────────────────────────────────────────────────
def add_points(*, user_id: int, rows: list[Act]) -> None:
    """Add what the acts brought in their courses, in all and in the week of their day.

    Behind the lock of the person's habit: the numbers of a person's acts grow with the commits.
    """
    points: Counter[tuple[int, date | None]] = Counter()
    times: dict[tuple[int, date | None], datetime] = {}
    for row in rows:
        if row.course_id is not None and row.points:
            for week in (None, monday_of(row.day)):
                place = (row.course_id, week)
                points[place] += row.points
                times[place] = max(row.at, times.get(place, row.at))
    if not points:
        return
    totals = [
        {"course": course, "week": week, "points": points[course, week], "reached_at": at}
        for (course, week), at in sorted(times.items(), key=lambda each: str(each[0]))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, {"user": user_id, "totals": orjson.dumps(totals).decode()})
        now = [
            (standings.Board(course, week), standings.score_of(points, at))
            for course, week, points, at in cursor.fetchall()
        ]
    version = max(row.pk for row in rows)
    kept.after_commit(partial(_correct, user_id, now, version))


def _correct(user_id: int, totals: list[tuple[standings.Board, float]], version: int) -> None:
    # a set that missed it is noticed by who reads it, and doesn't live long
    with suppress(standings.Away):
        standings.correct(user_id, totals, version)


@transaction.atomic
def recount(*, user_id: int) -> set[int]:
    """Make the person's points in courses anew from the log; the courses in which they differed.

    Behind the lock of the person's habit.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, {"user": user_id})
        courses = {course for course, is_drift in cursor.fetchall() if is_drift}
    _settle_after_commit(user_id, courses)
    return courses


# ── Entrants ──────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def join(*, user: User, course: Course, at: datetime) -> bool:
    """Whether that is new. A Conflict tells what stands in the way."""
    reason = boards.obstacle(user, course)
    if reason:
        raise Conflict(OBSTACLES[reason])
    entrant = Entrant(user=user, course=course, since=at)
    is_new = not Entrant.objects.filter(user=user, course=course).exists()
    Entrant.objects.bulk_create([entrant], ignore_conflicts=True)
    _settle_after_commit(user.pk, [course.pk])
    return is_new


@transaction.atomic
def leave(*, user_id: int, course_id: int) -> bool:
    """Whether there was a place to leave."""
    left, _by_model = Entrant.objects.filter(user=user_id, course=course_id).delete()
    _settle_after_commit(user_id, [course_id])
    return bool(left)


@transaction.atomic
def leave_all(*, user_id: int) -> None:
    courses = boards.courses_entered(user_id)
    Entrant.objects.filter(user=user_id).delete()
    _settle_after_commit(user_id, courses)


def review_places(*, user_id: int) -> None:
    """Have all the person's leaderboards know whether they are shown; raises where they can't."""
    courses = boards.courses_entered(user_id)
    if courses:
        standings.settle(user_id, courses)


def review_places_after_commit(user_id: int) -> None:
    _settle_after_commit(user_id, boards.courses_entered(user_id))


OBSTACLES = {
    "private": _("Only people with a public profile can join a leaderboard."),
    "off": _("You have switched points and streaks off."),
    "seat": _("Only those who learn in the course can join its leaderboard."),
}


def _settle_after_commit(user_id: int, course_ids: Iterable[int]) -> None:
    courses = sorted(course_ids)
    if courses:
        kept.after_commit(partial(_settle, user_id, courses))


def _settle(user_id: int, course_ids: list[int]) -> None:
    # who isn't an entrant is never shown, and the set doesn't live long
    with suppress(standings.Away):
        standings.settle(user_id, course_ids)
