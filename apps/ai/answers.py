"""Answers that were paid for, kept in Redis so that the same text isn't paid for twice.

With Redis away nothing is found and nothing is kept, and calls go on.
"""

import hashlib
import json
import logging
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache
from django_redis import get_redis_connection
from pydantic import BaseModel, ValidationError
from redis.exceptions import LockError, RedisError

from .inquiry import Inquiry
from .prompting import within_limit

logger = logging.getLogger(__name__)


def key_of(inquiry: Inquiry, model: str) -> str:
    """Prompt version, model, language, and all that the model would read."""
    task, material = inquiry.task, inquiry.material
    parts = [
        task.name,
        task.version,
        model,
        material.language,
        material.title,
        within_limit(material.text),
        json.dumps(dict(material.wishes), sort_keys=True, ensure_ascii=False),
    ]
    return "ai:" + hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def kept(inquiry: Inquiry, models: Sequence[str]) -> tuple[BaseModel, str] | None:
    """The answer of the first of the models that has one, and that model."""
    keys = {model: key_of(inquiry, model) for model in models}
    found = cache.get_many(keys.values()) or {}
    for model, key in keys.items():
        if key in found:
            try:
                return inquiry.task.schema.model_validate_json(found[key]), model
            except ValidationError:  # kept by an earlier release with another schema
                continue
    return None


def keep(inquiry: Inquiry, model: str, value: BaseModel) -> None:
    cache.set(key_of(inquiry, model), value.model_dump_json(), settings.AI_ANSWERS_KEPT_SECONDS)


@contextmanager
def one_at_a_time(inquiry: Inquiry, model: str) -> Generator[None]:
    """Let identical calls go one after another, for as long as a call may take at most."""
    limit = settings.AI_ASK_SECONDS
    lock = get_redis_connection("default").lock(
        f"{key_of(inquiry, model)}:lock", timeout=limit + 1, blocking_timeout=limit
    )
    try:
        held = lock.acquire()
    except RedisError:
        held = False
        logger.warning("answers_store_away")
    try:
        yield
    finally:
        if held:
            try:
                lock.release()
            except (LockError, RedisError):  # it ran out, or Redis went away
                logger.warning("answers_lock_lost")
