"""A lesson as passages: each sentence and each row of a table, with the place where it stands."""

import re
from dataclasses import dataclass
from itertools import pairwise

from .definitions import definitions_of
from .lesson import MOST_SENTENCES, MOST_TABLES, spoken
from .markdown_text import LONGEST, UNREADABLE, Block, Table, read_blocks
from .sentences import Sentence, sentences_of
from .words import LANGUAGES, lists, terms


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


EXAMPLE = re.compile("example|пример", re.IGNORECASE)
EVERY = re.compile(r"(?!)")


def passages_of(title: str, text: str, language: str) -> list[Passage]:
    """In the lesson's order; none when the engine can't read the language."""
    text = text[:LONGEST]
    language = spoken(text, language)
    if language not in LANGUAGES:
        return []
    found = list(read_blocks(text, title, EVERY))
    blocks = [b for b in found if isinstance(b, Block) and not UNREADABLE.search(b.source)]
    blocks = [block for block in blocks if _explains(block.section, language)]
    tables = [t for t in found if isinstance(t, Table) and _explains(t.section, language)]
    sentences = sentences_of(blocks, text, language, MOST_SENTENCES)
    passages = _sentences(sentences, text, language) + _rows(tables, text, language)
    return sorted(passages, key=lambda passage: passage.start)


def _explains(section: str, language: str) -> bool:
    """Examples explain, though no quiz is made of them; exercises and references don't."""
    return not lists(language).skipped_sections.search(section) or bool(EXAMPLE.search(section))


def _sentences(sentences: list[Sentence], text: str, language: str) -> list[Passage]:
    defining = {each.sentence.number for each in definitions_of(sentences, text, language)}
    near: dict[int, set[str]] = {sentence.number: set() for sentence in sentences}
    for one, other in pairwise(sentences):
        if one.block == other.block:
            near[one.number].update(terms(other.text, language))
            near[other.number].update(terms(one.text, language))
    return [
        Passage(
            section=sentence.section,
            start=sentence.start,
            end=sentence.start + len(sentence.quote),
            text=sentence.text,
            lemmas=tuple(terms(sentence.text, language)),
            near=frozenset(near[sentence.number]),
            is_definition=sentence.number in defining,
        )
        for sentence in sentences
        if sentence.lemmas and not sentence.text.endswith("?")
    ]


def _rows(tables: list[Table], text: str, language: str) -> list[Passage]:
    """Rows of tables; what one holds is said together with the header's words."""
    found = []
    for table in tables[:MOST_TABLES]:
        start = text.find(table.source)
        header = frozenset(terms(" ".join(table.header), language))
        lines = table.source.splitlines()
        for line, row in zip(lines[2:], table.rows, strict=False):
            place = text.find(line, start) if start >= 0 else -1
            read = " — ".join(cell for cell in row if cell)
            if place < 0 or not read:
                continue
            lemmas = tuple(terms(read, language))
            passage = Passage(table.section, place, place + len(line), read, lemmas, header, False)
            found.append(passage)
    return found
