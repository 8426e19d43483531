"""Writes of the index: refresh some documents, rebuild all, count the vocabulary."""

import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db import connection, transaction

from apps.courses.models import Course

from ..cache import forget_answers
from ..lexemes import MINUTE_EDGES, PRICE_EDGES, RATING_EDGES
from ..models import SearchDocument
from ..prices import UNITS
from . import bulk, names, tiers, vocabulary
from .places import PLACES

CHUNK = 2000

# One statement reads a set of courses and writes their documents: the same for one and a million.
# rating_key: 9 bits of rating, 14 of reviews, 40 of id.
# OFFSET 0: else the planner would put each expression wherever its name stands, and work it out as
# often.
WRITE = """
WITH RECURSIVE {places}
INSERT INTO search_document (
    course_id, owner_id, category_id, level, language, price_key, duration_minutes,
    rating, rating_key, popularity, tier, created_at, title, title_vector, body_vector
)
SELECT
    c.id, c.owner_id, c.category_id, c.level, c.language,
    r.price_key,
    c.duration_minutes, r.rating,
    (r.rating::bigint << 54) | (least(c.review_count, 16383)::bigint << 40) | c.id,
    c.student_count,
    (SELECT count(*) FROM search_tier t
        WHERE (c.student_count, c.id) < (t.last_popularity, t.last_course)),
    c.created_at, t.title,
    v.title || filters,
    filters || setweight(v.title, 'A')
        || setweight(to_tsvector('edu', t.about) || to_tsvector('edu_simple', t.about), 'B')
        || setweight(to_tsvector('edu', t.text), 'C')
        || setweight(to_tsvector('edu', t.teacher) || to_tsvector('edu_simple', t.teacher), 'D')
FROM courses_course c
JOIN accounts_user u ON u.id = c.owner_id
LEFT JOIN place k ON k.id = c.category_id
LEFT JOIN LATERAL (
    SELECT string_agg(title, ' ' ORDER BY id) AS titles
    FROM (SELECT id, title FROM courses_lesson WHERE course_id = c.id ORDER BY id LIMIT 500) l
) l ON true
CROSS JOIN LATERAL (
    SELECT
        search_text(c.title) AS title,
        search_text(concat_ws(
            ' ', c.subtitle, array_to_string(c.tags, ' '), k.names
        )) AS about,
        search_text(concat_ws(' ', c.description, l.titles)) AS text,
        search_text(u.name) AS teacher
    OFFSET 0
) t
CROSS JOIN LATERAL (
    SELECT to_tsvector('edu', t.title) || to_tsvector('edu_simple', t.title) AS title OFFSET 0
) v
CROSS JOIN LATERAL (
    SELECT coalesce(c.avg_rating * 100, 0)::smallint AS rating,
        c.price_minor::bigint * (%(units)s::jsonb ->> c.currency)::bigint AS price_key
    OFFSET 0
) r
CROSS JOIN LATERAL (
    SELECT array_to_tsvector(array_remove(ARRAY[
        '=c:' || c.category_id, '=l:' || c.level, '=g:' || c.language,
        '=p:' || width_bucket(r.price_key, %(price_edges)s::bigint[]),
        '=d:' || width_bucket(c.duration_minutes, %(minute_edges)s::int[]),
        '=r:' || width_bucket(r.rating::int, %(rating_edges)s::int[])
    ], NULL)) AS filters
    OFFSET 0
) f
WHERE c.status = 'published' AND c.id = ANY(%(ids)s)
ON CONFLICT (course_id) DO UPDATE SET
    owner_id = EXCLUDED.owner_id, category_id = EXCLUDED.category_id, level = EXCLUDED.level,
    language = EXCLUDED.language, price_key = EXCLUDED.price_key,
    duration_minutes = EXCLUDED.duration_minutes, rating = EXCLUDED.rating,
    rating_key = EXCLUDED.rating_key, popularity = EXCLUDED.popularity, tier = EXCLUDED.tier,
    created_at = EXCLUDED.created_at, title = EXCLUDED.title, title_vector = EXCLUDED.title_vector,
    body_vector = EXCLUDED.body_vector
"""
SHELVES = """
INSERT INTO search_shelf (category_id, language)
SELECT DISTINCT category_id, language FROM search_document
WHERE course_id = ANY(%(ids)s) AND category_id IS NOT NULL
ORDER BY category_id, language
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def refresh(*, course_ids: Iterable[int]) -> None:
    """Make the documents of these courses what the courses are now, or take them away."""
    ids = sorted(set(course_ids))
    published = Course.objects.published().filter(pk__in=ids)
    SearchDocument.objects.filter(pk__in=ids).exclude(pk__in=published.values("pk")).delete()
    _write(ids)
    vocabulary.learn(course_ids=ids)
    names.learn(course_ids=ids)
    transaction.on_commit(forget_answers, robust=True)


def rebuild(*, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Write every document anew while searches go on, popular courses first; returns how many.

    Each portion is a transaction of its own, so that a rebuild holds no lock for long. Where there
    is next to nothing yet, searches are slow meanwhile: see bulk.
    """
    courses = Course.objects.published().order_by("-student_count", "-pk")
    ids = list(courses.values_list("pk", flat=True))
    portions = [partial(_write_portion, ids[at : at + CHUNK]) for at in range(0, len(ids), CHUNK)]
    known = SearchDocument.objects.count()
    if known * 10 <= len(ids):
        tiers.cut_as(courses.values_list("student_count", "pk"), number=len(ids))
    if known * 10 <= len(ids) >= bulk.WORTH:
        learn = [vocabulary.learn_words]
        bulk.fill(portions, beside=learn, total=len(ids), progress=progress)
    else:
        bulk.build_missing_indexes()
        for number, write in enumerate(portions, start=1):
            write()
            progress(min(number * CHUNK, len(ids)), len(ids))
        vocabulary.learn_words()
    with transaction.atomic():
        published = Course.objects.published().values("pk")
        SearchDocument.objects.exclude(pk__in=published).delete()
    tiers.cut()
    names.learn_names()
    _settle()
    forget_answers()
    return len(ids)


def _settle() -> None:
    """Statistics for the planner, and the map of what every reader sees: pages that are read from
    an index alone need it."""
    vacuum = "" if connection.in_atomic_block else "VACUUM "
    with connection.cursor() as cursor:
        cursor.execute(f"{vacuum}ANALYZE search_document, search_term, search_name, search_prefix")


@transaction.atomic
def _write_portion(ids: list[int]) -> None:
    _write(ids)


def _write(ids: list[int]) -> None:
    tiers.stay()
    values: dict[str, Any] = {
        "ids": ids,
        "units": json.dumps(UNITS),
        "price_edges": PRICE_EDGES,
        "minute_edges": MINUTE_EDGES,
        "rating_edges": RATING_EDGES,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE.format(places=PLACES), values)
        cursor.execute(SHELVES, values)
