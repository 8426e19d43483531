"""What search holds on a person."""

from datetime import datetime
from typing import Any

from .models import RecentSearch
from .services import forget_searches, forget_teacher


def export(user: Any) -> dict[str, Any]:
    rows = RecentSearch.objects.filter(user=user).order_by("at", "pk")
    return {"searches": [{"text": row.text, "at": row.at.isoformat()} for row in rows]}


def erase(user: Any, at: datetime) -> None:
    forget_searches(user=user)
    forget_teacher(user_id=user.pk)
