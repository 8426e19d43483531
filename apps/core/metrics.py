"""Figures for Prometheus: of requests as they are answered; of the outbox, the jobs and what other
apps add, when it asks."""

import os
from collections.abc import Iterable

from django.db.models import Count, Min, Q
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from .models import Delivery, Job

# One histogram for all that is asked of requests: each answer writes two numbers.
REQUESTS = Histogram(
    "eduplatform_http_request_seconds",
    "Time to answer, all middleware included",
    ["view", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
EXCEPTIONS = Counter("eduplatform_http_exceptions", "Views that broke, by exception", ["type"])


class KernelCollector(Collector):
    def collect(self) -> Iterable[Metric]:
        outbox = Delivery.objects.aggregate(
            waiting=Count("id", filter=Q(dead=False)),
            given_up=Count("id", filter=Q(dead=True)),
            oldest=Min("created_at", filter=Q(dead=False)),
        )
        age = (timezone.now() - outbox["oldest"]).total_seconds() if outbox["oldest"] else 0
        yield _gauge("outbox_waiting", "Deliveries not yet made", outbox["waiting"])
        yield _gauge("outbox_dead", "Deliveries given up", outbox["given_up"])
        yield _gauge("outbox_oldest_seconds", "Age of the oldest waiting delivery", age)
        open_jobs = GaugeMetricFamily("eduplatform_jobs", "Open jobs", labels=["status"])
        counts = Job.objects.aggregate(
            queued=Count("id", filter=Q(status="queued")),
            running=Count("id", filter=Q(status="running")),
        )
        for status, count in counts.items():
            open_jobs.add_metric([status], count)
        yield open_jobs

    def describe(self) -> Iterable[Metric]:
        """Nothing at registration: collecting would ask the database before it is there."""
        return []


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"eduplatform_{name}", text, value=value)


_collectors: list[Collector] = []


def register(collector: Collector) -> None:
    """Have its figures told, whichever process is asked."""
    _collectors.append(collector)
    REGISTRY.register(collector)


def exposition() -> bytes:
    """What Prometheus reads; processes that share a folder of figures answer for all of them."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    for collector in _collectors:
        registry.register(collector)
    return generate_latest(registry)
