"""Questions from definitions: choice of the term, choice of the meaning, short answer, statement."""

import random
import re
from collections.abc import Callable, Iterator

from apps.ai.prompts.quiz.schema import DraftQuestion, QuestionKind

from ..candidates import Candidate
from ..definitions import Definition
from ..lesson import Lesson
from ..relations import fit_together, one_family, same_genus, supports, too_close
from ..wording import cited, phrase, printed, quoted
from ..words import WORD, content, content_set, first_high, grammar_of

MOST_DISTRACTORS = 3
# a formula whose letters stand for what is told elsewhere
EXPRESSION = re.compile(r"\$[^$]*[A-Za-z][^$]{2,}\$")


def candidates(lesson: Lesson, chance: random.Random) -> Iterator[Candidate]:
    for definition in lesson.definitions:
        for make in (_which, _what, _short, _statement):
            question = make(lesson, definition, chance)
            if question is None:
                continue
            score = SCORES[make] + 2 * definition.is_marked + chance.random()
            score += 2 * (question.is_true is False)  # more than to recognise a sentence
            uses = {definition.term}
            if question.is_true:
                uses.add("plain statement")  # one is enough
            yield Candidate(question, frozenset(uses), definition.sentence.number, score)


def _which(lesson: Lesson, definition: Definition, chance: random.Random) -> DraftQuestion | None:
    language = lesson.language
    if not names_itself(definition, language):
        return None
    source = definition.sentence.lemmas
    beside = [
        other
        for other in _others(lesson, definition)
        if not content_set(other.term, language) <= source
    ]
    wrong = [other.term for other in _offered(lesson, definition, beside, one_family)]
    if not wrong:
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
    language, length = lesson.language, len(definition.meaning)
    beside = [
        other
        for other in _others(lesson, definition)
        if 0.5 < len(other.meaning) / length < 2
        and stands_without_subject(other, language)
        and not _alike(other, definition, language)
    ]
    wrong = [other.meaning for other in _offered(lesson, definition, beside, same_genus)]
    if not wrong or grammar_of(language).refers_back(definition.meaning, definition.surroundings):
        return None
    options, right = shuffled(definition.meaning, wrong, chance)
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
        or "`" in definition.term
        or not names_itself(definition, language)
        or term & content_set(definition.meaning, language)
    ):
        return None
    return DraftQuestion(
        kind=QuestionKind.SHORT,
        text=phrase(language, "short", meaning=quoted(language, definition.meaning)),
        accepted=accepted(lesson, definition),
        explanation=cited(definition.sentence),
        quote=definition.quote,
        section=definition.section,
    )


def accepted(lesson: Lesson, definition: Definition) -> list[str]:
    """The term as it is defined, and as the lesson or another hand writes it too."""
    term, language = definition.term, lesson.language
    grammar = grammar_of(language)
    text = f"{lesson.title}\n{lesson.text}".lower()
    other = [f"{term} {grammar.genus(definition.meaning)}", term.replace(" ", "-")]
    forms = [
        term,
        *(form for form in [*grammar.both_numbers(term), *other] if _is_in(form, text)),
        *grammar.spellings(term),
    ]
    if re.fullmatch(r"[\w -]{2,40}", definition.alias) and WORD.search(definition.alias[1:]):
        forms.append(definition.alias)
    head, words = grammar.head(term), content_set(term, language)
    others = (other for other in lesson.definitions if other is not definition)
    headings = (content(text, language) for text in (lesson.title, definition.section))
    said = [sentence.number for sentence in lesson.holding(frozenset({head}))]
    is_short_for_it = (
        len(said) > len(lesson.holding(words)) and said[0] >= definition.sentence.number
    )
    if (
        is_short_for_it
        or any(heading[:1] == [head] and not words <= set(heading) for heading in headings)
    ) and all(grammar.head(other.term) != head for other in others):
        forms.append(head)
    return list(dict.fromkeys(forms))


def _is_in(form: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(form.lower())}(?![\w-])", text) is not None


