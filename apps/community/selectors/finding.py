"""Topics found by words in their titles, tags, texts and posts, in both languages of the house."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from apps.core.pagination import Page, cut, position_of

from ..models import Post, Topic
from .texts import excerpt

MAX_QUERY = 200
# a word that stands everywhere: of so many texts, the newest, the best topics are found
MOST_TEXTS = 5000
ORDER = "found"
# best first, then liveliest: rank, last post, topic
_FIND = """
WITH asked AS (SELECT search_query(%(words)s) AS query),
texts AS MATERIALIZED (
  SELECT document.topic_id, document.post_id, document.words
  FROM community_forumdocument document, asked
  WHERE document.words @@ asked.query
  ORDER BY document.id DESC LIMIT %(most)s
),
ranked AS (
  SELECT topic_id, post_id, round(ts_rank(words, query) * 1000000)::bigint AS rank
  FROM texts, asked
),
best AS (
  SELECT DISTINCT ON (topic_id) topic_id, post_id, rank FROM ranked
  ORDER BY topic_id, rank DESC, post_id NULLS FIRST
)
SELECT best.rank, topic.last_post_at, topic.id, best.post_id
FROM best JOIN community_topic topic ON topic.id = best.topic_id
WHERE topic.deleted_at IS NULL AND topic.hidden_at IS NULL
"""
_BEYOND = " AND (best.rank, topic.last_post_at, topic.id) {} (%(rank)s, %(at)s, %(topic)s)"
_ORDER = " ORDER BY best.rank {0}, topic.last_post_at {0}, topic.id {0} LIMIT %(limit)s"


@dataclass(frozen=True)
class Found:
    """A topic and, unless the topic itself was meant, the post that the words stand in."""

    topic: Topic
    post: Post | None
    excerpt: str


def found_topics(typed: str, *, cursor: str | None, limit: int) -> Page[Found]:
    """A page of topics with all the words that were typed, the best first.

    Raises InvalidCursor.
    """
    typed = typed[:MAX_QUERY].replace("\x00", " ")
    position = position_of(cursor, order=ORDER, types=(int, datetime, int))
    backwards = position is not None and position.backwards
    given: dict[str, Any] = {"words": typed, "most": MOST_TEXTS, "limit": limit + 1}
    statement = _FIND
    if position is not None:
        given |= dict(zip(("rank", "at", "topic"), position.values, strict=True))
        statement += _BEYOND.format(">" if backwards else "<")
    statement += _ORDER.format("ASC" if backwards else "DESC")
    with connection.cursor() as connected:
        connected.execute(statement, given)
        rows = connected.fetchall()
    places = {row[2]: row[3] for row in rows}
    page = cut([row[:3] for row in rows], position=position, limit=limit, order=ORDER)
    ids = [topic_id for _rank, _at, topic_id in page.items]
    topics = Topic.objects.select_related("author", "category", "last_post_by").in_bulk(ids)
    posts = Post.objects.select_related("author").in_bulk([places[pk] for pk in ids if places[pk]])
    items = [_found(topics[pk], posts.get(places[pk])) for pk in ids]
    return Page(items=items, next=page.next, previous=page.previous)


def _found(topic: Topic, post: Post | None) -> Found:
    return Found(topic, post, excerpt(post.content if post else topic.content))
