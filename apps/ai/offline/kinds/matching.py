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
from ..wording import cited, cited_words, phrase, printed, quoted
from ..words import WORD, content_set, first_high
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
    for start in range(0, len(usable) - PAIRS + 1, PAIRS):
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
        uses = frozenset(definition.term for definition in group)
        yield Candidate(question, uses, group[0].sentence.number, 9)


def _stretch(lesson: Lesson, group: list[Definition]) -> str:
    """The lesson's words from the first definition to the last."""
    first, last = group[0].sentence, group[-1].sentence
    quote = lesson.text[first.start : last.start + len(last.quote)]
    return quote if len(quote) <= LONGEST_QUOTE else ""


def _from_table(lesson: Lesson, table: Table) -> Iterator[Candidate]:
    """The first column against the next whose cells are words and each other than the rest."""
    if not 3 <= len(table.rows) <= 6 or not table.header[0]:
        return
    left = [row[0] for row in table.rows]
    for column in range(1, len(table.header)):
        right = [row[column] if column < len(row) else "" for row in table.rows]
        if table.header[column] and _can_match(left, right, lesson.language):
            about = table.section or lesson.title
            question = DraftQuestion(
                kind=QuestionKind.MATCHING,
                text=phrase(
                    lesson.language,
                    "match_table",
                    left=quoted(lesson.language, table.header[0]),
                    right=quoted(lesson.language, table.header[column]),
                    about=quoted(lesson.language, about),
                ),
                pairs=[
                    Pair(left=printed(a), right=printed(b))
                    for a, b in zip(left, right, strict=True)
                ],
                explanation=cited_words(
                    "; ".join(f"{a} — {b}" for a, b in zip(left, right, strict=True)),
                    table.section,
                    lesson.language,
                ),
                quote=table.source,
                section=table.section,
            )
            place = next((s.number for s in lesson.sentences if s.section == table.section), 0)
            yield Candidate(question, frozenset({table.source}), place, 8)
            return


def _can_match(left: list[str], right: list[str], language: str) -> bool:
    cells = left + right
    return (
        len(set(left)) == len(left)
        and len(set(right)) == len(right)
        and all(1 < len(cell) <= 160 and is_balanced(cell) and "…" not in cell for cell in cells)
        and all(WORD.search(cell) for cell in right)
        and sum(bool(re.match(r"\W*\d", cell)) for cell in cells) <= len(cells) / 4
        and not any(_tells(a, b, language) for a, b in zip(left, right, strict=True))
        and _differ(right, language)
    )


def _tells(left: str, right: str, language: str) -> bool:
    first = content_set(left, language)
    return bool(first) and first <= content_set(right, language)


def _differ(texts: list[str], language: str) -> bool:
    """No two say nearly the same."""
    sets = [content_set(text, language) for text in texts]
    return all(
        len(a & b) <= 0.7 * min(len(a), len(b)) or not a or not b
        for place, a in enumerate(sets)
        for b in sets[place + 1 :]
    )
