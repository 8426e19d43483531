"""The answers of a course's questions, as words that the tutor must keep to itself."""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import F

from apps.ai.offline.guard import telling
from apps.ai.offline.words import LANGUAGES, lists
from apps.ai.prompts.quiz.schema import QuestionKind
from apps.ai.prompts.tutor.schema import QuizKey

from ..models import Question

MOST = 5000  # of a larger bank those that a published quiz asks
SHORT = 3  # words of an answer that give it away one by one


def answer_keys(course_id: int) -> tuple[QuizKey, ...]:
    """Of all approved questions: drafts are nobody's yet, retired ones aren't asked."""
    rows = Question.objects.filter(course=course_id, current__isnull=False).approved()
    asked_first = F("quiz__published_at").asc(nulls_last=True)
    versions = rows.order_by(asked_first, "pk").values_list(
        "current__kind", "current__text", "current__body"
    )
    return tuple(
        key
        for kind, text, body in versions[:MOST]
        for key in _keys_of(kind, text, json.dumps(body, sort_keys=True))
    )


def is_asked(words: frozenset[str], keys: Iterable[QuizKey]) -> list[QuizKey]:
    """The keys of the questions that ask what these words ask."""
    return [key for key in keys if _asks_the_same(words, key.stem)]


def related(words: frozenset[str], keys: Iterable[QuizKey]) -> frozenset[str]:
    """Short answers of questions about what these words are about."""
    return frozenset(
        word
        for key in keys
        if len(key.stem & words) >= min(2, len(key.stem))
        for answer in key.answers
        if len(answer) <= SHORT
        for word in answer
    )


def _asks_the_same(words: frozenset[str], stem: frozenset[str]) -> bool:
    both = len(words & stem)
    smaller = min(len(words), len(stem))
    return both > 0 and both >= min(2, smaller) and both >= 0.5 * smaller


@lru_cache(20_000)
def _keys_of(kind: str, text: str, body_json: str) -> tuple[QuizKey, ...]:
    body = json.loads(body_json)
    stem = _asking(text)
    match QuestionKind(kind):
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            right = [option["text"] for option in body["options"] if option["right"]]
            return (_key(stem, right, [option["text"] for option in body["options"]]),)
        case QuestionKind.TRUE_FALSE:
            return (QuizKey(stem, (), frozenset()),)
        case QuestionKind.SHORT:
            return (_key(stem, body["accepted"]),)
        case QuestionKind.NUMERIC:
            return (_key(stem, _spoken(body["value"])),)
        case QuestionKind.ORDERING:
            return (_key(stem, [" ".join(item["text"] for item in body["items"])]),)
        case QuestionKind.MATCHING:
            return tuple(_pairs(body))
        case QuestionKind.CLOZE:
            return (_key(stem, [word for gap in body["gaps"] for word in gap]),)


def _key(stem: frozenset[str], answers: Iterable[str], options: Iterable[str] = ()) -> QuizKey:
    """Words that the question says itself give nothing away."""
    told = (telling(answer) - stem for answer in answers)
    rivals = (telling(option) - stem for option in options)
    found = tuple(dict.fromkeys(answer for answer in told if answer))
    return QuizKey(stem, found, frozenset().union(*found, *rivals))


def _pairs(body: dict[str, Any]) -> Iterable[QuizKey]:
    right = {item["id"]: item["text"] for item in body["right"]}
    for item in body["left"]:
        counterpart = right[body["pairs"][str(item["id"])]]
        yield _key(_asking(item["text"]), [counterpart], right.values())


def _asking(text: str) -> frozenset[str]:
    common = frozenset(word for language in LANGUAGES for word in lists(language).question_words)
    return telling(text) - common


def _spoken(value: str) -> list[str]:
    """The number in the ways in which it is written: 9.81, 9,81, three, три."""
    whole = re.sub(r"\.0+$", "", value)
    names = [
        word
        for language in LANGUAGES
        for word, number in lists(language).numbers.items()
        if str(number) == whole
    ]
    return [whole, whole.replace(".", ","), *names]
