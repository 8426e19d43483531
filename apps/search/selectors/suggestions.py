"""Ways to go on from what has been typed so far."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from apps.core.moment import ANYTHING, held, note
from apps.courses.models import Course
from apps.courses.selectors import CategoryNode, categories_tree

from ..queries import split_typing
from ..typing_slips import typed_by_other_keys
from .asking import wanted_terms
from .corrections import correction
from .finding import cards
from .profiles import every_subject
from .remembered import recent_searches

MOST_SUGGESTIONS = 8
MOST_SEARCHES = 3
MOST_OWN = 2
MOST_CATEGORIES = 2
FEWEST_COURSES = 2
MOST_COUNTED = 40  # courses of a word; the index stops counting after them


@dataclass(frozen=True)
class Suggestion:
    """`kind`: query, course, category or teacher; `count` courses stand behind it, where known."""

    text: str
    kind: str
    course: Course | None = None
    slug: str = ""
    count: int = 0
    id: int = 0


def suggestions(text: str, user: Any = None) -> list[Suggestion]:
    """Up to eight ways to go on from what has been typed so far, grouped by kind.

    What this person searched for before stands first. Where there is nothing, the same keys in the
    other layout and the nearest words are tried.
    """
    if not text:
        return []
    before = recent_searches(user, text)[:MOST_OWN] if user is not None else []
    if found := _suggested(text, before):
        return found
    other = typed_by_other_keys(text)
    if found := _suggested(other):
        return found
    if nearest := correction(text):
        searches = Suggestion(nearest, "query")
        return [searches, *(one for one in _suggested(nearest) if one.text != nearest)][
            :MOST_SUGGESTIONS
        ]
    return []


def with_cards(found: list[Suggestion]) -> list[Suggestion]:
    """The courses among them with all that a card shows."""
    courses = {course.pk: course for course in cards([one.id for one in found if one.id])}
    return [replace(one, course=courses.get(one.id)) for one in found]


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
KINDS = {"word": "query", "tag": "query", "course": "course", "teacher": "teacher"}


def _suggested(text: str, before: Iterable[str] = ()) -> list[Suggestion]:
    own = [Suggestion(search, "query") for search in before]
    by_kind: dict[str, list[Suggestion]] = {"query": own, "course": [], "teacher": []}
    for kind, label, slug, pk, number in _rows(text):
        one = Suggestion(
            SPELLINGS.get(label, label) if kind == "word" else label,
            KINDS[kind],
            slug=slug,
            count=number if number and (kind != "word" or number <= MOST_COUNTED) else 0,
            id=pk if kind == "course" else 0,
        )
        by_kind[one.kind].append(one)
    searches = list(_unlike(by_kind["query"]))[:MOST_SEARCHES]
    others = [*_suggested_categories(text), *by_kind["teacher"]]
    room = MOST_SUGGESTIONS - len(searches) - len(others)
    courses = by_kind["course"][: max(FEWEST_COURSES, room)]
    return [*searches, *courses, *others][:MOST_SUGGESTIONS]


def _rows(text: str) -> list[tuple[Any, ...]]:
    finished, last = split_typing(text)
    wanted = " ".join(wanted_terms(finished))
    note([ANYTHING])  # titles and names are told as they are now, not as the index has them
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM search_suggest(%s, %s)", [wanted, last])
        return cursor.fetchall()


def _unlike(searches: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """Each said once."""
    seen = set()
    for one in searches:
        if one.text.lower() not in seen:
            seen.add(one.text.lower())
            yield one


def _suggested_categories(text: str) -> list[Suggestion]:
    start = f" {_plain(text)}"
    named = held(("names of categories", get_language()), _named_categories)
    found = (node for name, node in named if start in name)
    return [
        Suggestion(node.name, "category", slug=node.slug, count=node.course_count)
        for node in islice(found, MOST_CATEGORIES)
    ]


def _named_categories() -> list[tuple[str, CategoryNode]]:
    """Those with courses by the beginnings of their words, the largest first."""
    nodes = [node for node in every_subject(categories_tree()) if node.course_count]
    nodes.sort(key=lambda node: -node.course_count)
    return [(f" {_plain(node.name)}", node) for node in nodes]


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")
