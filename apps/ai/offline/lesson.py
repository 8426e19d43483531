"""A lesson read once: its sentences, tables and definitions, and which words stand together."""

import hashlib
import random
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from .definitions import Definition, definitions_of
from .markdown_text import BOLD, LONGEST, UNBOLD, UNREADABLE, Block, Table, read_blocks
from .sentences import Sentence, sentences_of
from .words import LANGUAGES, content_set, letters, lists

MOST_SENTENCES = 2_500
MOST_TABLES = 40


@dataclass(frozen=True)
class Lesson:
    title: str
    text: str
    language: str
    blocks: list[Block] = field(repr=False)
    sentences: list[Sentence] = field(repr=False)
    tables: list[Table] = field(repr=False)
    definitions: list[Definition] = field(repr=False)

    @cached_property
    def words(self) -> int:
        return sum(sentence.words for sentence in self.sentences)

    @cached_property
    def sentences_with(self) -> dict[str, set[int]]:
        """Numbers of the sentences by dictionary form."""
        found: dict[str, set[int]] = {}
        for sentence in self.sentences:
            for word in sentence.lemmas:
                found.setdefault(word, set()).add(sentence.number)
        return found

    @cached_property
    def told_in(self) -> dict[frozenset[str], int]:
        """The sentences that define a term or begin with it in bold, by the term's words."""
        found = {content_set(d.term, self.language): d.sentence.number for d in self.definitions}
        for sentence in self.sentences:
            subject = re.match(
                rf"(?:An? |The )?{BOLD}([^{UNBOLD}]{{2,60}}){UNBOLD}", sentence.marked
            )
            if subject:
                found.setdefault(content_set(subject[1], self.language), sentence.number)
        return found

    @cached_property
    def letters(self) -> str:
        return letters(self.text)

    @cached_property
    def sentence_letters(self) -> list[str]:
        return [letters(sentence.text) for sentence in self.sentences]

    @cached_property
    def sayings(self) -> list[frozenset[str]]:
        """What is said at once: the words of each sentence and of each row of a table."""
        rows = (" ".join(row) for table in self.tables for row in table.rows)
        return [s.lemmas for s in self.sentences] + [content_set(r, self.language) for r in rows]

    @cached_property
    def key_words(self) -> frozenset[str]:
        """What the lesson is about: words of its headings, defined terms and bold type."""
        named = {block.section for block in self.blocks} | {self.title}
        named |= {definition.term for definition in self.definitions}
        for sentence in self.sentences:
            named.update(re.findall(rf"{BOLD}([^{UNBOLD}]{{2,60}}){UNBOLD}", sentence.marked))
        return frozenset(word for text in named for word in content_set(text, self.language))

    def holding(self, lemmas: frozenset[str]) -> list[Sentence]:
        """The sentences that hold all of the words."""
        if not lemmas:
            return []
        numbers = set.intersection(*(self.sentences_with.get(word, set()) for word in lemmas))
        return [self.sentences[number] for number in sorted(numbers)]

    def chance(self, purpose: str) -> random.Random:
        """The same lesson gives the same questions."""
        seed = hashlib.sha256(f"{purpose}\n{self.title}\n{self.text}".encode("utf-8", "replace"))
        return random.Random(seed.digest())  # noqa: S311


@lru_cache(maxsize=4)
def read(title: str, text: str, language: str) -> Lesson | None:
    """None when the lesson is in a language that the engine can't read."""
    text = text[:LONGEST]
    language = spoken(text, language)
    if language not in LANGUAGES:
        return None
    known = lists(language)
    found = list(read_blocks(text, title, known.skipped_sections))
    blocks = [block for block in found if isinstance(block, Block)]
    blocks = [block for block in blocks if not UNREADABLE.search(block.source)]
    tables = [table for table in found if isinstance(table, Table)][:MOST_TABLES]
    sentences = sentences_of(blocks, text, language, MOST_SENTENCES)
    return Lesson(
        title, text, language, blocks, sentences, tables, definitions_of(sentences, text, language)
    )


def spoken(text: str, language: str) -> str:
    """The language of the text: what was said, unless nearly every letter speaks against it."""
    prose = re.sub(r"```.*?(?:```|\Z)|`[^`\n]*`|\$[^$\n]*\$", "", text, flags=re.DOTALL)
    cyrillic = len(re.findall("[а-яё]", prose, re.IGNORECASE))
    latin = len(re.findall("[a-z]", prose, re.IGNORECASE))
    if language == "en" and cyrillic > 4 * latin:
        return "ru"
    if language == "ru" and latin > 9 * cyrillic:
        return "en"
    return language.split("-")[0]
