"""Whether the servers that everything stands on answer, and a job that proves the workers do."""

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from celery import current_app
from channels.layers import get_channel_layer
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_redis import get_redis_connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from . import jobs
from .models import Job

CANARY_KEY = "canary"
HELLO = "core.hello"
LOOK_AGAIN = 0.1  # seconds
ECHO_SECONDS = 3.0
ENDED = {Job.Status.DONE, Job.Status.FAILED, Job.Status.CANCELLED}


def database_answers() -> bool:
    return _answers(_ask_database, DatabaseError)


def cache_answers() -> bool:
    return _answers(_ask_cache, RedisError)


def broker_answers() -> bool:
    return _answers(_ask_broker, OperationalError)


def worker_seen_at() -> datetime | None:
    """When beat, broker and a worker were last seen alive together; None for five minutes or more."""
    seen = cache.get(CANARY_KEY)
    return parse_datetime(seen) if seen else None


@jobs.register(HELLO)
def hello(run: jobs.Run) -> dict[str, Any]:
    return {"at": timezone.now().isoformat()}


def greet_worker(*, owner: AbstractBaseUser, seconds: float) -> Job:
    """Have a job done and wait for it so long; its status tells whether it was. No transaction."""
    job = jobs.start(kind=HELLO, owner=owner, args={}, at=timezone.now())
    deadline = time.monotonic() + seconds
    job.refresh_from_db()
    while job.status not in ENDED and time.monotonic() < deadline:
        time.sleep(LOOK_AGAIN)
        job.refresh_from_db()
    return job


def channels_echo() -> bool:
    """Whether a message comes back through the layer that sockets are told by."""
    try:
        return bool(async_to_sync(_echo)())
    except (RedisError, OSError, TimeoutError):
        return False


async def _echo() -> bool:
    layer: Any = get_channel_layer()
    said = secrets.token_hex(8)
    async with asyncio.timeout(ECHO_SECONDS):
        name = await layer.new_channel()
        await layer.send(name, {"type": "hello", "said": said})
        heard = await layer.receive(name)
    return bool(heard["said"] == said)


def _answers(ask: Callable[[], object], *errors: type[Exception]) -> bool:
    try:
        ask()
    except errors:
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    get_redis_connection("default").ping()


def _ask_broker() -> None:
    with current_app.connection_for_write(connect_timeout=0.3) as broker:
        broker.ensure_connection(max_retries=1, timeout=1)
