"""What onboarding holds on a person."""

from datetime import datetime
from typing import Any

from .models import Start

FIELDS = (
    "goal", "minutes", "course_id", "begun_at", "chosen_at", "opened_at", "skipped_at", "finished_at",
)  # fmt: skip


def export(user: Any) -> dict[str, Any]:
    return {"start": Start.objects.filter(pk=user.pk).values(*FIELDS).first()}


def erase(user: Any, at: datetime) -> None:
    Start.objects.filter(pk=user.pk).delete()
