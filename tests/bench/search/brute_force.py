"""What a search by relevance has to give: every hit is gathered, checked column by column, and sorted."""

from django.db import connection

from apps.courses.selectors import ids_with_descendants
from apps.search import selectors
from apps.search.queries import Search

TOP = 20
# The tier is named so that an index serves; that no row has another one is checked first.
HITS = """
SELECT course_id, popularity, title_vector @@ asked AS in_title
FROM search_document d, websearch_to_tsquery('edu', search_text(%(text)s)) asked
WHERE tier = {tier} AND body_vector @@ asked AND {conditions}
"""
ANSWER = """
SELECT course_id FROM ({hits}) h ORDER BY in_title DESC, popularity DESC, course_id DESC LIMIT {top}
"""
STRAYS = "SELECT count(*) FROM search_document WHERE tier NOT IN (0, 1, 2)"


def differences(searches: list[Search]) -> tuple[int, list[Search]]:
    """How many were compared, and those whose first page is another one.

    What finds nothing as it stands isn't compared: it is read as a beginning or as a slip then.
    """
    with connection.cursor() as cursor:
        cursor.execute(STRAYS)
        assert cursor.fetchone()[0] == 0
    compared, different = 0, []
    for search in searches:
        expected = _brute_force(search)
        if expected:
            compared += 1
            found = selectors.find_courses(search, cursor=None, limit=TOP)
            if found.ids != expected:
                different.append(search)
    return compared, different


def _brute_force(search: Search) -> list[int]:
    conditions, values = ["true"], {"text": search.text}
    if search.categories:
        conditions.append("category_id = ANY(%(categories)s)")
        values["categories"] = [pk for row in search.categories for pk in ids_with_descendants(row)]
    if search.levels:
        conditions.append("level = ANY(%(levels)s)")
        values["levels"] = list(search.levels)
    if search.languages:
        conditions.append("language = ANY(%(languages)s)")
        values["languages"] = list(search.languages)
    if search.is_free is not None:
        conditions.append("(price_key = 0) = %(is_free)s")
        values["is_free"] = search.is_free
    if search.min_rating:
        conditions.append("rating >= %(rating)s")
        values["rating"] = int(search.min_rating * 100)
    hits = " UNION ALL ".join(
        HITS.format(tier=tier, conditions=" AND ".join(conditions)) for tier in (0, 1, 2)
    )
    with connection.cursor() as cursor:
        cursor.execute(ANSWER.format(hits=hits, top=TOP), values)
        return [pk for (pk,) in cursor.fetchall()]
