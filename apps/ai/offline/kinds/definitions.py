"""Questions from definitions: choice of the term, choice of the meaning, short answer, statement."""

import random
import re
from collections.abc import Iterator

from apps.ai.prompts.quiz.schema import DraftQuestion, QuestionKind

from ..candidates import Candidate
from ..definitions import Definition
from ..lesson import Lesson
from ..relations import fit_together, supports, too_close
from ..wording import cited, phrase, printed, quoted
from ..words import WORD, content, content_set, first_high, grammar_of

MOST_DISTRACTORS = 3
TRUE_SHARE = 0.35  # of the statements that could as well be false


def candidates(lesson: Lesson, chance: random.Random) -> Iterator[Candidate]:
    for definition in lesson.definitions:
        for make in (_which, _what, _short, _statement):
            question = make(lesson, definition, chance)
            if question is None:
                continue
            score = SCORES[make] + 2 * definition.is_marked + chance.random()
            score += question.is_true is False  # it asks more than to recognise a sentence
            uses = {definition.term}
            if question.is_true:
                uses.add("plain statement")  # one is enough
            yield Candidate(question, frozenset(uses), definition.sentence.number, score)


def _which(lesson: Lesson, definition: Definition, chance: random.Random) -> DraftQuestion | None:
    language = lesson.language
    if not names_itself(definition, language):
        return None
    source = definition.sentence.lemmas
    told = content_set(definition.term, language) & content_set(definition.meaning, language)
    wrong = _distinct(
        [
            other.term
            for other in _others(lesson, definition)
            # what the definition says of the term, some wrong option must say too
            if not content_set(other.term, language) <= source
        ],
        language,
    )
    wrong.sort(key=lambda term: not told & content_set(term, language))
    wrong = wrong[:MOST_DISTRACTORS]
    if len(wrong) < 2:
        return None
    options, right = shuffled(definition.term, wrong, chance)
    so_called = phrase(language, "so_called", term=printed(first_high(definition.term)))
    return DraftQuestion(
        kind=QuestionKind.SINGLE,
        text=phrase(language, "which", meaning=quoted(language, definition.meaning)),
        options=[printed(first_high(option)) for option in options],
        right=[right],
        explanation=f"{so_called} {cited(definition.sentence)}",
        quote=definition.quote,
        section=definition.section,
    )


def _what(lesson: Lesson, definition: Definition, chance: random.Random) -> DraftQuestion | None:
    length = len(definition.meaning)
    wrong = [
        other.meaning
        for other in _others(lesson, definition)
        if 0.5 < len(other.meaning) / length < 2
        and stands_without_subject(other, lesson.language)
        and not _alike(other, definition, lesson.language)
    ]
    language = lesson.language
    told = content_set(definition.term, language) & content_set(definition.meaning, language)
    if told and not any(told & content_set(text, language) for text in wrong[:MOST_DISTRACTORS]):
        return None
    if len(wrong) < 2 or grammar_of(language).refers_back(
        definition.meaning, definition.surroundings
    ):
        return None
    options, right = shuffled(definition.meaning, wrong[:MOST_DISTRACTORS], chance)
    term = definition.term + definition.tail
    return DraftQuestion(
        kind=QuestionKind.SINGLE,
        text=phrase(language, "what", term=quoted(language, term)),
        options=[printed(option) for option in options],
        right=[right],
        explanation=cited(definition.sentence),
        quote=definition.quote,
        section=definition.section,
    )


def _short(lesson: Lesson, definition: Definition, chance: random.Random) -> DraftQuestion | None:
    language = lesson.language
    term = content_set(definition.term, language)
    if (
        len(WORD.findall(definition.term)) > 2
        or definition.is_code
        or not names_itself(definition, language)
        or term & content_set(definition.meaning, language)
    ):
        return None
    forms = [definition.term, *grammar_of(language).both_numbers(definition.term)]
    if re.fullmatch(r"[\w -]{2,40}", definition.alias) and WORD.search(definition.alias[1:]):
        forms.append(definition.alias)
    return DraftQuestion(
        kind=QuestionKind.SHORT,
        text=phrase(language, "short", meaning=quoted(language, definition.meaning)),
        accepted=list(dict.fromkeys(forms)),
        explanation=cited(definition.sentence),
        quote=definition.quote,
        section=definition.section,
    )


