"""Celery entry points of notifications."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="notifications.send_due")
def send_due() -> None:
    """Every ten seconds: letters that wait."""
    services.send_due(at=timezone.now())
