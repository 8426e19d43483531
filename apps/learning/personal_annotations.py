"""What learning holds of a person's own notes and bookmarks in lessons."""

from datetime import datetime
from typing import Any

from .models import Annotation


def export(user: Any) -> dict[str, Any]:
    notes = Annotation.objects.visible_to(user).select_related("course").order_by("pk")
    return {
        "lesson_notes": [
            {
                "id": note.pk,
                "course": note.course.title,
                "lesson": note.lesson_title,
                "section": note.section,
                "quote": note.quote,
                "second": note.second,
                "text": note.text,
                "created_at": note.created_at.isoformat(),
                "updated_at": note.updated_at.isoformat(),
            }
            for note in notes
        ]
    }


def erase(user: Any, at: datetime) -> None:
    """Everything goes: it serves nobody but the person."""
    Annotation.objects.visible_to(user).delete()
