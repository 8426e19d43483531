"""Questions from definitions: choice of the term, choice of the meaning, short answer, statement."""

import random
from collections.abc import Iterator

from apps.ai.prompts.quiz.schema import DraftQuestion, QuestionKind

from ..candidates import Candidate
from ..definitions import Definition
from ..lesson import Lesson
from ..relations import fit_together, supports, too_close
from ..wording import cited, phrase, printed, quoted
from ..words import WORD, content_set, first_high, grammar_of

MOST_DISTRACTORS = 3


def candidates(lesson: Lesson, chance: random.Random) -> Iterator[Candidate]:
    for definition in lesson.definitions:
        for make in (_which, _what, _short, _statement):
            question = make(lesson, definition, chance)
            if question is None:
                continue
            score = SCORES[make] + 2 * definition.is_marked + chance.random()
            yield Candidate(
                question, frozenset({definition.term}), definition.sentence.number, score
            )


def _which(lesson: Lesson, definition: Definition, chance: random.Random) -> DraftQuestion | None:
    if not names_itself(definition, lesson.language):
        return None
    wrong = [other.term for other in _others(lesson, definition)]
    wrong = _distinct(wrong, lesson.language)[:MOST_DISTRACTORS]
    if len(wrong) < 2:
        return None
    language = lesson.language
    options, right = shuffled(definition.term, wrong, chance)
    return DraftQuestion(
        kind=QuestionKind.SINGLE,
        text=phrase(language, "which", meaning=quoted(language, definition.meaning)),
        options=[printed(option) for option in options],
        right=[right],
        explanation=" ".join(
            [
                phrase(language, "so_called", term=printed(first_high(definition.term))),
                cited(definition.sentence),
            ]
        ),
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
    if len(wrong) < 2:
        return None
    language = lesson.language
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
    if definition.alias and len(definition.alias) < 40:
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
    """The definition itself, or that of a sibling in its place."""
    language = lesson.language
    subject = definition.subject
    siblings = [
        other
        for other in _others(lesson, definition)
        if other.verb == definition.verb
        and stands_without_subject(other, language)
        and names_itself(other, language)
        and not _alike(other, definition, language)
    ]
    is_true = not siblings or chance.random() < 0.4
    meaning = definition.meaning if is_true else siblings[0].meaning
    if is_true and not stands_without_subject(definition, language):
        return None
    joint = " — это " if language == "ru" else f" {definition.verb} "
    if language == "en" and definition.verb not in ("is", "are"):
        return None
    if language == "ru" and definition.verb:
        return None
    statement = first_high(subject) + joint + meaning + "."
    verdict = phrase(language, "right" if is_true else "wrong")
    return DraftQuestion(
        kind=QuestionKind.TRUE_FALSE,
        text=phrase(language, "statement", statement=printed(statement)),
        is_true=is_true,
        explanation=f"{verdict} {cited(definition.sentence)}",
        quote=definition.quote,
        section=definition.section,
    )


SCORES = {_which: 6.0, _what: 5.6, _short: 5.4, _statement: 4.2}


def names_itself(definition: Definition, language: str) -> bool:
    """The meaning alone is enough to name the term, and doesn't hold it."""
    meaning = content_set(definition.meaning, language)
    return (
        len(meaning) >= 3
        and len(WORD.findall(definition.meaning)) >= 4
        and stands_without_subject(definition, language)
    )


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
    place = definition.sentence.number
    return sorted(found, key=lambda other: abs(other.sentence.number - place))


def _alike(one: Definition, other: Definition, language: str) -> bool:
    """The meanings say much the same, or one holds the other's term."""
    first, second = content_set(one.meaning, language), content_set(other.meaning, language)
    shared = len(first & second) / max(1, min(len(first), len(second)))
    return (
        shared > 0.6
        or content_set(one.term, language) <= second
        or content_set(other.term, language) <= first
    )


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
