"""What learning holds on what a person knows: evidence, and the estimate that is folded from it."""

from datetime import datetime
from typing import Any

from .models import Evidence, Mastery, Standing


def export(user: Any) -> dict[str, Any]:
    known = Mastery.objects.filter(student=user).select_related("concept", "course")
    return {
        "mastery": [
            {
                "course": row.course.title,
                "concept": row.concept.name,
                "known": row.m,
                "mastered": row.mastered,
                "last_met": row.last.isoformat() if row.last else None,
            }
            for row in known.order_by("course_id", "concept_id")
        ],
        "ability": [
            {"course": row.course.title, "theta": row.theta, "answers": row.answers}
            for row in Standing.objects.filter(student=user).select_related("course").order_by("pk")
        ],
        "evidence": [
            {
                "course": row.course.title,
                "kind": row.kind,
                "at": row.occurred_at.isoformat(),
                "score": row.score,
                "weight": row.weight,
                "counts": row.voided_at is None,
                "contested": row.contested,
            }
            for row in Evidence.objects.filter(student=user).select_related("course").order_by("pk")
        ],
    }


def erase(user: Any, at: datetime) -> None:
    """All of it: nobody else needs it."""
    for model in (Evidence, Mastery, Standing):
        model.objects.filter(student=user).delete()
