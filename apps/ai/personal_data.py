"""What the AI service holds on a person."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from .models import CreditDay, ModelCall, Reservation


def export(user: Any) -> dict[str, Any]:
    return {
        "model_calls": [
            {
                "task": call.task,
                "course": call.course_id,
                "model": call.model,
                "cached": call.cached,
                "at": call.at.isoformat(),
            }
            for call in ModelCall.objects.filter(user=user).order_by("id")
        ],
        "credits": [
            {"day": day.day.isoformat(), "limit": day.limit, "used": day.used}
            for day in CreditDay.objects.filter(user=user).order_by("day")
        ],
    }


@transaction.atomic
def erase(user: Any, at: datetime) -> None:
    """What calls cost stays, whose they were goes: the one change that the ledger's trigger lets by."""
    CreditDay.objects.filter(user=user).delete()
    Reservation.objects.filter(user=user).update(user=None, credit_day=None)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL eduplatform.erasing = 'on'")
        ModelCall.objects.filter(user=user).update(user=None)
        cursor.execute("SET LOCAL eduplatform.erasing = 'off'")
