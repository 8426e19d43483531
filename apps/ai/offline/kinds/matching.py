"""Matching from neighbouring definitions and from tables."""

import random
import re
from collections.abc import Iterator

from apps.ai.prompts.quiz.schema import DraftQuestion, Pair, QuestionKind

from ..candidates import Candidate
from ..definitions import Definition
from ..lesson import Lesson
from ..markdown_text import Table
from ..sentences import is_balanced
from ..validate import faults_in
from ..wording import cited, cited_words, phrase, printed, quoted
from ..words import CODE_OR_FORMULA, WORD, content, content_set, first_high, grammar_of
from .definitions import stands_without_subject

LONGEST_QUOTE = 1_800  # characters: pairs that stand further apart are no group
PAIRS = 4
FEWEST_DEFINITIONS = 6  # fewer are better asked one by one


def candidates(lesson: Lesson, chance: random.Random) -> Iterator[Candidate]:
    yield from _from_definitions(lesson)
    for table in lesson.tables:
        yield from _from_table(lesson, table)


def _from_definitions(lesson: Lesson) -> Iterator[Candidate]:
    usable = [
        definition
        for definition in lesson.definitions
        if definition.is_marked
        and stands_without_subject(definition, lesson.language)
        and len(WORD.findall(definition.meaning)) <= 25
    ]
    if len(usable) < FEWEST_DEFINITIONS:
        return
    for start in range(len(usable) - PAIRS + 1):
        group = usable[start : start + PAIRS]
        quote = _stretch(lesson, group)
        if not quote or not _differ([definition.meaning for definition in group], lesson.language):
            continue
        question = DraftQuestion(
            kind=QuestionKind.MATCHING,
            text=phrase(lesson.language, "match"),
            pairs=[Pair(left=printed(first_high(d.term)), right=printed(d.meaning)) for d in group],
            explanation=cited(*(definition.sentence for definition in group)),
            quote=quote,
            section=group[0].section,
        )
        if faults_in(question, lesson):
            continue
        uses = frozenset(definition.term for definition in group)
        yield Candidate(question, uses, group[0].sentence.number, 9)
        return


def _stretch(lesson: Lesson, group: list[Definition]) -> str:
    """The lesson's words from the first definition to the last."""
    first, last = group[0].sentence, group[-1].sentence
    quote = lesson.text[first.start : last.start + len(last.quote)]
    return quote if len(quote) <= LONGEST_QUOTE else ""


def _from_table(lesson: Lesson, table: Table) -> Iterator[Candidate]:
    """The first column against the second: those further right answer other questions."""
    header, language = table.header, lesson.language
    if not 3 <= len(table.rows) <= 6 or len(header) < 2 or not (header[0] and header[1]):
        return
    if len(header) > 2 and grammar_of(language).is_property(header[1]):
        return  # "strong" beside "weak": one of them says little
    left, right = ([row[column] for row in table.rows] for column in (0, 1))
    if not _can_match(left, right, language):
        return
    rows = list(zip(left, right, strict=True))
    about = " — ".join(dict.fromkeys(filter(None, (lesson.title, table.section))))
    question = DraftQuestion(
        kind=QuestionKind.MATCHING,
        text=phrase(
            language,
            "match_table",
            left=quoted(language, header[0]),
            right=quoted(language, header[1]),
            about=quoted(language, about),
        ),
        pairs=[Pair(left=printed(a), right=printed(b)) for a, b in rows],
        explanation=cited_words("; ".join(f"{a} — {b}" for a, b in rows), table.section, language),
        quote=table.source,
        section=table.section,
    )
    told = {cell.lower() for cell in left + right}
    uses = {table.source} | {d.term for d in lesson.definitions if d.term.lower() in told}
    place = next((s.number for s in lesson.sentences if s.section == table.section), 0)
    yield Candidate(question, frozenset(uses), place, 8)


def _can_match(left: list[str], right: list[str], language: str) -> bool:
    cells = left + right
    return (
        len(set(left)) == len(left)
        and len(set(right)) == len(right)
        and all(1 < len(cell) <= 160 and is_balanced(cell) and "…" not in cell for cell in cells)
        and all(WORD.search(cell) for cell in right)
        and not all(CODE_OR_FORMULA.fullmatch(cell) for cell in right)  # samples, not meanings
        and not any(cell.endswith("?") for cell in left)
        and _begin_apart(right, language)
        and sum(bool(re.match(r"\W*\d", cell)) for cell in cells) <= len(cells) / 4
        and _differ(right, language)
    )


def _begin_apart(cells: list[str], language: str) -> bool:
    """ "Well supported, though …" and "supported in many studies" could stand for each other."""
    first = [words[0] for words in (content(cell, language) for cell in cells) if words]
    return len(set(first)) == len(first)


def _differ(texts: list[str], language: str) -> bool:
    """No two say nearly the same."""
    sets = [content_set(text, language) for text in texts]
    return all(
        len(a & b) <= 0.7 * min(len(a), len(b)) or not a or not b
        for place, a in enumerate(sets)
        for b in sets[place + 1 :]
    )
