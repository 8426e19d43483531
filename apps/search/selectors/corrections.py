"""What was meant where what was typed finds nothing."""

from django.db import connection

from ..queries import is_wanted, terms_of
from ..typing_slips import other_readings

# For each reading of a word the nearest known one; the word as typed goes before other readings.
CORRECT = """
SELECT DISTINCT ON (place) place, term, other = 0 AND distance = 0
FROM (
    SELECT place, other, word, search_stem(word) AS stem
    FROM unnest(%s::int[], %s::int[], %s::text[]) AS asked (place, other, typed)
    CROSS JOIN LATERAL (SELECT btrim(search_text(typed)) AS word) w
    WHERE length(word) BETWEEN 2 AND 40 AND to_tsvector('edu', word) <> ''
) asked
CROSS JOIN LATERAL (
    SELECT term, documents,
        least(levenshtein(t.term, word), levenshtein(t.stem, asked.stem)) AS distance
    FROM search_term t
    WHERE t.deletes && (search_deletes(word) || search_deletes(asked.stem))
) near
WHERE distance <= CASE WHEN length(word) < 4 THEN 0 WHEN length(word) < 5 THEN 1 ELSE 2 END
ORDER BY place, distance + other / 2.0, left(term, 1) <> left(word, 1), documents DESC, term
"""


def correction(text: str) -> str | None:
    """The text with its unknown words replaced by the nearest known; None where there is none."""
    terms = terms_of(text)
    rows = [
        (place, int(other > 0), reading)
        for place, term in enumerate(terms)
        if is_wanted(term) and not term.startswith('"')
        for other, reading in enumerate([term, *other_readings(term)])
    ]
    if not rows:
        return None
    with connection.cursor() as cursor:
        cursor.execute(CORRECT, [list(column) for column in zip(*rows, strict=True)])
        nearest = {place: term for place, term, known in cursor.fetchall() if not known}
    if not nearest:
        return None
    return " ".join(nearest.get(place, term) for place, term in enumerate(terms))
