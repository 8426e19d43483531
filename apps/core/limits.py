"""Limits on how often something may happen.

Those that guard sign-in and spending count in PostgreSQL and hold whatever happens to Redis; the
general limit per account counts in Redis and lets requests pass while Redis is away.
"""

import logging
import time
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from .errors import TooMany

logger = logging.getLogger(__name__)

_TAKE = """
INSERT INTO core_limitcounter AS c (bucket, window_started_at, count) VALUES (%(bucket)s, %(at)s, 1)
ON CONFLICT (bucket) DO UPDATE SET
    count = CASE WHEN c.window_started_at <= %(expired)s THEN 1 ELSE c.count + 1 END,
    window_started_at = CASE WHEN c.window_started_at <= %(expired)s THEN %(at)s
                             ELSE c.window_started_at END
RETURNING count, window_started_at
"""
# One more under each key.
_COUNT = """
local counts = {}
for at, key in ipairs(KEYS) do
  counts[at] = redis.call('incr', key)
  if counts[at] == 1 then redis.call('expire', key, 120) end
end
return counts
"""
_UNCOUNT = "for at, key in ipairs(KEYS) do redis.call('decr', key) end"


def take(*, bucket: str, limit: int, per: timedelta, at: datetime | None = None) -> None:
    """Count one more in the bucket's window; raises TooMany beyond `limit`.

    The count survives a failing request only outside its transaction: call it before one.
    """
    at = at or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"bucket": bucket[:200], "at": at, "expired": at - per})
        count, started = cursor.fetchone()
    if count > limit:
        raise TooMany(retry_after=max(1, round((started + per - at).total_seconds())))


def give_back(*, bucket: str) -> None:
    """Undo one `take`: what was counted beforehand turned out not to count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_limitcounter SET count = count - 1 WHERE bucket = %s AND count > 0",
            [bucket[:200]],
        )


def release(*, bucket: str) -> None:
    """Forget a bucket: what was counted there no longer stands against anybody."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_limitcounter WHERE bucket = %s", [bucket[:200]])


def take_for_address(*, request: HttpRequest, action: str, limit: int, per: timedelta) -> None:
    """`take` for the peer's address; in development the limit is a hundred times wider."""
    take(
        bucket=f"{action}:address:{network_of(client_address(request))}",
        limit=limit * settings.ADDRESS_LIMIT_FACTOR,
        per=per,
    )


def client_address(request: HttpRequest) -> str:
    """The peer's address; a forwarded one only as far as our own proxies wrote it."""
    return address_behind(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    )


def address_behind(peer: str, forwarded: str) -> str:
    """The address behind our own proxies, from the header `X-Forwarded-For` that they wrote."""
    if settings.TRUSTED_PROXIES and forwarded:
        hops = [hop.strip() for hop in forwarded.split(",")]
        return hops[-min(settings.TRUSTED_PROXIES, len(hops))]
    return peer


def network_of(address: str) -> str:
    """What one household or server has: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Network((parsed, 64), strict=False))
    return address


def count_request(*, user_id: int, writes: bool) -> None:
    """Count a request of an account in the present minute; raises TooMany."""
    Counting(user_id=user_id, writes=writes).check()


class Counting:
    """`count_request` begun: Redis counts while something else is asked.

    `read` or `check` has to follow, whatever comes between.
    """

    def __init__(self, *, user_id: int, writes: bool) -> None:
        minute = int(time.time() // 60)
        self._limit_of = {f"limit:{user_id}:{minute}": settings.ACCOUNT_REQUESTS_PER_MINUTE}
        if writes:
            self._limit_of[f"limit:w:{user_id}:{minute}"] = settings.ACCOUNT_WRITES_PER_MINUTE
        self._counts: list[int] | None = None
        self._asked: Any = None
        try:
            self._pool = get_redis_connection("default").connection_pool
            self._asked = self._pool.get_connection()
            self._asked.send_command("EVAL", _COUNT, len(self._limit_of), *self._limit_of)
        except RedisError:
            self._give_up()

    def read(self) -> None:
        if self._asked is None:
            return
        try:
            self._counts = self._asked.read_response()
        except RedisError:
            self._give_up()
        else:
            self._release()

    def check(self) -> None:
        """Raises TooMany beyond a limit."""
        self.read()
        limits = self._limit_of.values()
        if self._counts and any(
            count > limit for count, limit in zip(self._counts, limits, strict=True)
        ):
            raise TooMany(retry_after=60)

    def take_back(self) -> None:
        """It wasn't the account that asked."""
        self.read()
        if self._counts:
            try:
                get_redis_connection("default").eval(_UNCOUNT, len(self._limit_of), *self._limit_of)
            except RedisError:
                logger.warning("limit_store_away")

    def _give_up(self) -> None:
        logger.warning("limit_store_away")
        if self._asked is not None:
            self._asked.disconnect()
            self._release()

    def _release(self) -> None:
        self._pool.release(self._asked)
        self._asked = None
