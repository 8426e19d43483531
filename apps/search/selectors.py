"""Finding courses: matches in order, counts, facets, corrections of typing, suggestions."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQueryField
from django.core.cache import cache
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from apps.core.pagination import Page, paginate
from apps.courses.models import Course
from apps.courses.selectors import CategoryNode, categories_tree

from .models import SearchDocument, SearchTerm
from .prices import BAND_EDGE, price_key
from .queries import Search, is_wanted, split_typing, terms_of
from .typing_slips import other_readings

if TYPE_CHECKING:  # Django's fields take no parameters while running
    TextQuery = Func[SearchQueryField[Any, Any]]

REVISION = "search:revision"  # changes with every change of the index
EXACT_UP_TO = 1000
FACETS_LIFETIME = 60  # seconds
ORDERINGS = {
    "relevance": ("place", "-popularity", "-course_id"),
    "popular": ("-popularity", "-course_id"),
    "newest": ("-created_at", "-course_id"),
    "rating": ("-rating_key",),
    "price": ("price_key", "course_id"),
    "-price": ("-price_key", "-course_id"),
}
PRICE_BANDS = {
    "free": Q(price_key=0),
    "low": Q(price_key__gt=0, price_key__lt=BAND_EDGE),
    "high": Q(price_key__gte=BAND_EDGE),
}
LENGTH_BANDS = {
    "short": Q(duration_minutes__lt=180),
    "medium": Q(duration_minutes__gte=180, duration_minutes__lte=600),
    "long": Q(duration_minutes__gt=600),
}
RATING_STEPS = {"4.5": Q(rating__gte=450), "4": Q(rating__gte=400), "3": Q(rating__gte=300)}


@dataclass(frozen=True)
class Total:
    """A number of courses, exact up to a thousand; beyond it `relation` is "gte"."""

    value: int
    relation: str

    @classmethod
    def of(cls, number: int) -> "Total":
        if number > EXACT_UP_TO:
            return cls(EXACT_UP_TO, "gte")
        return cls(number, "eq")


@dataclass(frozen=True)
class Results:
    """`corrected`: the text that was searched for when the one asked for finds nothing at all."""

    courses: list[Course]
    next: str | None
    previous: str | None
    count: Total
    corrected: str | None


@dataclass(frozen=True)
class Suggestion:
    """`kind`: query, course, category or teacher; `count` courses stand behind it."""

    text: str
    kind: str
    course: Course | None = None
    slug: str = ""
    count: int = 0


# ── Results ───────────────────────────────────────────────────────────────────────────────────
def find_courses(search: Search, *, cursor: str | None, limit: int) -> Results:
    """A page of cards, to any depth. Raises InvalidCursor."""
    page = _page(search, cursor, limit)
    corrected = None
    if not page.items and search.text:
        corrected = correction(search.text)
        nearby = replace(search, text=corrected or search.text)
        other = _page(nearby, cursor, limit) if corrected else page
        if other.items:
            search, page = nearby, other
        else:
            corrected = None
    return Results(
        courses=cards([document.pk for document in page.items]),
        next=page.next,
        previous=page.previous,
        count=total(matching(search)) if page.items else Total(0, "eq"),
        corrected=corrected,
    )


def _page(search: Search, cursor: str | None, limit: int) -> Page[SearchDocument]:
    documents = in_order(matching(search), search)
    return paginate(documents, ordering=ORDERINGS[search.sort], cursor=cursor, limit=limit)


def cards(course_ids: list[int]) -> list[Course]:
    """The courses as they are now, in the given order; one that left the catalogue is left out."""
    courses = (
        Course.objects.published().with_card().defer("description", "outcomes", "prerequisites")
    ).in_bulk(course_ids)
    return [courses[pk] for pk in course_ids if pk in courses]


def total(documents: QuerySet[SearchDocument]) -> Total:
    return Total.of(documents.order_by()[: EXACT_UP_TO + 1].count())


def matching(search: Search, *, without: str = "") -> QuerySet[SearchDocument]:
    """All that the search finds; `without` leaves one group of filters out, for its own facet."""
    conditions = conditions_of(search)
    conditions.pop(without, None)
    return matching_text(search.text).filter(*conditions.values())


def matching_text(text: str) -> QuerySet[SearchDocument]:
    documents = SearchDocument.objects.defer("title_vector", "body_vector")
    if not text:
        return documents
    full, so_far = _queries(text)
    if so_far is None:
        return documents.filter(_hits("body_vector", full))
    either = Func(
        full,
        so_far,
        template="(%(expressions)s)",
        arg_joiner=" || ",
        output_field=SearchQueryField(),
    )
    return documents.filter(_hits("body_vector", either))


def in_order(
    documents: QuerySet[SearchDocument], search: Search
) -> QuerySet[SearchDocument, SearchDocument]:
    """With `place` when the order is by relevance: hits in the title, then in the rest of the text."""
    if search.sort != "relevance":
        return documents
    full, so_far = _queries(search.text)
    places = [When(_hits("title_vector", full), then=0), When(_hits("body_vector", full), then=2)]
    if so_far:
        places.insert(1, When(_hits("title_vector", so_far), then=1))
    return documents.annotate(place=Case(*places, default=Value(3), output_field=IntegerField()))


def conditions_of(search: Search) -> dict[str, Q]:
    """One condition per group of filters that is on."""
    found: dict[str, Q] = {}
    if search.categories:
        found["category"] = Q(category__in=_with_descendants(search))
    if search.levels:
        found["level"] = Q(level__in=search.levels)
    if search.languages:
        found["language"] = Q(language__in=search.languages)
    if price := _price_condition(search):
        found["price"] = price
    if search.min_rating:
        found["rating"] = Q(rating__gte=int(search.min_rating * 100))
    if length := _length_condition(search):
        found["length"] = length
    return found


def _price_condition(search: Search) -> Q:
    condition = _any_of(PRICE_BANDS, search.prices)
    if search.is_free is not None:
        condition &= Q(price_key=0) if search.is_free else Q(price_key__gt=0)
    if search.min_price is not None:
        condition &= Q(price_key__gte=price_key(search.min_price, search.currency))
    if search.max_price is not None:
        condition &= Q(price_key__lte=price_key(search.max_price, search.currency))
    return condition


def _length_condition(search: Search) -> Q:
    condition = _any_of(LENGTH_BANDS, search.lengths)
    if search.min_duration is not None:
        condition &= Q(duration_minutes__gte=search.min_duration)
    if search.max_duration is not None:
        condition &= Q(duration_minutes__lte=search.max_duration)
    return condition


def _any_of(bands: dict[str, Q], chosen: Iterable[str]) -> Q:
    condition = Q()
    for name in chosen:
        condition |= bands[name]
    return condition


def _with_descendants(search: Search) -> set[int]:
    """A chosen category stands for all below it, unless one below it is chosen too: that is narrower."""
    chosen = {category.pk for category in search.categories}
    found: set[int] = set()

    def collect(node: CategoryNode, inside: bool) -> None:
        inside = node.id in chosen or inside
        if inside and not any(_holds(child, chosen) for child in node.children):
            found.update(_family(node))
            return
        for child in node.children:
            collect(child, inside=False)

    for root in categories_tree():
        collect(root, inside=False)
    return found


def _holds(node: CategoryNode, ids: set[int]) -> bool:
    return node.id in ids or any(_holds(child, ids) for child in node.children)


def _family(node: CategoryNode) -> Iterator[int]:
    yield node.id
    for child in node.children:
        yield from _family(child)


def _queries(text: str) -> tuple["TextQuery", "TextQuery | None"]:
    """The query for the whole words of the text, and the one whose last word may go on."""
    finished, last = split_typing(text)
    whole = " ".join(terms_of(text))
    full = Func(Value(whole), function="search_query", output_field=SearchQueryField())
    if not last:
        return full, None
    return full, Func(
        Value(finished),
        Value(last),
        function="search_query_so_far",
        output_field=SearchQueryField(),
    )


def _hits(vector: str, query: "TextQuery") -> "Func[BooleanField[Any, Any]]":
    return Func(
        F(vector),
        query,
        template="(%(expressions)s)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


# ── Facets ────────────────────────────────────────────────────────────────────────────────────
Facets = dict[str, dict[str, int]]


def facets(search: Search) -> Facets:
    """Group → value → number of courses, were that value chosen; each group ignores its own filter."""
    key = f"search:facets:{cache.get(REVISION)}:{hash_of(search)}"
    found: Facets | None = cache.get(key)
    if found is None:
        found = _count_facets(search)
        cache.set(key, found, FACETS_LIFETIME)
    return found


def hash_of(search: Search) -> str:
    """A key for caches: equal for equal searches."""
    return hashlib.sha256(repr(replace(search, sort="")).encode()).hexdigest()[:32]


VALUE_GROUPS = ("category", "level", "language")
BAND_GROUPS = {"price": PRICE_BANDS, "rating": RATING_STEPS, "length": LENGTH_BANDS}


def _count_facets(search: Search) -> Facets:
    """Groups without a filter of their own are counted together: two queries for all of them."""
    on = list(conditions_of(search))
    found: Facets = {}
    for without in ["", *on]:
        documents = matching(search, without=without).order_by()
        names = [without] if without else [n for n in (*VALUE_GROUPS, *BAND_GROUPS) if n not in on]
        found |= _by_value(documents, [name for name in names if name in VALUE_GROUPS])
        found |= _by_band(documents, [name for name in names if name in BAND_GROUPS])
    return found


def _by_value(documents: QuerySet[SearchDocument], names: list[str]) -> Facets:
    if not names:
        return {}
    counts: dict[str, Counter[Any]] = {name: Counter() for name in names}
    for *values, number in documents.values_list(*names).annotate(n=Count("pk")):
        for name, value in zip(names, values, strict=True):
            counts[name][value] += number
    found = {name: dict(counter.most_common()) for name, counter in counts.items()}
    if "category" in found:
        found["category"] = _with_those_below(counts["category"])
    return found


def _by_band(documents: QuerySet[SearchDocument], names: list[str]) -> Facets:
    if not names:
        return {}
    bands = [(name, band) for name in names for band in BAND_GROUPS[name]]
    counts = documents.aggregate(
        **{
            f"band_{place}": Count("pk", filter=BAND_GROUPS[name][band])
            for place, (name, band) in enumerate(bands)
        }
    )
    found: Facets = {name: {} for name in names}
    for place, (name, band) in enumerate(bands):
        found[name][band] = counts[f"band_{place}"]
    return found


def _with_those_below(own: Counter[Any]) -> dict[str, int]:
    """Courses by the slug of their category and of all above it."""
    found: dict[str, int] = {}

    def add(node: CategoryNode) -> int:
        number = own[node.id] + sum(add(child) for child in node.children)
        if number:
            found[node.slug] = number
        return number

    for node in categories_tree():
        add(node)
    return found


# ── Corrections ───────────────────────────────────────────────────────────────────────────────
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
    """The text with its unknown words replaced by the nearest known, if it finds no course at all."""
    # not exists(): for its first row the planner would read the table from the top
    if matching_text(text).count():
        return None
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


# ── Suggestions ───────────────────────────────────────────────────────────────────────────────
MOST_SUGGESTIONS = 8


def suggestions(text: str) -> list[Suggestion]:
    """Up to eight ways to go on from what has been typed so far, grouped by kind."""
    if not text:
        return []
    words, courses, asked = _suggested_words(text), _suggested_courses(text), text
    if not courses and (corrected := correction(text)):
        words, courses, asked = (
            [Suggestion(corrected, "query")],
            _suggested_courses(corrected),
            corrected,
        )
    found = [
        *words,
        *courses,
        *_suggested_categories(asked),
        *_suggested_teachers(asked),
    ]
    return found[:MOST_SUGGESTIONS]


# words that the normal form spells in letters alone, as people write them
SPELLINGS = {
    "cpp": "C++",
    "csharp": "C#",
    "fsharp": "F#",
    "dotnet": ".NET",
    "nodejs": "Node.js",
    "vuejs": "Vue.js",
    "nextjs": "Next.js",
}


def _suggested_words(text: str) -> list[Suggestion]:
    finished, last = split_typing(text)
    if finished or len(last) < 2:
        return []
    words = SearchTerm.objects.filter(
        term__startswith=Func(Value(last), template="btrim(search_text(%(expressions)s))")
    ).order_by("-documents", "term")
    return [
        Suggestion(SPELLINGS.get(word.term, word.term), "query", count=_exact_count(word.term))
        for word in words[:2]
    ]


def _exact_count(word: str) -> int:
    """How many courses the word finds; 0, which isn't shown, where that is only known roughly."""
    found = total(matching_text(word))
    return found.value if found.relation == "eq" else 0


