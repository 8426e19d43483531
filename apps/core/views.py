"""For operators and their machines: health, readiness, metrics."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from . import health
from .errors import NotFound
from .limits import client_address
from .metrics import exposition


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, cache and broker, each with its state; 503 when one is away."""
    answering = {
        "database": health.database_answers(),
        "cache": health.cache_answers(),
        "broker": health.broker_answers(),
    }
    ready = all(answering.values())
    body = {
        "status": "ok" if ready else "unavailable",
        **{part: "ok" if answers else "unavailable" for part, answers in answering.items()},
        "worker_seen_at": cache.get(health.CANARY_KEY),
    }
    return JsonResponse(body, status=200 if ready else 503)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, in production for the configured addresses only."""
    if not settings.DEBUG and client_address(request) not in settings.METRICS_ADDRESSES:
        raise NotFound
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
