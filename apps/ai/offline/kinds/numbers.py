"""Years and figures out of whole sentences."""

import random
import re
from collections.abc import Iterator
from decimal import Decimal

from apps.ai.prompts.quiz.schema import GAP, DraftQuestion, QuestionKind

from ..candidates import Candidate
from ..lesson import Lesson
from ..sentences import Sentence, stands_alone
from ..wording import cited, phrase, printed
from ..words import WORD, content_set, first_high, lists

YEAR = r"(?:1\d{3}|20\d\d)"
DATED = {
    "en": re.compile(rf"^In (?P<year>{YEAR}),? (?P<event>(?!and\b)[^?;:()+]+)\.$"),
    "ru": re.compile(rf"^В (?P<year>{YEAR}) (?:г\.|году),? (?P<event>[^?;:()+]+)\.$"),
}
# a year in which something happened, no part of a range
IN_YEAR = {
    "en": re.compile(rf"\b[Ii]n (?P<figure>{YEAR})(?=[ ,.])(?! (?:to|and|or|dollars|words)\b)"),
    "ru": re.compile(rf"\b[Вв] (?P<figure>{YEAR}) (?:году|г\.)"),
}
RANGE = re.compile(r"[–—-]\d|\b(?:from|between|since|until|с|до|по) \d", re.IGNORECASE)

ASIDE = re.compile(r", (?:which|who|whose|котор\w+) [^,]*$")


def candidates(lesson: Lesson, chance: random.Random) -> Iterator[Candidate]:
    for sentence in lesson.sentences:
        if not sentence.lemmas & lesson.key_words or _is_example(sentence, lesson):
            continue  # a side remark
        question = _year(sentence) or _year_inside(sentence) or _count(sentence)
        if question:
            weight = 3 + min(4, len(sentence.lemmas & lesson.key_words)) / 4 + chance.random()
            yield Candidate(
                question, frozenset({f"sentence {sentence.number}"}), sentence.number, weight
            )


def _is_example(sentence: Sentence, lesson: Lesson) -> bool:
    """It tells of "a lending library", which is no matter of the lesson but a case of it."""
    match = re.match(r"(?:In \d{4},? )?an? ((?:\S+ ){1,2})", sentence.text, re.IGNORECASE)
    return match is not None and not content_set(match[1], lesson.language) & lesson.key_words


def event_of(sentence: Sentence) -> tuple[int, str] | None:
    """Year and event of "In 1885 …", when the event can be understood without the year."""
    match = DATED[sentence.language].match(sentence.text)
    if match is None or re.search(rf"\b{YEAR}\b", match["event"]):
        return None
    if not stands_alone(
        first_high(match["event"]) + ".", sentence.language, shortest=5, longest=30
    ):
        return None
    return int(match["year"]), match["event"]


def _year(sentence: Sentence) -> DraftQuestion | None:
    found = event_of(sentence)
    if found is None:
        return None
    year, event = found
    return _question(
        sentence, phrase(sentence.language, "year", event=printed(event)), Decimal(year)
    )


def _year_inside(sentence: Sentence) -> DraftQuestion | None:
    """A year further inside a sentence that tells of one event."""
    text = sentence.text
    years = re.findall(rf"\b{YEAR}\b", text)
    match = IN_YEAR[sentence.language].search(text)
    if match is None or len(years) > 1 or RANGE.search(text) or not _may_be_asked(sentence):
        return None
    if ASIDE.search(text[: match.start()]):
        return None  # what happened then is not what the sentence is about
    return _with_gap(sentence, *match.span("figure"), Decimal(match["figure"]))


def _count(sentence: Sentence) -> DraftQuestion | None:
    """How many kinds or parts of its matter a sentence counts: "three stages"."""
    if not _may_be_asked(sentence):
        return None
    known = lists(sentence.language)
    for match in WORD.finditer(sentence.text):
        value = known.numbers.get(match[0])
        before, after = sentence.text[: match.start()], sentence.text[match.end() :]
        if value is None or value < 3 or not known.counted.match(after.lstrip().split(" ")[0]):
            continue
        if not known.of_some.search(before):
            return _with_gap(sentence, *match.span(), Decimal(value))
    return None


def _may_be_asked(sentence: Sentence) -> bool:
    known = lists(sentence.language)
    return not known.supposition.search(sentence.text) and stands_alone(
        sentence.text, sentence.language, shortest=8, longest=30
    )


def _with_gap(sentence: Sentence, start: int, end: int, value: Decimal) -> DraftQuestion:
    text = printed(sentence.text[:start]) + GAP + printed(sentence.text[end:])
    return _question(sentence, phrase(sentence.language, "number", sentence=text), value)


def _question(sentence: Sentence, text: str, value: Decimal) -> DraftQuestion:
    return DraftQuestion(
        kind=QuestionKind.NUMERIC,
        text=text,
        value=value,
        explanation=cited(sentence),
        quote=sentence.quote,
        section=sentence.section,
    )
