"""A summary out of the lesson's own sentences: TextRank, then as little repetition as possible.

Mihalcea and Tarau, "TextRank: Bringing Order into Texts" (2004); Carbonell and Goldstein on
maximal marginal relevance (1998).
"""

import math
from collections import Counter

import numpy as np
import numpy.typing as npt

from apps.ai.material import Material
from apps.ai.prompts.summary.schema import Summary

from .lesson import Lesson, read
from .sentences import Sentence, stands_alone
from .wording import printed

FEWEST_WORDS = 120  # of a lesson; a shorter one is its own summary
WORDS_PER_SENTENCE = 160
FEWEST, MOST = 3, 7
MOST_WEIGHED = 400  # sentences; the matrix grows with their square
DAMPING = 0.85


def make_summary(material: Material) -> Summary | None:
    lesson = read(material.title, material.text, material.language)
    if lesson is None or lesson.words < FEWEST_WORDS:
        return None
    fit = [s for s in lesson.sentences if stands_alone(s.text, lesson.language)]
    defining = {definition.sentence.number for definition in lesson.definitions}
    fit += [s for s in lesson.sentences if s.number in defining and s not in fit]
    fit = [s for s in fit if len(s.text) <= 500 and s.text.endswith((".", "!", "»", "”"))]
    if len(fit) < FEWEST:
        return None
    count = max(FEWEST, min(MOST, lesson.words // WORDS_PER_SENTENCE))
    chosen = sorted(_chosen(lesson, fit, defining, count), key=lambda s: s.number)
    return Summary(sentences=[printed(sentence.text) for sentence in chosen])


def _chosen(lesson: Lesson, fit: list[Sentence], defining: set[int], count: int) -> list[Sentence]:
    """The weightiest one by one, each weighed down by what it repeats."""
    weight = ranks(lesson.sentences[:MOST_WEIGHED])
    terms = {
        word for d in lesson.definitions for word in d.sentence.lemmas if word in d.term.lower()
    }
    scores = {
        sentence.number: weight.get(sentence.number, 0.5)
        + 0.35 * len(terms & sentence.lemmas)
        + (1.0 if sentence.number in defining else 0)
        + (0.3 if sentence.opens_block else 0)
        + 0.4 * (1 - sentence.number / len(lesson.sentences))
        for sentence in fit
    }
    chosen: list[Sentence] = []
    while len(chosen) < count and len(chosen) < len(fit):
        left = [sentence for sentence in fit if sentence not in chosen]
        chosen.append(max(left, key=lambda s: scores[s.number] - _repeated(s, chosen)))
    return chosen


def _repeated(sentence: Sentence, chosen: list[Sentence]) -> float:
    overlap = max((_overlap(sentence, other) for other in chosen), default=0.0)
    same_section = sum(other.section == sentence.section for other in chosen)
    return 2.4 * overlap + 0.5 * same_section


def _overlap(one: Sentence, other: Sentence) -> float:
    smaller = min(len(one.lemmas), len(other.lemmas)) or 1
    return len(one.lemmas & other.lemmas) / smaller


def ranks(sentences: list[Sentence]) -> dict[int, float]:
    """TextRank by sentence number, 1 on the average."""
    count = len(sentences)
    if not count:
        return {}
    appears = Counter(word for sentence in sentences for word in sentence.lemmas)
    words = {word: place for place, word in enumerate(appears)}
    table: npt.NDArray[np.float64] = np.zeros((count, len(words)))
    for row, sentence in enumerate(sentences):
        for word in sentence.lemmas:
            table[row, words[word]] = math.log(1 + count / appears[word])
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    table /= np.where(lengths == 0, 1, lengths)
    links = table @ table.T
    np.fill_diagonal(links, 0)
    totals = links.sum(axis=0)
    links /= np.where(totals == 0, 1, totals)
    rank = np.full(count, 1 / count)
    for _ in range(40):
        rank = (1 - DAMPING) / count + DAMPING * links @ rank
    return {s.number: float(r) * count for s, r in zip(sentences, rank, strict=True)}
