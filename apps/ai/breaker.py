"""A circuit breaker per model: after repeated failures it isn't asked for a while, then once to try.

The state is in Redis. With Redis away every breaker is closed: calls go on, within their limits of
time and money, which hold without Redis.
"""

import logging
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django_redis import get_redis_connection
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

FORGOTTEN_AFTER = 3_600  # seconds: an open breaker that nobody asks again is forgotten


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    TRYING = "trying"  # the pause is over: one call may try, the others wait for what it finds
    UNKNOWN = "unknown"


def state_of(model: str, at: datetime) -> State:
    try:
        until = get_redis_connection("default").get(_key(model, "until"))
    except RedisError:
        return State.UNKNOWN
    if until is None:
        return State.CLOSED
    return State.OPEN if at.timestamp() < float(until) else State.TRYING


def lets_by(model: str, at: datetime) -> bool:
    """Whether the model may be asked now. After a pause, one asker gets True."""
    state = state_of(model, at)
    if state != State.TRYING:
        return state != State.OPEN
    try:
        return bool(
            get_redis_connection("default").set(
                _key(model, "trial"), 1, nx=True, ex=int(settings.AI_REQUEST_SECONDS) + 1
            )
        )
    except RedisError:
        return True


def failed(model: str, at: datetime) -> None:
    """Count a failure; the breaker opens at the limit, and again when a trial fails."""
    pause = settings.AI_BREAKER_SECONDS
    try:
        redis = get_redis_connection("default")
        with redis.pipeline() as pipe:
            pipe.incr(_key(model, "failures"))
            pipe.expire(_key(model, "failures"), pause)
            pipe.exists(_key(model, "until"))
            failures, _, was_open = pipe.execute()
        if was_open or failures >= settings.AI_BREAKER_FAILURES:
            redis.set(_key(model, "until"), at.timestamp() + pause, ex=FORGOTTEN_AFTER)
            redis.delete(_key(model, "trial"))
            logger.warning("model_paused", extra={"model": model, "seconds": pause})
    except RedisError:
        logger.warning("breaker_store_away")


def succeeded(model: str) -> None:
    try:
        get_redis_connection("default").delete(
            *(_key(model, what) for what in ("until", "failures", "trial"))
        )
    except RedisError:
        logger.warning("breaker_store_away")


def _key(model: str, what: str) -> str:
    return f"ai:breaker:{model}:{what}"
