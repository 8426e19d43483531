"""Points of people in courses, and who shows theirs on the leaderboard."""

from collections import Counter
from datetime import date, timedelta

import orjson
from django.db import connection

from ..models import Act

_ADD = """
INSERT INTO gamification_coursetotal (user_id, course_id, week, points)
SELECT %(user)s, total.course, total.week, total.points
FROM jsonb_to_recordset(%(totals)s::jsonb) AS total (course bigint, week date, points int)
WHERE EXISTS (SELECT FROM courses_course WHERE id = total.course)
ON CONFLICT (course_id, week, user_id)
DO UPDATE SET points = gamification_coursetotal.points + excluded.points
"""


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def add_points(*, user_id: int, rows: list[Act]) -> None:
    """Add what the acts brought in their courses, in all and in the week of their day."""
    totals: Counter[tuple[int, date | None]] = Counter()
    for row in rows:
        if row.course_id is not None and row.points:
            totals[row.course_id, None] += row.points
            totals[row.course_id, monday_of(row.day)] += row.points
    if not totals:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD,
            {
                "user": user_id,
                "totals": orjson.dumps(
                    [
                        {"course": course, "week": week, "points": points}
                        for (course, week), points in sorted(
                            totals.items(), key=lambda each: (each[0][0], str(each[0][1]))
                        )
                    ]
                ).decode(),
            },
        )
