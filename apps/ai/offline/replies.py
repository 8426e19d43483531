"""What a student's message is, and how far it says what a passage says."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from .tutor_words import TutorWords, spoken_by_tutors
from .words import TOKEN, WORD, content, is_stop

ALIKE = 84
ROOT = 5
RIGHT, PARTLY = 0.45, 0.15  # of the words that were to be found
LONGEST_LOW = 120  # characters of a message without effort
AIMED = 0.3  # of a reply's own words


class Kind(StrEnum):
    LOW = "low"  # no effort: "idk", "just tell me"
    OFF = "off"  # orders to the tutor, matters of others
    GUESS = "guess"  # a question that offers its answer: it wants a yes or a choice
    QUESTION = "question"
    STATEMENT = "statement"


@dataclass(frozen=True)
class Judged:
    """`score` is 0, .5 or 1; `found` the student's words that fit."""

    score: float
    found: tuple[str, ...]


def language_of_talk(text: str, otherwise: str) -> str:
    """The language a message is written in, by its letters."""
    cyrillic = len(re.findall("[а-яё]", text, re.IGNORECASE))
    latin = len(re.findall("[a-z]", text, re.IGNORECASE))
    if cyrillic == latin:
        return otherwise
    return "ru" if cyrillic > latin else "en"


def kind_of(text: str, language: str) -> Kind:
    heard = [spoken_by_tutors(language), spoken_by_tutors("ru" if language == "en" else "en")]
    if not WORD.search(text) and not re.search(r"\d", text):
        return Kind.LOW
    if len(text) <= LONGEST_LOW and any(words.low_effort.fullmatch(text) for words in heard):
        return Kind.LOW
    if any(words.off_topic.search(text) for words in heard):
        return Kind.OFF
    return _kind_of_talk(text, heard[0])


def _kind_of_talk(text: str, words: TutorWords) -> Kind:
    asks = words.asking.match(text)
    if not asks and not text.rstrip().endswith("?"):
        return Kind.STATEMENT
    return Kind.GUESS if not asks or words.guessing.search(text) else Kind.QUESTION


def judged(
    reply: str, wanted: Sequence[Collection[str]], passages: Sequence[str], language: str
) -> Judged:
    """The best fit of the reply to one of the passages; `wanted`: what was to be found in each.

    Typing errors and other forms of a word are forgiven; words of the question don't count, for
    they aren't among those wanted. A denial where the passage has none fits partly at most, and so
    does a heap of words of which few fit: it isn't told which.
    """
    best = Judged(0, ())
    said = dict(zip(content(reply, language), _contentful(reply, language), strict=True))
    for words, passage in zip(wanted, passages, strict=True):
        fits = {form: word for form, word in said.items() if _fits(form, words)}
        hit = {w for w in words if any(_fits(form, [w]) for form in fits)}
        share = len(hit) / (len(words) or 1)
        denies = _denies(reply, language) != _denies(passage, language)
        score = 1.0 if share >= RIGHT and not denies else 0.5 if share >= PARTLY else 0.0
        if score and len(fits) < AIMED * len(said):
            best = max(best, Judged(0.5, ()), key=lambda each: each.score)
        elif score > best.score:
            best = Judged(score, tuple(fits.values()))
    return best


def _contentful(text: str, language: str) -> list[str]:
    return [word for word in TOKEN.findall(text) if not is_stop(word, language)]


def _fits(form: str, wanted: Collection[str]) -> bool:
    return any(
        form == word
        or (len(form) > 4 and fuzz.ratio(form, word) >= ALIKE)
        or (len(form) > ROOT and len(word) > ROOT and form[:ROOT] == word[:ROOT])
        for word in wanted
    )


def _denies(text: str, language: str) -> bool:
    return bool(spoken_by_tutors(language).negation.search(text))