def _suggested_courses(text: str) -> list[Suggestion]:
    search = Search(text=text, sort="relevance")
    ordered = in_order(matching(search), search).order_by(*ORDERINGS["relevance"])
    ids = list(ordered.values_list("pk", flat=True)[:4])
    return [Suggestion(course.title, "course", course, course.slug) for course in cards(ids)]


def _suggested_categories(text: str) -> list[Suggestion]:
    start = text.lower().replace("ё", "е")
    found: list[Suggestion] = []

    def look(nodes: list[CategoryNode]) -> None:
        for node in nodes:
            words = f" {node.name}".lower().replace("ё", "е")
            if node.course_count and f" {start}" in words:
                found.append(
                    Suggestion(node.name, "category", slug=node.slug, count=node.course_count)
                )
            look(node.children)

    look(categories_tree())
    return sorted(found, key=lambda one: -one.count)[:2]


def _suggested_teachers(text: str) -> list[Suggestion]:
    teaches = Func(
        Value(text),
        template="to_tsquery('edu_simple', quote_literal(search_text(%(expressions)s)) || ':*D')",
        output_field=SearchQueryField(),
    )
    rows: Any = (
        SearchDocument.objects.filter(_hits("body_vector", teaches))
        .order_by()
        .values("owner__name", "owner__username")
        .annotate(count=Count("pk"), students=Sum("popularity"))
        .order_by("-students", "owner__username")[:2]
    )
    return [
        Suggestion(row["owner__name"], "teacher", slug=row["owner__username"], count=row["count"])
        for row in rows
    ]
