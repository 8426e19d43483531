"""Appending learning acts, each once, and the partitions that they go to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from apps.accounts.models import User
from apps.courses.models import Course
from apps.enrollment.models import Enrollment

from ..engine.fold import LATEST
from ..engine.memory import study_day
from ..models import Activity, MemorySettings, Statement, Verb

TABLE = "learning_statement"
MONTHS_AHEAD = 3
NAMESPACE = uuid5(NAMESPACE_URL, "eduplatform:learning-statement")
DEFAULT_DAY_START = 4
LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What an act is about; without a `name` it is called by its kind."""

    activity: str
    id: int | None = None
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Act:
    """A statement to be. `at` is a fact of what it came from, and `key` names that: no second one."""

    key: str
    actor_id: int
    verb: str
    object: Thing
    at: datetime
    received_at: datetime
    course_id: int | None = None
    lesson_id: int | None = None
    result: dict[str, Any] = field(default_factory=dict)
    voids: str = ""  # the key of the act taken back

    @property
    def moment(self) -> datetime:
        """When it happened, as far as the sender's clock can be believed."""
        return min(max(self.at, self.received_at - LATEST), self.received_at)


def id_of(key: str) -> UUID:
    return uuid5(NAMESPACE, key)


def record(
    *,
    actor_id: int,
    verb: str,
    object: Thing,
    at: datetime,
    result: dict[str, Any] | None = None,
    course_id: int | None = None,
    lesson_id: int | None = None,
    key: str = "",
) -> None:
    """Append one act; `key` says what it came from, by default this person doing this just then."""
    made = f"{verb}:{object.activity}:{object.id}:{actor_id}:{at.isoformat()}"
    act = Act(
        key=key or made,
        actor_id=actor_id,
        verb=verb,
        object=object,
        at=at,
        received_at=at,
        course_id=course_id,
        lesson_id=lesson_id,
        result=result or {},
    )
    record_all(acts=[act])


@transaction.atomic
def record_all(*, acts: Sequence[Act]) -> None:
    """Append the acts in one statement; those that are there already stay as they are."""
    if not acts:
        return
    days, languages, seats = _days(acts), _languages(acts), _seats(acts)
    rows = [
        Statement(
            id=id_of(act.key),
            at=act.moment,
            stored_at=act.received_at,
            actor_id=act.actor_id,
            day=study_day(act.moment, *days[act.actor_id]),
            verb=Verb(act.verb),
            activity=Activity(act.object.activity),
            object_id=act.object.id,
            name=act.object.name[:LONGEST_NAME],
            voids=id_of(act.voids) if act.voids else None,
            course_id=act.course_id,
            lesson_id=act.lesson_id,
            seat_id=seats.get((act.actor_id, act.course_id)),
            language=languages.get(act.course_id, ""),
            result=act.result,
        )
        for act in acts
    ]
    _make_months({row.at.date().replace(day=1) for row in rows})
    Statement.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def _days(acts: Iterable[Act]) -> dict[int, tuple[ZoneInfo, int]]:
    """Zone and day start of each actor."""
    actors = {act.actor_id for act in acts}
    starts = dict(
        MemorySettings.objects.filter(student__in=actors).values_list("student_id", "day_start")
    )
    zones = User.objects.filter(pk__in=actors).values_list("pk", "timezone")
    return {pk: (ZoneInfo(zone), starts.get(pk, DEFAULT_DAY_START)) for pk, zone in zones}


def _languages(acts: Iterable[Act]) -> dict[int | None, str]:
    courses = {act.course_id for act in acts if act.course_id is not None}
    return dict(Course.objects.filter(pk__in=courses).values_list("pk", "language"))


def _seats(acts: Iterable[Act]) -> dict[tuple[int, int | None], int]:
    rows = Enrollment.objects.filter(
        student__in={act.actor_id for act in acts},
        course__in={act.course_id for act in acts if act.course_id is not None},
    )
    return {
        (student, course): pk
        for pk, student, course in rows.values_list("pk", "student_id", "course_id")
    }


# ── Partitions ────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def make_partitions(*, day: date) -> list[str]:
    """See to it that this month and the next three have a partition; returns the new ones' names."""
    months = [day.replace(day=1)]
    for _ in range(MONTHS_AHEAD):
        months.append(_month_after(months[-1]))
    return _make_months(months)


def _make_months(firsts: Iterable[date]) -> list[str]:
    """Partitions for the months that have none; whoever is second finds them there."""
    names = {f"{TABLE}_{first:%Y_%m}": first for first in sorted(firsts)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL",
            [list(names)],
        )
        missing = sorted(name for (name,) in cursor.fetchall())
        if missing:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [TABLE])
        for name in missing:
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {TABLE} "
                f"FOR VALUES FROM ('{names[name]}') TO ('{_month_after(names[name])}')"
            )
    return missing


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
