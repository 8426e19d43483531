"""Words of a text: tokens, dictionary forms, and the lists of `data/` that each language is read by."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

LANGUAGES = ("en", "ru")
DATA = Path(__file__).parent / "data"

WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*")
# code spans and formulas are one token each
TOKEN = re.compile(rf"`[^`]+`|\$[^$]+\$|{WORD.pattern}|\d+(?:[.,]\d+)*%?")
CODE_OR_FORMULA = re.compile(r"`[^`]*`|\$[^$]*\$")


@dataclass(frozen=True)
class Lists:
    """One language's data, ready to match with."""

    stop: frozenset[str]
    generic: frozenset[str]
    kinds: dict[str, str]
    abbreviations: frozenset[str]
    skipped_sections: re.Pattern[str]
    leaning_starts: re.Pattern[str]
    pointing: re.Pattern[str]
    vague: re.Pattern[str]
    opinion: re.Pattern[str]
    approximate: re.Pattern[str]
    supposition: re.Pattern[str]
    about_options: re.Pattern[str]
    page: re.Pattern[str]
    order_hints: re.Pattern[str]
    numbers: dict[str, int]
    counted: re.Pattern[str]
    of_some: re.Pattern[str]
    opposites: dict[str, str]
    question_words: frozenset[str]
    asks_meaning: re.Pattern[str]
    asks_reason: re.Pattern[str]
    asks_number: re.Pattern[str]
    reasons: re.Pattern[str]
    wording: dict[str, str]


@lru_cache
def lists(language: str) -> Lists:
    data: dict[str, Any] = tomllib.loads((DATA / f"{language}.toml").read_text("utf-8"))
    opposites: dict[str, str] = {}
    for pair in data["opposites"]:
        one, other = pair.split("/")
        opposites.setdefault(one, other)
        opposites.setdefault(other, one)
    return Lists(
        stop=frozenset(data["stop"].split()),
        generic=frozenset(data["generic"].split()),
        kinds={word: line.split()[0] for line in data["kinds"] for word in line.split()},
        abbreviations=frozenset(data["abbreviations"].split()),
        skipped_sections=any_of(data["skipped_sections"]),
        leaning_starts=re.compile(
            rf"[^\w`$]*(?:{alternatives(data['leaning_starts'])})(?![\w-])", re.IGNORECASE
        ),
        pointing=any_of(data["pointing"]),
        vague=any_of(data["vague"]),
        opinion=any_of(data["opinion"]),
        approximate=re.compile(
            rf"\b(?:{alternatives(data['approximate'])}) [$€£₽]?$", re.IGNORECASE
        ),
        supposition=any_of(data["supposition"]),
        about_options=any_of(data["about_options"]),
        page=any_of(data["page"]),
        order_hints=any_of(data["order_hints"]),
        numbers=data["numbers"],
        counted=any_of(data["counted"]),
        of_some=re.compile(rf"\b(?:{alternatives(data['of_some'])}) $", re.IGNORECASE),
        opposites=opposites,
        question_words=frozenset(data["question_words"].split()),
        asks_meaning=any_of(data["asks_meaning"]),
        asks_reason=any_of(data["asks_reason"]),
        asks_number=any_of(data["asks_number"]),
        reasons=any_of(data["reasons"]),
        wording=data["wording"],
    )


def any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Matches any of the phrases as whole words; `*` stands for the rest of a word."""
    return re.compile(rf"(?<![\w-])(?:{alternatives(phrases)})(?![\w-])", re.IGNORECASE)


def alternatives(phrases: Iterable[str]) -> str:
    return "|".join(
        re.escape(phrase).replace(r"\*", r"\w*") for phrase in sorted(phrases, key=len)[::-1]
    )


def grammar_of(language: str) -> ModuleType:
    """`english` or `russian`: dictionaries load with the first use, and only in who asks."""
    if language == "ru":
        from . import russian

        return russian
    from . import english

    return english


@lru_cache(100_000)
def lemma(word: str, language: str) -> str:
    """Dictionary form in small letters; code and formulas stay as they are."""
    if word[0] in "`$" or word[0].isdigit():
        return word
    word = word.lower().replace("ё", "е").replace("’", "'")
    if re.search("[а-я]", word):
        language = "ru"
    elif language == "ru":
        language = "en"
    return str(grammar_of(language).lemma(word))


@lru_cache(100_000)
def is_stop(word: str, language: str) -> bool:
    stop = lists(language).stop
    return word.lower() in stop or (language == "ru" and lemma(word, language) in stop)


def content(text: str, language: str) -> list[str]:
    """The dictionary forms of the words that carry the text, in its order."""
    return [lemma(word, language) for word in TOKEN.findall(text) if not is_stop(word, language)]


def terms(text: str, language: str) -> list[str]:
    """As `content`, to search by: code by its words, and words in capitals are names, no stop words."""
    found: list[str] = []
    for word in TOKEN.findall(text):
        if word[0] in "`$":
            found += [part.lower() for part in re.findall(r"\w+", word)]
        elif len(word) > 1 and word.isupper():
            found.append(word.lower())
        elif not is_stop(word, language):
            found.append(lemma(word, language))
    return found


def content_set(text: str, language: str) -> frozenset[str]:
    return frozenset(content(text, language))


def letters(text: str) -> str:
    """Only what is read of a text, to compare quotations by: small letters and figures."""
    return " ".join(re.findall(r"[^\W_]+", text.lower().replace("ё", "е")))


def first_high(text: str) -> str:
    return text[:1].upper() + text[1:]
