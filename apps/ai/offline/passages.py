"""A lesson as passages: each sentence and each row of a table, with the place where it stands."""

from dataclasses import dataclass
from itertools import pairwise

from .lesson import Lesson, read
from .sentences import Sentence
from .words import content, content_set


@dataclass(frozen=True)
class Passage:
    """`start` and `end` are places in the lesson's markdown, `near` words of its neighbours."""

    section: str
    start: int
    end: int
    text: str
    lemmas: tuple[str, ...]
    near: frozenset[str]
    is_definition: bool


def passages_of(title: str, text: str, language: str) -> list[Passage]:
    """In the lesson's order; none when the engine can't read the language."""
    lesson = read(title, text, language)
    if lesson is None:
        return []
    found = _sentences(lesson) + _rows(lesson)
    return sorted(found, key=lambda passage: passage.start)


def _sentences(lesson: Lesson) -> list[Passage]:
    defining = {definition.sentence.number for definition in lesson.definitions}
    near: dict[int, set[str]] = {sentence.number: set() for sentence in lesson.sentences}
    for one, other in pairwise(lesson.sentences):
        if one.block == other.block:
            near[one.number] |= other.lemmas
            near[other.number] |= one.lemmas
    return [
        Passage(
            section=sentence.section,
            start=sentence.start,
            end=sentence.start + len(sentence.quote),
            text=sentence.text,
            lemmas=tuple(content(sentence.text, lesson.language)),
            near=frozenset(near[sentence.number]),
            is_definition=sentence.number in defining,
        )
        for sentence in lesson.sentences
        if _says_something(sentence)
    ]


def _says_something(sentence: Sentence) -> bool:
    return bool(sentence.lemmas)


def _rows(lesson: Lesson) -> list[Passage]:
    """Rows of tables; what one holds is said together with the header's words."""
    found = []
    for table in lesson.tables:
        start = lesson.text.find(table.source)
        header = content_set(" ".join(table.header), lesson.language)
        lines = table.source.splitlines()
        for line, row in zip(lines[2:], table.rows, strict=False):
            place = lesson.text.find(line, start) if start >= 0 else -1
            text = " — ".join(cell for cell in row if cell)
            if place < 0 or not text:
                continue
            lemmas = tuple(content(text, lesson.language))
            passage = Passage(table.section, place, place + len(line), text, lemmas, header, False)
            found.append(passage)
    return found