def _statement(
    lesson: Lesson, definition: Definition, chance: random.Random
) -> DraftQuestion | None:
    """The definition itself, or in its place that of a sibling which could be taken for it."""
    language = lesson.language
    if not definition.joint or not is_thick(definition, language):
        return None
    if grammar_of(language).refers_back(definition.meaning, definition.surroundings):
        return None
    siblings = [
        other
        for other in _others(lesson, definition)
        if other.joint == definition.joint
        and names_itself(other, language)
        and _genus(other, language) == _genus(definition, language)
        and not _alike(other, definition, language)
    ]
    is_true = not siblings or chance.random() < TRUE_SHARE
    meaning = definition.meaning if is_true else siblings[0].meaning
    statement = first_high(definition.subject) + definition.joint + meaning + "."
    verdict = phrase(language, "right" if is_true else "wrong")
    return DraftQuestion(
        kind=QuestionKind.TRUE_FALSE,
        text=phrase(language, "statement", statement=printed(statement)),
        is_true=is_true,
        explanation=f"{verdict} {cited(definition.sentence)}",
        quote=definition.quote,
        section=definition.section,
    )


SCORES = {_which: 6.0, _what: 5.6, _short: 5.4, _statement: 3.6}


def names_itself(definition: Definition, language: str) -> bool:
    """The meaning alone is enough to name the term."""
    return is_thick(definition, language) and stands_without_subject(definition, language)


def is_thick(definition: Definition, language: str) -> bool:
    """The meaning says more than "the amount paid"."""
    words = len(WORD.findall(definition.meaning))
    return words >= 4 and len(content_set(definition.meaning, language)) >= 3


def stands_without_subject(definition: Definition, language: str) -> bool:
    return not grammar_of(language).refers_back(definition.meaning)


def _others(lesson: Lesson, definition: Definition) -> list[Definition]:
    """Definitions whose terms or meanings may stand beside this one's, the nearest first."""
    stem = content_set(definition.meaning, lesson.language)
    found = []
    for other in lesson.definitions:
        term = content_set(other.term, lesson.language)
        if (
            other is definition
            or term <= stem
            or not fit_together(lesson, definition.term, other.term)
            or too_close(lesson, definition.term, other.term)
            or supports(lesson, stem, term, but=definition.sentence.number)
        ):
            continue
        found.append(other)

    def likeness(other: Definition) -> float:
        """Words in common with the term or the meaning make a better distractor, as nearness does."""
        shared = stem & content_set(other.meaning, lesson.language)
        named = content_set(definition.term, lesson.language)
        named &= content_set(other.term, lesson.language)
        apart = abs(other.sentence.number - definition.sentence.number)
        return 3 * len(named) + len(shared) - apart / 10

    return sorted(found, key=likeness, reverse=True)


def _alike(one: Definition, other: Definition, language: str) -> bool:
    """The meanings say much the same, or one holds the other's term."""
    first, second = content_set(one.meaning, language), content_set(other.meaning, language)
    return (
        len(first & second) > 0.6 * len(first | second)
        or content_set(one.term, language) <= second
        or content_set(other.term, language) <= first
    )


def _genus(definition: Definition, language: str) -> str:
    """The first word that carries the meaning: "idea", "memory", "структура"."""
    return content(definition.meaning, language)[0]


def _distinct(terms: list[str], language: str) -> list[str]:
    """The first of those that share all their words."""
    kept: dict[frozenset[str], str] = {}
    for term in terms:
        kept.setdefault(content_set(term, language), term)
    return list(kept.values())


def shuffled(right: str, wrong: list[str], chance: random.Random) -> tuple[list[str], int]:
    options = [right, *wrong]
    chance.shuffle(options)
    return options, options.index(right)
