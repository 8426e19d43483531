"""What is held on a person's way through courses: lessons counted as known, and what was refreshed."""

from datetime import datetime
from typing import Any

from .models import KnownLesson, Refresh, RefreshItem


def export(user: Any) -> dict[str, Any]:
    known = KnownLesson.objects.filter(student=user).select_related("lesson").order_by("pk")
    asked = RefreshItem.objects.filter(refresh__student=user, answered_at__isnull=False)
    return {
        "lessons_known": [
            {"lesson": each.lesson.title, "at": each.counted_at.isoformat()} for each in known
        ],
        "refreshed": [
            {
                "lesson": item.refresh.lesson.title,
                "question": item.version.text if item.version else None,
                "answer": item.given,
                "right": item.is_right,
                "at": item.answered_at.isoformat() if item.answered_at else None,
            }
            for item in asked.select_related("refresh__lesson", "version").order_by("pk")
        ],
    }


def erase(user: Any, at: datetime) -> None:
    """What was chosen and written goes; what it told of mastery is the log's."""
    KnownLesson.objects.filter(student=user).delete()
    Refresh.objects.filter(student=user).delete()
