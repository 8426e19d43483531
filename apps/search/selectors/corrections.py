"""What was meant where what was typed finds nothing."""

from dataclasses import dataclass
from typing import Any

from apps.core import statements

from ..queries import Search, is_wanted, split_typing, terms_of
from ..typing_slips import other_readings
from .asking import Words, wanted_terms

MOST_CORRECTED = 6  # words of one text

# For each word what it may stand for: itself, if courses know it or its stem; else another reading
# that they know; else the nearest word of any reading, where the word as typed goes before others.
# Numbers and short words aren't near to any.
CORRECT = """
WITH asked AS MATERIALIZED (
    SELECT place, other, word, search_stem(word) AS stem
    FROM unnest(%s::int[], %s::int[], %s::text[]) AS asked (place, other, typed)
    CROSS JOIN LATERAL (SELECT btrim(search_text(typed)) AS word OFFSET 0) w
    WHERE length(word) BETWEEN 2 AND 40 AND to_tsvector('edu', word) <> ''
), known AS MATERIALIZED (
    SELECT DISTINCT ON (place) place, other, term
    FROM asked CROSS JOIN LATERAL (
        SELECT term, 0 AS rank FROM search_term WHERE term = word
        UNION ALL
        (SELECT term, 1 FROM search_term t WHERE t.stem = asked.stem
         ORDER BY documents DESC, term LIMIT 1)
        ORDER BY rank LIMIT 1
    ) t
    ORDER BY place, other
), near AS (
    SELECT DISTINCT ON (place) place, term
    FROM asked CROSS JOIN LATERAL (
        SELECT term, documents,
            least(levenshtein(t.term, word), levenshtein(t.stem, asked.stem)) AS distance
        FROM search_term t
        WHERE t.deletes && (search_deletes(word) || search_deletes(asked.stem))
    ) t
    WHERE place NOT IN (SELECT place FROM known) AND length(word) > 3 AND word !~ '[0-9]'
        AND distance <= CASE WHEN length(word) = 4 THEN 1 ELSE 2 END
    ORDER BY place, distance + least(other, 1) / 2.0, left(term, 1) <> left(word, 1),
        documents DESC, term
)
SELECT place, term FROM known WHERE other > 0 UNION ALL SELECT place, term FROM near
"""
# For each word of one edit less or more that far more courses have.
MORE_COMMON = """
SELECT DISTINCT ON (place) place, term
FROM unnest(%s::int[], %s::text[]) AS asked (place, typed)
CROSS JOIN LATERAL (SELECT btrim(search_text(typed)) AS word OFFSET 0) w
JOIN search_term t ON t.deletes && search_deletes(word)
WHERE length(word) BETWEEN 4 AND 40 AND word !~ '[0-9]' AND t.stem <> search_stem(word)
    AND t.documents >= %s AND levenshtein(t.term, word) = 1
ORDER BY place, documents DESC, term
"""
FAR_MORE = 20
# Whether so many courses have each word, or another form of it.
KNOWN = """
SELECT coalesce(bool_and(EXISTS (
    SELECT FROM search_term t
    WHERE (t.term = word OR t.stem = search_stem(word)) AND t.documents >= %s
)), true)
FROM unnest(%s::text[]) typed
CROSS JOIN LATERAL (SELECT btrim(search_text(typed)) AS word OFFSET 0) w
WHERE to_tsvector('edu', word) <> ''
"""
ENOUGH = 20


@dataclass(frozen=True)
class Told:
    """What is to be known of words that find nothing before they are taken for others."""

    says_nothing: bool  # stop words alone
    is_known: bool  # each word is meant as it stands; phrases are
    so_far: Words  # the words while the last is still being typed; None where it can't go on


def told_of(search: Search, wanted: Words) -> Told:
    """`wanted`: the words of this search."""
    sql, values = wanted or ("NULL::tsquery", [])
    words = [term for _, term in _words(terms_of(search.text))]
    finished, last = split_typing(search.text)
    before = " ".join(wanted_terms(finished))
    [(nodes, is_known, so_far)] = statements.rows_of(
        f"SELECT numnode({sql}), ({KNOWN}), search_query_so_far(%s::text, %s::text)::text",
        [*values, ENOUGH, words, before, last or None],
    )
    return Told(not nodes, is_known, ("%s::tsquery", [so_far]) if so_far else None)


def correction(text: str) -> str | None:
    """The text with its unknown words replaced by the nearest known; None where there is none."""
    terms = terms_of(text)
    rows = [
        (place, number, reading)
        for place, term in _words(terms)
        for number, reading in enumerate([term, *other_readings(term)])
    ]
    if not rows:
        return None
    columns = [list(column) for column in zip(*rows, strict=True)]
    return _replaced(terms, statements.rows_of(CORRECT, columns))


def more_common(text: str, *, than: int) -> str | None:
    """The text with words that far more courses have than so many, one edit apart."""
    terms = terms_of(text)
    if not _words(terms):
        return None
    places, words = zip(*_words(terms), strict=True)
    values = [list(places), list(words), max(1, than) * FAR_MORE]
    return _replaced(terms, statements.rows_of(MORE_COMMON, values))


def _words(terms: list[str]) -> list[tuple[int, str]]:
    """Those that may be a slip, with their places."""
    words = [
        (place, term)
        for place, term in enumerate(terms)
        if is_wanted(term) and not term.startswith('"')
    ]
    return words[:MOST_CORRECTED]


def _replaced(terms: list[str], rows: list[tuple[Any, ...]]) -> str | None:
    nearest = dict(rows)
    if not nearest:
        return None
    return " ".join(nearest.get(place, term) for place, term in enumerate(terms))
