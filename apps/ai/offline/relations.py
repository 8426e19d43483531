"""How two terms of a lesson stand to each other: what makes one a wrong distractor of the other."""

import re
from functools import lru_cache

from .definitions import Definition
from .lesson import Lesson
from .words import content_set, grammar_of, lists

# {a} is a kind of {b}, or both are one thing; written for both languages
KIND_OF = [
    r"\b{a}\b[^.]{{0,40}}\b(?:is|are|as) (?:an? |the )?(?:\w+ ){{0,4}}{b}\b",
    r"\b{b}\b[^.]{{0,25}}(?:such as|including|especially|вроде|так\w+ как) [^.]{{0,60}}\b{a}\b",
    r"\b{a} ?(?:—|–) ?(?:это )?(?:\w+ ){{0,4}}{b}\b",
    r"\b{a}\W{{1,3}}(?:\(|or |also |also called |или |то есть ){b}",
    r"\b{a} \({b}\)",
]


def too_close(lesson: Lesson, one: str, other: str) -> bool:
    """One holds the other, is a kind of it or another name for it."""
    first, second = content_set(one, lesson.language), content_set(other, lesson.language)
    if not first or not second or first <= second or second <= first:
        return True
    return any(
        _is_kind_of(sentence.text.lower(), a, b)
        for sentence in lesson.holding(first | second)
        for a, b in ((one, other), (other, one))
    )


def _is_kind_of(text: str, a: str, b: str) -> bool:
    return any(pattern.search(text) for pattern in _patterns(a.lower(), b.lower()))


@lru_cache(2_000)
def _patterns(a: str, b: str) -> list[re.Pattern[str]]:
    return [re.compile(p.format(a=re.escape(a), b=re.escape(b))) for p in KIND_OF]


def one_family(lesson: Lesson, one: Definition, other: Definition) -> bool:
    """Who doesn't know could take one for the other: kinds of one thing, or of the same genus."""
    head = grammar_of(lesson.language).head
    return head(one.term) == head(other.term) != "" or same_genus(lesson, one, other)


def same_genus(lesson: Lesson, one: Definition, other: Definition) -> bool:
    """Both are said to be a number, or a process."""
    kind = _kind_of(one.meaning, lesson.language)
    return kind == _kind_of(other.meaning, lesson.language) != ""


def _kind_of(meaning: str, language: str) -> str:
    genus = grammar_of(language).genus(meaning)
    if grammar_of(language).is_action(genus):
        return "process"
    return str(lists(language).kinds.get(genus, genus))


def supports(lesson: Lesson, stem: frozenset[str], term: frozenset[str], *, but: int) -> bool:
    """Another sentence says of the term nearly half of what the stem says.

    What tells of the term itself may say as much: two methods, two kinds are told of alike.
    """
    telling = lesson.told_in.get(term)
    return any(
        sentence.number != but
        and len(stem & sentence.lemmas)
        >= max(2, (0.75 if sentence.number == telling else 0.45) * len(stem))
        for sentence in lesson.holding(term)
    )


def fit_together(lesson: Lesson, one: str, other: str) -> bool:
    """Both may stand as options of one question."""
    if one.startswith("`") != other.startswith("`") or one.isupper() != other.isupper():
        return False
    return bool(grammar_of(lesson.language).same_kind(one, other))
