"""Celery entry points of the community."""

from celery import shared_task

from . import services


@shared_task(name="community.store_views")
def store_views() -> None:
    """Every minute: views of topics from Redis into their rows."""
    services.store_views()
