"""Can items be put in order, and pairs be told apart?"""

import re

from ..words import WORD, letters, lists
from .asked import Asked, read


def lines_of(asked: Asked) -> list[str]:
    question = asked.question
    lines = [
        *question.items,
        *(side for pair in question.pairs for side in (pair.left, pair.right)),
    ]
    return [read(line) for line in lines]


def items(asked: Asked) -> bool:
    found = [letters(line) for line in lines_of(asked)]
    return not 3 <= len(found) <= 7 or len(set(found)) < len(found)


def ordinal_hint(asked: Asked) -> bool:
    hints = lists(asked.language).order_hints
    return any(hints.match(line) or re.match(r"\d", line) for line in lines_of(asked))


def item_length(asked: Asked) -> bool:
    return any(not 2 <= len(WORD.findall(line)) <= 30 for line in lines_of(asked))


def date_in_item(asked: Asked) -> bool:
    return any(re.search(r"\b(?:1\d{3}|20\d\d)\b", line) for line in lines_of(asked))


def item_not_in_source(asked: Asked) -> bool:
    return any(not _is_said(asked, asked.words(line)) for line in lines_of(asked))


def _is_said(asked: Asked, words: frozenset[str]) -> bool:
    """One sentence or row of the lesson, or the quote, holds nearly all of the words."""
    return any(
        len(words & said) >= 0.8 * len(words) for said in (asked.quote, *asked.lesson.sayings)
    )


def pairs(asked: Asked) -> bool:
    left = [letters(read(pair.left)) or pair.left for pair in asked.question.pairs]
    right = [letters(read(pair.right)) or pair.right for pair in asked.question.pairs]
    return not 3 <= len(left) <= 6 or len(set(left)) < len(left) or len(set(right)) < len(right)


def pairs_alike(asked: Asked) -> bool:
    sets = [asked.words(read(pair.right)) for pair in asked.question.pairs]
    return any(
        a and b and len(a & b) > 0.75 * min(len(a), len(b))
        for place, a in enumerate(sets)
        for b in sets[place + 1 :]
    )


def pair_length(asked: Asked) -> bool:
    return any(len(WORD.findall(line)) > 32 for line in lines_of(asked))


def pair_numbers(asked: Asked) -> bool:
    """Rows of figures are no knowledge."""
    left = [read(pair.left) for pair in asked.question.pairs]
    right = [read(pair.right) for pair in asked.question.pairs]
    return any(
        sum(not WORD.search(re.sub(r"\$[^$]*\$", "x", line)) for line in side) > len(side) / 2
        for side in (left, right)
    )


def pair_not_in_source(asked: Asked) -> bool:
    """Both sides have to be said of one another, not only somewhere each."""
    return any(
        not _is_said(asked, asked.words(f"{read(pair.left)} {read(pair.right)}"))
        for pair in asked.question.pairs
    )
