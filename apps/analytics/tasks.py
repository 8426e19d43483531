"""Celery entry points of analytics."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="analytics.make_partitions")
def make_partitions() -> None:
    """Daily: partitions of the coming months."""
    services.make_partitions(day=timezone.now().date())
