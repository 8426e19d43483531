"""Periodic work of referrals."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="referrals.forget_places")
def forget_places() -> None:
    """Daily: forget where people came from once nothing is decided by it any more."""
    services.forget_places(at=timezone.now())