def _statement(
    lesson: Lesson, definition: Definition, chance: random.Random
) -> DraftQuestion | None:
    """The definition itself, or in its place that of a sibling which could be taken for it."""
    language = lesson.language
    if (
        not definition.joint
        or not is_thick(definition, language)
        or EXPRESSION.search(definition.meaning)
    ):
        return None
    if grammar_of(language).refers_back(definition.meaning, definition.surroundings):
        return None
    genus = grammar_of(language).genus
    rivals = [
        other
        for other in _others(lesson, definition)
        if genus(other.meaning) == genus(definition.meaning) != ""
        and other.joint == definition.joint
        and "$" not in other.meaning
        and names_itself(other, language)
        and not _alike(other, definition, language)
    ]
    if not rivals and _short(lesson, definition, chance):
        return None  # better asked for: there is nothing to take it for
    is_true = not rivals
    meaning = definition.meaning if is_true else rivals[0].meaning
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
    return (
        is_thick(definition, language)
        and stands_without_subject(definition, language)
        and not EXPRESSION.search(definition.meaning)
    )


def is_thick(definition: Definition, language: str) -> bool:
    """The meaning says more than "the amount paid" and "the lasting change that remains"."""
    words = len(WORD.findall(definition.meaning))
    return (
        words >= 4
        and len(content_set(definition.meaning, language)) >= 3
        and not re.search(r" (?:that|which) \w+$", definition.meaning)
    )


def stands_without_subject(definition: Definition, language: str) -> bool:
    return not grammar_of(language).refers_back(definition.meaning)


def _offered(
    lesson: Lesson,
    definition: Definition,
    beside: list[Definition],
    related: Callable[[Lesson, Definition, Definition], bool],
) -> list[Definition]:
    """What stands beside the right option: those that could be taken for it, then other terms.

    Nothing without such a rival, or when the lesson says the same of one: the rest would give the
    answer away. A single rival needs two more, for of three options one would be left to guess at.
    """
    rivals = [other for other in beside if related(lesson, definition, other)]
    if not rivals or any(_fits(lesson, definition, other) for other in rivals[:MOST_DISTRACTORS]):
        return []
    others = [
        other for other in beside if other not in rivals and not _fits(lesson, definition, other)
    ]
    found = _distinct(rivals + others, lesson.language)[:MOST_DISTRACTORS]
    return found if len(found) >= (MOST_DISTRACTORS if len(rivals) == 1 else 2) else []


def _fits(lesson: Lesson, definition: Definition, other: Definition) -> bool:
    """The lesson says of the other term too what defines this one."""
    stem, term = (content_set(text, lesson.language) for text in (definition.meaning, other.term))
    return supports(lesson, stem, term, but=definition.sentence.number)


def _others(lesson: Lesson, definition: Definition) -> list[Definition]:
    """Definitions whose terms or meanings may stand beside this one's, the nearest first."""
    stem = content_set(definition.meaning, lesson.language)
    named = content_set(definition.term, lesson.language)
    found = [
        other
        for other in lesson.definitions
        if other is not definition
        and not content_set(other.term, lesson.language) <= stem
        and fit_together(lesson, definition.term, other.term)
        and not too_close(lesson, definition.term, other.term)
    ]

    def likeness(other: Definition) -> float:
        """Words in common with the term or the meaning make a better distractor, as nearness does."""
        shared = stem & content_set(other.meaning, lesson.language)
        alike = named & content_set(other.term, lesson.language)
        apart = abs(other.sentence.number - definition.sentence.number)
        return 3 * len(alike) + len(shared) - apart / 10

    return sorted(found, key=likeness, reverse=True)


def _alike(one: Definition, other: Definition, language: str) -> bool:
    """The meanings say much the same, or one holds the other's term."""
    first, second = content_set(one.meaning, language), content_set(other.meaning, language)
    return (
        len(first & second) > 0.6 * len(first | second)
        or content_set(one.term, language) <= second
        or content_set(other.term, language) <= first
    )


def _distinct(definitions: list[Definition], language: str) -> list[Definition]:
    """The first of those whose terms share all their words."""
    kept: dict[frozenset[str], Definition] = {}
    for definition in definitions:
        kept.setdefault(content_set(definition.term, language), definition)
    return list(kept.values())


def shuffled(right: str, wrong: list[str], chance: random.Random) -> tuple[list[str], int]:
    options = [right, *wrong]
    chance.shuffle(options)
    return options, options.index(right)
