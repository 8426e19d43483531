"""Celery entry point of the AI service."""

from celery import shared_task
from django.utils import timezone

from .services import spending


@shared_task(name="ai.sweep_reservations")
def sweep_reservations() -> None:
    """Every minute: settle the calls that a crash left open."""
    spending.sweep_reservations(at=timezone.now())
