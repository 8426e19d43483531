"""What learning holds on a person's acts: statements, and the hours summed up from them."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from .models import Statement, StudyTime
from .selectors.statements import shape_of
from .services.statements import TABLE


def export(user: Any) -> dict[str, Any]:
    own = Statement.objects.visible_to(user).order_by("at", "id")
    hours = StudyTime.objects.filter(student=user).order_by("day", "course_id")
    return {
        "learning_statements": [shape_of(row) for row in own.iterator(chunk_size=2000)],
        "study_time": [
            {"day": each.day.isoformat(), "course": each.course_id, "seconds": each.seconds}
            for each in hours
        ],
    }


@transaction.atomic
def erase(user: Any, at: datetime) -> None:
    """Acts stay, without whose they were: the one change that the table's trigger lets by."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL eduplatform.erasing = 'on'")
        cursor.execute(
            f"UPDATE {TABLE} SET actor_id = NULL, seat_id = NULL WHERE actor_id = %s",  # noqa: S608
            [user.pk],
        )
        cursor.execute("SET LOCAL eduplatform.erasing = 'off'")
    StudyTime.objects.filter(student=user).delete()
