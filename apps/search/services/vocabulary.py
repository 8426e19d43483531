"""The words that courses are found by, for corrections and suggestions."""

from collections.abc import Iterable

from django.db import connection, transaction

from .places import PLACES

# Words come from titles, subtitles, tags, categories and teachers: what people type, spelt well.
COUNT = """
WITH RECURSIVE {places}
SELECT word AS term, count(*) AS documents
FROM courses_course c
JOIN accounts_user u ON u.id = c.owner_id
LEFT JOIN place k ON k.id = c.category_id
CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector('edu_simple', search_text(concat_ws(
    ' ', c.title, c.subtitle, array_to_string(c.tags, ' '), k.names, u.name
))))) word
WHERE c.status = 'published' AND {which}
    AND length(word) BETWEEN 2 AND 40 AND word !~ '^[0-9]+$'
GROUP BY word
"""
ADD = """
INSERT INTO search_term (term, stem, documents, deletes)
SELECT term, stem, documents,
    CASE WHEN stem = term THEN search_deletes(term)
         ELSE search_deletes(term) || search_deletes(stem) END
FROM (
    SELECT w.term, w.documents, search_stem(w.term) AS stem FROM {counted} w
    WHERE NOT EXISTS (SELECT FROM search_term t WHERE t.term = w.term)
        AND to_tsvector('edu', w.term) <> ''
    ORDER BY w.term
) w
ON CONFLICT (term) DO NOTHING
"""
RECOUNT = """
UPDATE search_term t SET documents = w.documents FROM counted w
WHERE w.term = t.term AND w.documents <> t.documents
"""
FORGET = """
DELETE FROM search_term t WHERE NOT EXISTS (SELECT FROM counted w WHERE w.term = t.term)
"""


def learn(*, course_ids: Iterable[int]) -> None:
    """Add the words of these courses that are new."""
    counted = COUNT.format(places=PLACES, which="c.id = ANY(%(ids)s)")
    with connection.cursor() as cursor:
        cursor.execute(ADD.format(counted=f"({counted})"), {"ids": list(course_ids)})


@transaction.atomic
def learn_words() -> None:
    """The vocabulary from all courses, with true counts; only what changed is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE counted ON COMMIT DROP AS {COUNT.format(places=PLACES, which='true')}"
        )
        cursor.execute("ANALYZE counted")
        cursor.execute(FORGET)
        cursor.execute(RECOUNT)
        cursor.execute(ADD.format(counted="counted"))
        cursor.execute("DROP TABLE counted")
