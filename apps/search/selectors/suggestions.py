"""Ways to go on from what has been typed so far."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Func, Sum, Value

from apps.courses.models import Course
from apps.courses.selectors import CategoryNode, categories_tree

from ..models import SearchDocument, SearchTerm
from ..queries import Search, split_typing
from .finding import cards, find_courses
from .totals import total

MOST_SUGGESTIONS = 8


@dataclass(frozen=True)
class Suggestion:
    """`kind`: query, course, category or teacher; `count` courses stand behind it."""

    text: str
    kind: str
    course: Course | None = None
    slug: str = ""
    count: int = 0


def suggestions(text: str) -> list[Suggestion]:
    """Up to eight ways to go on from what has been typed so far, grouped by kind."""
    if not text:
        return []
    results = find_courses(Search(text=text, sort="relevance"), cursor=None, limit=4)
    courses = [Suggestion(each.title, "course", each, each.slug) for each in cards(results.ids)]
    asked, words = text, _suggested_words(text)
    if results.corrected:
        asked, words = results.corrected, [Suggestion(results.corrected, "query")]
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
    found = total(Search(text=word))
    return found.value if found.relation == "eq" else 0


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
    rows: Any = (
        SearchDocument.objects.extra(
            where=[
                "body_vector @@ to_tsquery('edu_simple', quote_literal(search_text(%s)) || ':*D')"
            ],
            params=[text],
        )
        .order_by()
        .values("owner__name", "owner__username")
        .annotate(count=Count("pk"), students=Sum("popularity"))
        .order_by("-students", "owner__username")[:2]
    )
    return [
        Suggestion(row["owner__name"], "teacher", slug=row["owner__username"], count=row["count"])
        for row in rows
    ]
