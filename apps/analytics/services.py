"""Writes of the event table, and its partitions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from .models import TrackedEvent

TABLE = "analytics_event"
MONTHS_AHEAD = 3


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A row to be: what happened, when, to whom, on which course or lesson."""

    name: str
    at: datetime
    user_id: int | None = None
    course_id: int | None = None
    lesson_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def record(facts: Sequence[Fact]) -> None:
    """Append the facts in one statement."""
    rows: list[tuple[Any, ...]] = [
        (fact.name, fact.at, fact.user_id, fact.course_id, fact.lesson_id, Jsonb(fact.data))
        for fact in facts
    ]
    columns = "(name, at, user_id, course_id, lesson_id, data)"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} {columns} VALUES (%s, %s, %s, %s, %s, %s)",  # noqa: S608
            rows,
        )


@transaction.atomic
def make_partitions(*, day: date) -> list[str]:
    """See to it that this month and the next three have a partition; returns the new ones' names."""
    first = day.replace(day=1)
    made = []
    with connection.cursor() as cursor:
        for _ in range(MONTHS_AHEAD + 1):
            following = _month_after(first)
            name = f"{TABLE}_{first:%Y_%m}"
            cursor.execute("SELECT to_regclass(%s)", [name])
            if cursor.fetchone()[0] is None:
                cursor.execute(
                    f"CREATE TABLE {name} PARTITION OF {TABLE} "
                    f"FOR VALUES FROM ('{first:%Y-%m-%d}') TO ('{following:%Y-%m-%d}')"
                )
                made.append(name)
            first = following
    return made


def _month_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def export(user: Any) -> dict[str, Any]:
    """What the event table holds on a person."""
    rows = TrackedEvent.objects.filter(user_id=user.pk).order_by("at", "id")
    return {"events": list(rows.values("at", "name", "course_id", "lesson_id", "data"))}


@transaction.atomic
def erase(user: Any, at: datetime) -> None:
    """Leave the facts, forget whom they were about: the one change that the table's trigger lets by."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL eduplatform.erasing = 'on'")
        cursor.execute(
            f"UPDATE {TABLE} SET user_id = NULL, data = '{{}}' WHERE user_id = %s",  # noqa: S608
            [user.pk],
        )
        cursor.execute("SET LOCAL eduplatform.erasing = 'off'")
