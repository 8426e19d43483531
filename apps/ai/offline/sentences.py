"""Sentences of a lesson, word for word as they stand, and which of them can be understood alone."""

import re
from dataclasses import dataclass, field

from .markdown_text import BOLD, UNBOLD, Block, read_inline
from .words import CODE_OR_FORMULA, WORD, Lists, content_set, grammar_of, lists

LONGEST_WORD = 40
LONGEST = 700  # characters; what is longer is no sentence to ask about
# possessive, and from the first of several stops on: rows of dots must not cost time
END = re.compile(r"(?<![.!?…])[.!?…]{1,6}+[»”\"')\]*_]{0,6}+\s++(?=[«“\"(\[*_]{0,6}[A-ZА-ЯЁ0-9`$])")


@dataclass(frozen=True)
class Sentence:
    """`quote` is the lesson's markdown, `text` what is read, `marked` that with bold kept apart."""

    quote: str
    text: str
    marked: str
    section: str
    number: int
    block: int
    start: int  # of the quote, in the lesson's text
    opens_block: bool
    language: str
    lemmas: frozenset[str] = field(repr=False)

    @property
    def words(self) -> int:
        return len(WORD.findall(self.text))


def split(source: str, known: Lists) -> list[str]:
    """In doubt not split: a long sentence is passed over later, half a sentence would be asked."""
    shielded = CODE_OR_FORMULA.sub(lambda m: "x" * len(m[0]), source)
    parts, start = [], 0
    for end in END.finditer(shielded):
        # the word alone: what isn't split may grow to the whole lesson
        nearby = shielded[max(start, end.start() - LONGEST_WORD - 1) : end.start()]
        before = re.search(rf"(\S{{1,{LONGEST_WORD}}})$", nearby)
        word = before[1].lower().strip('(«"“*_') if before else ""
        if end[0].strip() == "." and _is_short_form(word, known):
            continue
        parts.append(source[start : end.end()].strip())
        start = end.end()
    parts.append(source[start:].strip())
    return [part for part in parts if part]


def _is_short_form(word: str, known: Lists) -> bool:
    return (
        word in known.abbreviations
        or re.fullmatch(r"[a-zа-яё]|(?:[a-zа-я]\.){1,4}[a-zа-я]", word) is not None
    )


def sentences_of(blocks: list[Block], text: str, language: str, limit: int) -> list[Sentence]:
    known = lists(language)
    found: list[Sentence] = []
    for number, block in enumerate(blocks):
        start = block.start
        for place, quote in enumerate(split(block.source, known)):
            if len(found) >= limit:
                return found
            start = text.find(quote, start)
            if start < 0:
                break  # indented or quoted: it doesn't stand there word for word
            marked = read_inline(quote, bold=True) if len(quote) <= LONGEST else None
            if marked is None:
                continue
            plain = marked.replace(BOLD, "").replace(UNBOLD, "")
            found.append(
                Sentence(
                    quote, plain, marked, block.section, len(found), number, start, place == 0,
                    language, content_set(plain, language),
                )
            )  # fmt: skip
            start += len(quote)
    return found


def stands_alone(text: str, language: str, *, shortest: int = 7, longest: int = 34) -> bool:
    """A whole statement that leans on no other sentence, on no figure and on no reader."""
    return (
        shortest <= len(WORD.findall(text)) <= longest
        and len(text) <= LONGEST
        and is_well_formed(text)
        and not leans(text, language)
        and bool(grammar_of(language).is_whole(text))
    )


def is_well_formed(text: str) -> bool:
    """One statement that begins and ends as one, with its brackets and quotation marks closed."""
    bare = CODE_OR_FORMULA.sub("x", text)
    return (
        re.match(r"[«“\"]?[A-ZА-ЯЁ`$]", text) is not None
        and re.search(r"[.!][»”\")]?$", text) is not None
        and not re.search(r"[?;`$⟦•|{}<>=@]|\.\.|…|\*\*|https?:| - |: ?$", bare)
        and is_balanced(text)
        and not re.match(r"\S+( \S+){0,2}:", bare)
        and sum(word[0].isupper() for word in WORD.findall(bare)) <= len(WORD.findall(bare)) / 2
    )


def is_balanced(text: str) -> bool:
    """Brackets, quotation marks and backticks are closed."""
    bare = re.sub("„[^“]*“", "x", CODE_OR_FORMULA.sub("x", text))
    return (
        all(bare.count(a) == bare.count(b) for a, b in ("()", "«»", "“”", "[]"))
        and bare.count('"') % 2 == 0
        and "`" not in bare
        and "$" not in re.sub(r"\$\d", "", bare)
    )


def leans(text: str, language: str) -> bool:
    known = lists(language)
    bare = CODE_OR_FORMULA.sub("x", text)
    return bool(known.leaning_starts.match(text) or known.pointing.search(bare))
