"""What the document of a course is, and how some documents are made that again."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from apps.core import kept

from ..cache import forget_answers
from ..lexemes import MINUTE_EDGES, PRICE_EDGES, RATING_EDGES
from ..models import SearchDocument
from ..prices import UNITS
from . import names, shelves, tiers, vocabulary
from .places import PLACES

# One statement says what the documents of a set of courses are: the same for one and a million.
# rating_key: 9 bits of rating, 14 of reviews, 40 of id.
# OFFSET 0: else the planner would put each expression wherever its name stands, and work it out as
# often.
FIGURES = """
    SELECT coalesce(c.avg_rating * 100, 0)::smallint AS rating, (
            (coalesce(c.avg_rating * 100, 0)::bigint << 54)
            | (least(c.review_count, 16383)::bigint << 40) | c.id
        ) AS rating_key,
        c.student_count AS popularity,
        (SELECT count(*) FROM search_tier t
            WHERE (c.student_count, c.id) < (t.last_popularity, t.last_course)) AS tier
    OFFSET 0
"""
RATED = "'=r:' || width_bucket({rating}::int, %(rating_edges)s::int[])"
DOCUMENTS = f"""
SELECT
    c.id AS course_id, c.owner_id, c.category_id, k.path[cardinality(k.path)] AS root_id,
    c.level COLLATE "C" AS level, c.language COLLATE "C" AS language,
    p.price_key, c.duration_minutes, r.rating, r.rating_key, r.popularity, r.tier,
    c.created_at, t.title,
    v.title || filters AS title_vector,
    filters || setweight(v.title, 'A')
        || setweight(to_tsvector('edu', t.about) || to_tsvector('edu_simple', t.about), 'B')
        || setweight(to_tsvector('edu', t.text), 'C')
        || setweight(to_tsvector('edu', t.teacher) || to_tsvector('edu_simple', t.teacher), 'D')
        AS body_vector
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
    SELECT c.price_minor::bigint * (%(units)s::jsonb ->> c.currency)::bigint AS price_key OFFSET 0
) p
CROSS JOIN LATERAL ({FIGURES}) r
CROSS JOIN LATERAL (
    SELECT array_to_tsvector(ARRAY(SELECT '=c:' || above FROM unnest(k.path) above) || ARRAY[
        '=l:' || c.level, '=g:' || c.language,
        '=p:' || width_bucket(p.price_key, %(price_edges)s::bigint[]),
        '=d:' || width_bucket(c.duration_minutes, %(minute_edges)s::int[]),
        {RATED.format(rating="r.rating")}
    ]) AS filters
    OFFSET 0
) f
WHERE c.status = 'published' AND {{which}}
"""
COLUMNS = [field.attname for field in SearchDocument._meta.concrete_fields]
# A row that is right already isn't written: its dozen indexes would be, too.
WRITE = f"""
WITH RECURSIVE {PLACES},
document AS ({DOCUMENTS.format(which="c.id = ANY(%(ids)s)")}),
before AS (SELECT course_id, body_vector FROM search_document WHERE course_id = ANY(%(ids)s)),
written AS (
    INSERT INTO search_document AS d ({", ".join(COLUMNS)})
    SELECT {", ".join(COLUMNS)} FROM document
    ON CONFLICT (course_id) DO UPDATE SET
        {", ".join(f"{name} = EXCLUDED.{name}" for name in COLUMNS)}
    WHERE ({", ".join(f"d.{name}" for name in COLUMNS)})
        IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name}" for name in COLUMNS)})
    RETURNING d.course_id, d.body_vector
)
SELECT w.course_id, w.body_vector IS DISTINCT FROM b.body_vector
FROM written w LEFT JOIN before b ON b.course_id = w.course_id
"""
# Where only figures have changed, the words stay: the vectors differ by one lexeme at most.
COUNT = f"""
WITH counted AS (
    SELECT c.id, r.*, {RATED.format(rating="r.rating")} AS rated
    FROM courses_course c CROSS JOIN LATERAL ({FIGURES}) r
    WHERE c.status = 'published' AND c.id = ANY(%(ids)s)
)
UPDATE search_document d SET
    rating = c.rating, rating_key = c.rating_key, popularity = c.popularity, tier = c.tier,
    title_vector = CASE WHEN c.rated = was THEN d.title_vector
        ELSE ts_delete(d.title_vector, was) || array_to_tsvector(ARRAY[c.rated]) END,
    body_vector = CASE WHEN c.rated = was THEN d.body_vector
        ELSE ts_delete(d.body_vector, was) || array_to_tsvector(ARRAY[c.rated]) END
FROM counted c, search_document o
CROSS JOIN LATERAL (SELECT {RATED.format(rating="o.rating")} AS was OFFSET 0) w
WHERE d.course_id = c.id AND o.course_id = c.id
    AND (d.rating, d.rating_key, d.popularity, d.tier)
        IS DISTINCT FROM (c.rating, c.rating_key, c.popularity, c.tier)
"""
GONE = """
DELETE FROM search_document d WHERE d.course_id = ANY(%(ids)s) AND NOT EXISTS (
    SELECT FROM courses_course c WHERE c.id = d.course_id AND c.status = 'published'
)
"""
# Whoever writes a document holds its lock, and reads the course after it got it: of two writers
# the later one can't store what it read before the other.
LOCK_COURSES = """
SELECT pg_advisory_xact_lock(%(space)s, key) FROM (
    SELECT DISTINCT hashint8(id) AS key FROM unnest(%(ids)s::bigint[]) id ORDER BY key
) k
"""
LOCKS = 0x7EA12C5


@transaction.atomic
def refresh(*, course_ids: Iterable[int], counted: Iterable[int] = ()) -> None:
    """Make the documents of these courses what the courses are now, or take them away.

    Of the `counted`, only figures have changed: students and rating.
    """
    whole = sorted(set(course_ids))
    figures = sorted(set(counted) - set(whole))
    lock(whole + figures)
    with connection.cursor() as cursor:
        cursor.execute(GONE, {"ids": whole})
        changed = cursor.rowcount
        if figures:
            cursor.execute(COUNT, {"ids": figures, "rating_edges": RATING_EDGES})
            changed += cursor.rowcount
    written = write(whole)
    reworded = [course_id for course_id, has_new_words in written if has_new_words]
    if reworded:
        vocabulary.learn(course_ids=reworded)
        names.learn(course_ids=reworded)
    if written or changed:
        kept.after_commit(forget_answers)


def lock(ids: list[int]) -> None:
    """Until the end of the transaction nobody else writes these documents or cuts the tiers."""
    tiers.stay()
    with connection.cursor() as cursor:
        cursor.execute(LOCK_COURSES, {"ids": ids, "space": LOCKS})


def write(ids: list[int]) -> list[tuple[int, bool]]:
    """Write the documents of these courses that aren't right yet; of each, whether its words differ.

    The caller holds their locks.
    """
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values(ids=ids))
        written: list[tuple[int, bool]] = cursor.fetchall()
    shelves.fill([course_id for course_id, _ in written])
    return written


def values(**more: Any) -> dict[str, Any]:
    """What the statement of documents is given."""
    return {
        "units": json.dumps(UNITS),
        "price_edges": PRICE_EDGES,
        "minute_edges": MINUTE_EDGES,
        "rating_edges": RATING_EDGES,
        **more,
    }
