"""The passages that may answer a question: found by PostgreSQL, ranked by the offline engine."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, Q, Sum

from apps.ai.offline.retrieval import Asked, Candidate, ranked
from apps.courses.models import Lesson
from apps.enrollment.selectors import lessons_open_to

from ..models import LessonReading, Passage

MOST = 200  # passages that are ranked
MOST_WORDS = 40  # of a question that are searched for
ALIKE = 0.5  # trigrams that a misspelt word and the passage share
MOST_MISSPELT = 4


@dataclass(frozen=True)
class Found:
    passage: Passage
    score: float
    coverage: float


def lessons_up_to(user: Any, lesson: Lesson) -> list[int]:
    """The lessons of the course that the person may open, in order, ending with this one."""
    open_to = lessons_open_to(user).filter(course=lesson.course_id)
    rows = list(open_to.in_order().values_list("pk", flat=True))  # type: ignore[attr-defined]
    return rows[: rows.index(lesson.pk) + 1] if lesson.pk in rows else []


def passages_for(asked: Asked, lesson: Lesson, scope: Sequence[int], most: int = 3) -> list[Found]:
    """The best passages of the lessons in scope, best first; `lesson` is where it was asked."""
    rows = _recalled(asked, scope)
    candidates = [
        Candidate(
            id=row.pk,
            text=row.text,
            section=row.section,
            lemmas=row.lemmas.split("\n"),
            near=frozenset(row.near.split("\n")) - {""},
            is_definition=row.is_definition,
            home=row.lesson_id == lesson.pk,
        )
        for row in rows
    ]
    total = LessonReading.objects.filter(lesson__in=scope).aggregate(all=Sum("passages"))["all"]
    by_id = {row.pk: row for row in rows}
    hits = ranked(asked, candidates, total or 0, most)
    return [Found(by_id[hit.id], hit.score, hit.coverage) for hit in hits]


def neighbours(passage: Passage, reach: int = 3) -> list[Passage]:
    """What stands around a passage in its lesson, the nearest first."""
    around = Passage.objects.filter(
        lesson=passage.lesson_id,
        number__gte=max(0, passage.number - reach),
        number__lte=passage.number + reach,
    ).exclude(pk=passage.pk)
    return sorted(around, key=lambda row: (abs(row.number - passage.number), row.number))


def _recalled(asked: Asked, scope: Sequence[int]) -> list[Passage]:
    # as it was typed, too: a stem finds what a dictionary form misses
    words = re.findall(r"\w+", " ".join([*asked.lemmas, asked.text]))[:MOST_WORDS]
    if not words or not scope:
        return []
    query = SearchQuery(
        " | ".join(f"'{word}'" for word in words), search_type="raw", config="russian"
    )
    in_scope = (
        Passage.objects.filter(lesson__in=scope)
        .select_related("lesson")
        .defer("vector", "lesson__content")
    )
    matching = in_scope.filter(vector=query).annotate(rank=SearchRank(F("vector"), query))
    rows: list[Passage] = list(matching.order_by("-rank", "pk")[:MOST])
    seen = {lemma for row in rows for lemma in row.lemmas.split("\n")}
    strange = [word for word in asked.lemmas if word not in seen and len(word) > 3]
    if strange:
        rows += _alike(in_scope, strange[:MOST_MISSPELT], {row.pk for row in rows})
    return rows


def _alike(in_scope: Any, words: list[str], known: set[int]) -> list[Passage]:
    """Passages with a word like one that stands nowhere: it was misspelt, or has another form."""
    near = Q()
    for number, word in enumerate(words):
        in_scope = in_scope.annotate(**{f"like{number}": TrigramWordSimilarity(word, "lemmas")})
        near |= Q(**{f"like{number}__gte": ALIKE})
    found = in_scope.filter(near).exclude(pk__in=known).order_by("pk")
    return list(found[:MOST])
