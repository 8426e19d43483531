"""Celery entry points of messaging."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="messaging.wipe_deleted")
def wipe_deleted() -> None:
    """Every night: words that were deleted for everybody thirty days ago."""
    while services.wipe_deleted(at=timezone.now()):
        pass
