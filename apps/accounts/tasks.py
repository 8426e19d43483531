"""Periodic work of accounts."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="accounts.sweep_tokens")
def sweep_tokens() -> None:
    """Hourly: forget what has expired."""
    services.forget_old_devices(at=timezone.now())
