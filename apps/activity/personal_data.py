"""What activity holds on a person."""

from datetime import datetime
from typing import Any

from .models import FeedEntry


def export(user: Any) -> dict[str, Any]:
    rows = FeedEntry.objects.filter(actor=user).order_by("created_at", "id")
    return {
        "entries": [
            {"kind": row.kind, "object": row.object_id, "created_at": row.created_at.isoformat()}
            for row in rows
        ]
    }


def erase(user: Any, at: datetime) -> None:
    FeedEntry.objects.filter(actor=user).delete()
