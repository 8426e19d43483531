"""The words that courses are found by, for corrections and suggestions."""

from collections.abc import Iterable

from django.db import connection, transaction

from ..models import SearchTerm
from .places import PLACES

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


def learn(*, course_ids: Iterable[int]) -> None:
    """Add the words of these courses that are new."""
    with connection.cursor() as cursor:
        cursor.execute(LEARN.format(places=PLACES, which=SOME), {"ids": list(course_ids)})


@transaction.atomic
def learn_words() -> None:
    """The vocabulary from all documents, with true counts."""
    SearchTerm.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(LEARN.format(places=PLACES, which="true"))
