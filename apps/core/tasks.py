"""Celery entry points of the kernel."""

from datetime import timedelta

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from . import bus, jobs
from .health import CANARY_KEY
from .models import IdempotencyClaim, LimitCounter

IDEMPOTENCY_LIFETIME = timedelta(hours=48)


@shared_task(name="core.deliver")
def deliver(delivery_ids: list[int], subscribers: list[str]) -> None:
    """One message for what many transactions left: to send one costs a request more than a query."""
    for subscriber in subscribers:
        bus.deliver_waiting(subscriber)
    for delivery_id in delivery_ids:
        bus.deliver_one(delivery_id)


@shared_task(name="core.redeliver_due")
def redeliver_due() -> None:
    """Every ten seconds: what a crash, a failure or a broker that was away left behind."""
    bus.wake_due(at=timezone.now())


@shared_task(name="core.run_job")
def run_job(job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name="core.resume_lost_jobs")
def resume_lost_jobs() -> None:
    jobs.resume_lost(at=timezone.now())


@shared_task(name="core.sweep_idempotency")
def sweep_idempotency() -> None:
    """Hourly: forget keys after 48 h and counters of windows long past."""
    now = timezone.now()
    IdempotencyClaim.objects.filter(created_at__lt=now - IDEMPOTENCY_LIFETIME).delete()
    LimitCounter.objects.filter(window_started_at__lt=now - timedelta(days=2)).delete()


@shared_task(name="core.canary")
def canary() -> None:
    """Every half minute: the sign that beat, broker and worker are alive together."""
    cache.set(CANARY_KEY, timezone.now().isoformat(), timeout=300)
