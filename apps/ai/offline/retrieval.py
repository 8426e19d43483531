"""Which passages answer a question: BM25 over the dictionary forms, with what stands around them.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009).
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from .words import TOKEN, lists, terms

NEAR, HEADING = 0.35, 0.8  # what a word counts beside or above a passage, against 1 in it
SATURATION, LENGTH = 1.2, 0.6  # BM25's k1 and b
ALIKE = 82  # of 100: a word with a typing error
ROOT = 5
DEFINING, INTENT = 1.6, 1.25
ELSEWHERE = 0.6  # what a passage of an earlier lesson counts

Bag = dict[str, float]


@dataclass(frozen=True)
class Candidate:
    """A passage that may answer. `home`: it stands in the lesson that was asked in."""

    id: int
    text: str
    section: str
    lemmas: Sequence[str]
    near: frozenset[str]
    is_definition: bool = False
    home: bool = True


@dataclass(frozen=True)
class Hit:
    """`coverage`: how much of the question, by the rarity of its words, the passage speaks of."""

    id: int
    score: float
    coverage: float


@dataclass(frozen=True)
class Asked:
    """A question's words: `lemmas` carry it, without those that every question has."""

    text: str
    language: str
    lemmas: tuple[str, ...]

    @classmethod
    def read(cls, text: str, language: str) -> "Asked":
        known = lists(language)
        words = dict.fromkeys(terms(text, language))
        return cls(text, language, tuple(w for w in words if w not in known.question_words))


def ranked(asked: Asked, candidates: Sequence[Candidate], total: int, most: int = 3) -> list[Hit]:
    """The best passages, best first. `total`: of how many passages the candidates were chosen."""
    bags = [_bag(candidate, asked.language) for candidate in candidates]
    frequency = Counter(word for bag in bags for word in bag)
    total = max(total, len(bags))
    matches = {word: _matches(word, tuple(frequency)) for word in asked.lemmas}
    weights = {
        match: _rarity(frequency[match], total) for found in matches.values() for match in found
    }
    average = sum(sum(bag.values()) for bag in bags) / (len(bags) or 1)
    wish = _wish(asked)
    hits = []
    for candidate, bag in zip(candidates, bags, strict=True):
        score = _score(bag, weights, average)
        if score > 0:
            score *= wish(candidate) * (1 if candidate.home else ELSEWHERE)
            hits.append(Hit(candidate.id, score, _coverage(bag, matches, weights, total)))
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:most]


def known_words(asked: Asked, lemmas: Iterable[str]) -> dict[str, str]:
    """The question's words, as typed, that the passages speak of: dictionary form → word."""
    there = set(lemmas)
    found: dict[str, str] = {}
    for word in TOKEN.findall(asked.text):
        for form in terms(word, asked.language):
            if form in asked.lemmas:
                for match in _matches(form, tuple(sorted(there))):
                    found.setdefault(match, word)
    return found


def _bag(candidate: Candidate, language: str) -> Bag:
    weighed: Bag = dict(Counter(candidate.lemmas))
    for word in _heading(candidate.section, language):
        weighed[word] = weighed.get(word, 0) + HEADING
    for word in candidate.near:
        weighed[word] = weighed.get(word, 0) + NEAR
    return weighed


@lru_cache(2_000)
def _heading(section: str, language: str) -> frozenset[str]:
    return frozenset(terms(section, language))


def _rarity(count: int, total: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def _coverage(
    bag: Bag, matches: dict[str, list[str]], weights: dict[str, float], total: int
) -> float:
    """A word that stands nowhere weighs as much as the rarest."""
    there = whole = 0.0
    for found in matches.values():
        weight = max((weights[match] for match in found), default=_rarity(0, total))
        whole += weight
        there += weight * any(bag.get(match, 0) >= NEAR for match in found)
    return there / whole if whole else 0.0


def _matches(word: str, vocabulary: tuple[str, ...]) -> list[str]:
    if word in vocabulary:
        return [word]
    close = [other for other in vocabulary if abs(len(other) - len(word)) < 4]
    best = max(close, key=lambda other: fuzz.ratio(word, other), default="")
    if len(word) > 3 and best and fuzz.ratio(word, best) >= ALIKE:
        return [best]
    if len(word) <= ROOT:
        return []
    return [o for o in vocabulary if len(o) > ROOT and o[:ROOT] == word[:ROOT]][:3]


def _score(bag: Bag, weights: dict[str, float], average: float) -> float:
    length = sum(bag.values())
    norm = SATURATION * (1 - LENGTH + LENGTH * length / (average or 1))
    return sum(
        weight * bag[word] * (SATURATION + 1) / (bag[word] + norm)
        for word, weight in weights.items()
        if word in bag
    )


# ── What kind of answer is wanted ─────────────────────────────────────────────────────────────
def _wish(asked: Asked) -> Callable[[Candidate], float]:
    known = lists(asked.language)
    small = asked.text.lower().strip()
    wants_meaning = known.asks_meaning.match(small)
    wants_reason = known.asks_reason.match(small)
    wants_number = known.asks_number.match(small)
    words = set(asked.lemmas)

    def factor(candidate: Candidate) -> float:
        found = 1.0
        if wants_meaning and candidate.is_definition and set(candidate.lemmas[:3]) & words:
            found *= DEFINING
        if wants_reason and known.reasons.search(candidate.text):
            found *= INTENT
        if wants_number and (re.search(r"\d", candidate.text) or _number(candidate, known.numbers)):
            found *= INTENT
        return found

    return factor


def _number(candidate: Candidate, numbers: dict[str, int]) -> bool:
    return any(word in numbers for word in candidate.text.lower().split())
