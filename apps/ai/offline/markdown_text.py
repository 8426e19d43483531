"""A lesson's markdown as blocks and tables, each with its heading and the place where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from apps.core.markdown.parser import parse

LONGEST = 200_000  # characters of a lesson that are read
# Private characters stand round what the author set in bold; they can't come from outside.
BOLD, UNBOLD = "\ue000", "\ue001"
UNREADABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\ue000-\uf8ff\ufeff]"
)


@dataclass(frozen=True)
class Block:
    """A paragraph or a list's item: its markdown as it stands from `start` on."""

    source: str
    section: str
    start: int
    is_item: bool


@dataclass(frozen=True)
class Table:
    """Cells as a reader reads them; `source` holds the rows' lines, the header's first."""

    header: list[str]
    rows: list[list[str]]
    section: str
    source: str


def read_blocks(text: str, title: str, skipped: re.Pattern[str]) -> Iterator[Block | Table]:
    """Prose and tables in their order, without the sections that only ask or refer."""
    lines = _Lines(text)
    tokens = parse(text)
    section, skipped_level, in_item = title, 0, 0
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            level = int(token.tag[1])
            section = reading(tokens[index + 1]) or title
            if not skipped_level or level <= skipped_level:
                skipped_level = level if skipped.search(section) else 0
        elif token.type in ("list_item_open", "list_item_close"):
            in_item += 1 if token.type == "list_item_open" else -1
        elif skipped_level or token.map is None:
            continue
        elif token.type == "table_open":
            yield _table(tokens, index, section, lines.between(*token.map))
        elif token.type == "inline" and tokens[index - 1].type == "paragraph_open":
            yield Block(token.content, section, lines.starts[token.map[0]], in_item > 0)


def reading(inline: Token, *, bold: bool = False) -> str:
    """What is read of an inline token; code keeps its backticks, formulas their dollars."""
    parts = []
    for child in inline.children or []:
        match child.type:
            case "text" | "text_special":
                parts.append(child.content)
            case "code_inline":
                parts.append(f"`{child.content}`")
            case "math_inline" | "math_inline_double":
                parts.append(f"${child.content}$")
            case "softbreak" | "hardbreak":
                parts.append(" ")
            case "strong_open":
                parts.append(BOLD if bold else "")
            case "strong_close":
                parts.append(UNBOLD if bold else "")
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def read_inline(source: str, *, bold: bool = False) -> str | None:
    """What is read of one sentence's markdown, or None when it is not a plain paragraph."""
    tokens = parse(source)
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return None
    return reading(tokens[1], bold=bold)


def _table(tokens: list[Token], start: int, section: str, source: str) -> Table:
    rows: list[list[str]] = []
    for index in range(start, len(tokens)):
        match tokens[index].type:
            case "tr_open":
                rows.append([])
            case "th_open" | "td_open":
                rows[-1].append(reading(tokens[index + 1]))
            case "table_close":
                break
    return Table(rows[0], rows[1:], section, source)


class _Lines:
    """The text by its lines, to find what a token was made from."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines(keepends=True) if "\r" in text else text.split("\n")
        end = 0 if "\r" in text else 1
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + end)
        self.text = text

    def between(self, first: int, last: int) -> str:
        return self.text[self.starts[first] : self.starts[min(last, len(self.lines))]].strip()
