"""For operators and their machines: health, readiness, metrics."""

from collections.abc import Callable

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django_redis import get_redis_connection
from kombu.exceptions import OperationalError
from prometheus_client import CONTENT_TYPE_LATEST
from redis.exceptions import RedisError

from .errors import NotFound
from .limits import client_address
from .metrics import exposition
from .tasks import CANARY_KEY


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, cache and broker, each with its state; 503 when one is away."""
    states = {
        "database": _state(_ask_database, DatabaseError),
        "cache": _state(_ask_cache, RedisError),
        "broker": _state(_ask_broker, OperationalError),
    }
    ready = all(state == "ok" for state in states.values())
    body = {
        "status": "ok" if ready else "unavailable",
        **states,
        "worker_seen_at": cache.get(CANARY_KEY),
    }
    return JsonResponse(body, status=200 if ready else 503)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, in production for the configured addresses only."""
    if not settings.DEBUG and client_address(request) not in settings.METRICS_ADDRESSES:
        raise NotFound
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def _state(ask: Callable[[], object], *errors: type[Exception]) -> str:
    try:
        ask()
    except errors:
        return "unavailable"
    return "ok"


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    get_redis_connection("default").ping()


def _ask_broker() -> None:
    with current_app.connection_for_write(connect_timeout=0.3) as broker:
        broker.ensure_connection(max_retries=1, timeout=1)
