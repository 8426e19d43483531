"""Leaderboards proved: points in courses against the log, the sorted sets against the points."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from apps.courses.models import Course

from ..models import Entrant, Habit
from ..selectors import standings
from ..selectors.standings import Board
from . import boards

_DRIFT = """
WITH counted AS (
    SELECT act.user_id, act.course_id, span.week, sum(act.points) AS points,
        max(act.at) AS reached_at
    FROM gamification_act act
    JOIN courses_course course ON course.id = act.course_id
    CROSS JOIN LATERAL (VALUES (NULL::date), (date_trunc('week', act.day)::date)) AS span (week)
    WHERE act.points <> 0 AND (%(course)s::bigint IS NULL OR act.course_id = %(course)s)
    GROUP BY act.user_id, act.course_id, span.week
), held AS (
    SELECT user_id, course_id, week, points, reached_at FROM gamification_coursetotal
    WHERE %(course)s::bigint IS NULL OR course_id = %(course)s
)
SELECT coalesce(counted.user_id, held.user_id), count(*)
FROM counted FULL JOIN held
    ON counted.user_id = held.user_id AND counted.course_id = held.course_id
    AND coalesce(counted.week, 'epoch') = coalesce(held.week, 'epoch')
WHERE coalesce(counted.points, 0) <> coalesce(held.points, 0)
    OR counted.reached_at <> held.reached_at
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Found:
    """`totals` differed from the log and were mended; `places` in sorted sets from the totals."""

    totals: int
    people: int
    places: int
    made: int


def rebuild(*, course_id: int | None, at: datetime, only_held: bool = False) -> Found:
    """Mend points in courses by the log, then make the sorted sets anew.

    `only_held` leaves sets alone that nobody looked at lately: they will be made when somebody does.
    Raises `standings.Away` without Redis, with the points mended.
    """
    wrong = _drift(course_id)
    for user_id, _rows in wrong:
        _mend(user_id)
    places = made = 0
    for board in boards_of(course_id, at):
        places += standings.drift(board)
        if not only_held or standings.is_held(board):
            made += standings.build(board)
    return Found(sum(rows for _user, rows in wrong), len(wrong), places, made)


def boards_of(course_id: int | None, at: datetime) -> Iterable[Board]:
    """Those that somebody can look at now."""
    courses = Course.objects.filter(pk__in=Entrant.objects.values("course")).order_by("pk")
    if course_id is not None:
        courses = courses.filter(pk=course_id)
    for pk in courses.values_list("pk", flat=True).iterator():
        yield Board(pk, None)
        for week in standings.weeks_of(at):
            yield Board(pk, week)


def _drift(course_id: int | None) -> list[tuple[int, int]]:
    """Whose points differ from the log, and in how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(_DRIFT, {"course": course_id})
        return [(user, rows) for user, rows in cursor.fetchall()]


@transaction.atomic
def _mend(user_id: int) -> None:
    Habit.objects.select_for_update().filter(pk=user_id).first()
    boards.recount(user_id=user_id)
