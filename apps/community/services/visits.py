"""Views of topics: each person or address once a day, without the author and without robots.

They are gathered in Redis, so that reading writes no row, and carried over by a periodic task. A
Redis that is away costs a few views and nothing else.
"""

import logging
import re
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from ..models import Topic

logger = logging.getLogger(__name__)

WAITING = "forum:views"
TAKEN = "forum:views:taken"
STORE_LOCK = 7_201_101
DAY_SECONDS = 26 * 3600
ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|fetch|monitor|headless|curl|wget|python|http-client|^$",
    re.IGNORECASE,
)
# One command: counted once a day and visitor, whoever asks twice at the same time.
_COUNT = """
if redis.call('sadd', KEYS[1], ARGV[1]) == 1 then
  redis.call('expire', KEYS[1], ARGV[3])
  redis.call('hincrby', KEYS[2], ARGV[2], 1)
  return 1
end
return 0
"""
_STORE = """
UPDATE community_topic topic SET views_count = views_count + more.views
FROM unnest(%s::bigint[], %s::int[]) AS more (id, views) WHERE topic.id = more.id
"""


def count_view(*, topic: Topic, user: Any, address: str, user_agent: str, at: datetime) -> bool:
    """Whether it counts. `address` is kept only as a hash of the day."""
    if user.is_authenticated:
        if user.pk == topic.author_id:
            return False
        visitor = f"u{user.pk}"
    elif ROBOT.search(user_agent):
        return False
    else:
        day = at.date().isoformat()
        visitor = "a" + salted_hmac("forum.views", f"{day} {address}").hexdigest()[:20]
    seen = f"{WAITING}:{at.date().isoformat()}:{topic.pk}"
    try:
        redis = get_redis_connection("default")
        return bool(redis.eval(_COUNT, 2, seen, WAITING, visitor, topic.pk, DAY_SECONDS))
    except RedisError:
        logger.warning("forum_views_away")
        return False


def store_views() -> int:
    """Carry over what was gathered; how many topics.

    One worker at a time takes all that waits; what a killed one had taken is the next one's.
    """
    redis = get_redis_connection("default")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [STORE_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        if not redis.exists(TAKEN):
            if not redis.exists(WAITING):
                return 0
            redis.rename(WAITING, TAKEN)
        views = {int(pk): int(count) for pk, count in redis.hgetall(TAKEN).items()}
        ids = sorted(views)
        cursor.execute(_STORE, [ids, [views[pk] for pk in ids]])
        transaction.on_commit(lambda: redis.delete(TAKEN))
    return len(views)
