"""Writes of the index: refresh some documents, rebuild all, count the vocabulary."""

import json
from collections.abc import Callable, Iterable

from django.core.cache import cache
from django.db import connection, transaction
from django.utils.crypto import get_random_string

from apps.courses.models import Course

from .models import SearchDocument, SearchTerm
from .prices import UNITS
from .selectors import REVISION

CHUNK = 2000

# a category with the names of those above it
PLACES = """
place (id, names) AS (
    SELECT id, concat_ws(' ', name_en, name_ru) FROM courses_category WHERE parent_id IS NULL
    UNION ALL
    SELECT k.id, concat_ws(' ', k.name_en, k.name_ru, above.names)
    FROM courses_category k JOIN place above ON above.id = k.parent_id
)
"""
# One statement reads a set of courses and writes their documents: the same for one and a million.
# rating_key: 9 bits of rating, 14 of reviews, 40 of id.
WRITE = """
WITH RECURSIVE {places}
INSERT INTO search_document (
    course_id, owner_id, category_id, level, language, price_key, duration_minutes,
    rating, rating_key, popularity, created_at, title_vector, body_vector
)
SELECT
    c.id, c.owner_id, c.category_id, c.level, c.language,
    c.price_minor::bigint * (%(units)s::jsonb ->> c.currency)::bigint,
    c.duration_minutes, r.rating,
    (r.rating::bigint << 54) | (least(c.review_count, 16383)::bigint << 40) | c.id,
    c.student_count, c.created_at,
    to_tsvector('edu', t.title) || to_tsvector('edu_simple', t.title),
    setweight(to_tsvector('edu', t.title) || to_tsvector('edu_simple', t.title), 'A')
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
) t
CROSS JOIN LATERAL (SELECT coalesce(c.avg_rating * 100, 0)::smallint AS rating) r
WHERE c.status = 'published' AND c.id = ANY(%(ids)s)
ON CONFLICT (course_id) DO UPDATE SET
    owner_id = EXCLUDED.owner_id, category_id = EXCLUDED.category_id, level = EXCLUDED.level,
    language = EXCLUDED.language, price_key = EXCLUDED.price_key,
    duration_minutes = EXCLUDED.duration_minutes, rating = EXCLUDED.rating,
    rating_key = EXCLUDED.rating_key, popularity = EXCLUDED.popularity,
    created_at = EXCLUDED.created_at, title_vector = EXCLUDED.title_vector,
    body_vector = EXCLUDED.body_vector
"""

# Words come from titles, subtitles, tags, categories and teachers: what people type, spelt well.
LEARN = """
WITH RECURSIVE {places}
INSERT INTO search_term (term, stem, documents, deletes)
SELECT word, stem, documents,
    CASE WHEN stem = word THEN search_deletes(word)
         ELSE search_deletes(word) || search_deletes(stem) END
FROM (
    SELECT word, count(*) AS documents
    FROM courses_course c
    JOIN accounts_user u ON u.id = c.owner_id
    LEFT JOIN place k ON k.id = c.category_id
    CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector('edu_simple', search_text(concat_ws(
        ' ', c.title, c.subtitle, array_to_string(c.tags, ' '), k.names, u.name
    ))))) word
    WHERE c.status = 'published' AND {which}
    GROUP BY word
) w
CROSS JOIN LATERAL (SELECT search_stem(word) AS stem) s
WHERE length(word) BETWEEN 2 AND 40 AND word !~ '^[0-9]+$' AND to_tsvector('edu', word) <> ''
ON CONFLICT (term) DO NOTHING
"""
SOME = "c.id = ANY(%(ids)s)"


@transaction.atomic
def refresh(*, course_ids: Iterable[int]) -> None:
    """Make the documents of these courses what the courses are now, or take them away."""
    ids = sorted(set(course_ids))
    gone = Course.objects.published().filter(pk__in=ids)
    SearchDocument.objects.filter(pk__in=ids).exclude(pk__in=gone.values("pk")).delete()
    _write(ids)
    with connection.cursor() as cursor:
        cursor.execute(LEARN.format(places=PLACES, which=SOME), {"ids": ids})
    transaction.on_commit(forget_answers, robust=True)


def rebuild(*, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Write every document anew while searches go on, popular courses first; returns how many.

    Each portion is a transaction of its own, so that a rebuild holds no lock for long.
    """
    ids = list(
        Course.objects.published().order_by("-student_count", "-pk").values_list("pk", flat=True)
    )
    for start in range(0, len(ids), CHUNK):
        with transaction.atomic():
            _write(ids[start : start + CHUNK])
        progress(min(start + CHUNK, len(ids)), len(ids))
    with transaction.atomic():
        published = Course.objects.published().values("pk")
        SearchDocument.objects.exclude(pk__in=published).delete()
    learn_words()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_document, search_term")
    forget_answers()
    return len(ids)


@transaction.atomic
def learn_words() -> None:
    """The vocabulary from all documents, with true counts."""
    SearchTerm.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(LEARN.format(places=PLACES, which="true"))


def forget_answers() -> None:
    """What the cache holds of catalogue pages and counts is out of date."""
    cache.set(REVISION, get_random_string(12), None)


def _write(ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(WRITE.format(places=PLACES), {"units": json.dumps(UNITS), "ids": ids})
