"""What suggestions are made of: tags and teachers, and ready answers for beginnings that much begins with."""

from collections.abc import Iterable

from django.db import connection, transaction

from ..models import SearchName

READY = 30  # of so many and more the best are kept ready
ANSWERS = 6
LONGEST = 12  # letters of a beginning that may have ready answers

TAGS = """
SELECT 'tag' AS kind, search_words(tag) AS key, min(tag) AS text, count(*) AS weight
FROM courses_course c CROSS JOIN LATERAL unnest(c.tags) tag
WHERE c.status = 'published' AND {which} AND search_words(tag) <> ''
GROUP BY search_words(tag)
"""
TEACHERS = """
SELECT 'teacher' AS kind, u.id::text AS key, u.name AS text, sum(c.student_count) AS weight
FROM courses_course c JOIN accounts_user u ON u.id = c.owner_id
WHERE c.status = 'published' AND {which} AND search_words(u.name) <> '' AND u.is_profile_public
GROUP BY u.id
"""
WRITE = """
WITH fresh AS MATERIALIZED (
    SELECT kind, left(key, 120) AS key, start, left(text, 120) AS text, weight::bigint AS weight
    FROM ({tags} UNION ALL {teachers}) n CROSS JOIN LATERAL search_starts(text) AS s (start)
), gone AS (
    DELETE FROM search_name n WHERE {old} AND NOT EXISTS (
        SELECT FROM fresh f WHERE (f.kind, f.key, f.start) = (n.kind, n.key, n.start)
    )
)
INSERT INTO search_name AS n (kind, key, start, text, weight)
SELECT DISTINCT ON (kind, key, start) kind, key, start, text, weight FROM fresh
ORDER BY kind, key, start
ON CONFLICT (kind, key, start) DO {known}
"""
# one that was called otherwise before
RENAMED = "n.kind = 'teacher' AND n.key IN (SELECT key FROM fresh WHERE kind = 'teacher')"
UPDATE = """
UPDATE SET text = EXCLUDED.text, weight = EXCLUDED.weight
WHERE (n.text, n.weight) IS DISTINCT FROM (EXCLUDED.text, EXCLUDED.weight)
"""
# A title counts where it is much in demand; the rest is found by its words.
PREFIXES = """
WITH start (kind, start, answer, weight) AS (
    SELECT 'word', term, term, documents::bigint FROM search_term
    UNION ALL SELECT kind, start, key, weight FROM search_name
    UNION ALL SELECT DISTINCT 'title', word, d.course_id::text, d.popularity::bigint
        FROM search_document d
        CROSS JOIN LATERAL regexp_split_to_table(search_words(d.title), ' ') word
        WHERE d.tier = 0
), ready AS MATERIALIZED (
    SELECT kind, prefix,
        (array_agg(answer ORDER BY weight DESC, answer))[1:%(answers)s] AS answers
    FROM (
        SELECT kind, prefix, answer, max(weight) AS weight
        FROM start CROSS JOIN LATERAL generate_series(1, least(length(start), %(longest)s)) letters
        CROSS JOIN LATERAL left(start, letters) prefix
        GROUP BY kind, prefix, answer
    ) s
    GROUP BY kind, prefix HAVING count(*) > %(ready)s
), gone AS (
    DELETE FROM search_prefix p WHERE NOT EXISTS (
        SELECT FROM ready r WHERE (r.kind, r.prefix) = (p.kind, p.prefix)
    )
)
INSERT INTO search_prefix AS p (kind, prefix, answers) SELECT kind, prefix, answers FROM ready
ON CONFLICT (kind, prefix) DO UPDATE SET answers = EXCLUDED.answers
WHERE p.answers IS DISTINCT FROM EXCLUDED.answers
"""


def learn(*, course_ids: Iterable[int]) -> None:
    """Add tags and teachers of these courses that are new."""
    with connection.cursor() as cursor:
        cursor.execute(
            _write("c.id = ANY(%(ids)s)", old=RENAMED, known="NOTHING"), {"ids": list(course_ids)}
        )


@transaction.atomic
def learn_names() -> None:
    """All names as they are now, and the ready answers; only what changed is written."""
    with connection.cursor() as cursor:
        cursor.execute(_write("true", old="true", known=UPDATE))
        cursor.execute(PREFIXES, {"answers": ANSWERS, "longest": LONGEST, "ready": READY})


def forget_teacher(*, user_id: int) -> None:
    """A name that isn't theirs any more isn't suggested."""
    SearchName.objects.filter(kind=SearchName.Kind.TEACHER, key=str(user_id)).delete()


def _write(which: str, *, old: str, known: str) -> str:
    return WRITE.format(
        tags=TAGS.format(which=which), teachers=TEACHERS.format(which=which), old=old, known=known
    )
