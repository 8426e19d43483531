"""Keeping what people did."""

from datetime import datetime

from django.db import transaction

from .models import FeedEntry


@transaction.atomic
def keep(
    *,
    actor_id: int,
    kind: str,
    object_id: int,
    at: datetime,
    course_id: int | None = None,
    lesson_id: int | None = None,
    topic_id: int | None = None,
    award_id: int | None = None,
) -> None:
    """One entry for the cause, however often it is told."""
    entry = FeedEntry(
        actor_id=actor_id,
        kind=kind,
        object_id=object_id,
        course_id=course_id,
        lesson_id=lesson_id,
        topic_id=topic_id,
        award_id=award_id,
        created_at=at,
    )
    FeedEntry.objects.bulk_create([entry], ignore_conflicts=True)
