"""The one way from markdown to HTML in the whole house (security rule 18).

Raw HTML is text, what comes out has passed an allow-list, and nothing that was typed makes it
fail: a wrong formula shows its source, an unknown language stays plain.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it.token import Token

from .html import HEADING_LEVELS, renderer
from .parser import parse, text_of
from .sanitiser import clean

# Forms and serializers take this as their max_length. What is longer all the same shows its
# first MAX_LENGTH characters and a sentence that says so.
MAX_LENGTH = 200_000
WORDS_PER_MINUTE = 180
# A character for private use, which the parser takes for a letter.
MARK = "\ue000"
# Where words can't be replaced: formulas and tags.
CLOSED = re.compile(r"<math\b.*?</math>|<[^>]*>", re.DOTALL)

__all__ = [
    "MAX_LENGTH",
    "Heading",
    "headings",
    "plain_text",
    "reading_minutes",
    "render",
    "render_with_gaps",
]


@dataclass(frozen=True)
class Heading:
    level: int  # 2 to 4; the page's title is level 1
    id: str
    title: str


def render(text: str, *, anchors: bool = False) -> SafeString:
    """Safe HTML of `text`, whoever wrote it.

    `anchors` gives headings the ids that `headings` lists; only where the page shows one text.
    """
    env = {"anchors": anchors}
    html = renderer.render(_parsed(text), env)
    if len(text) > MAX_LENGTH:
        told = _("The text is too long to be shown whole.")
        html += f"<p>{told}</p>"
    return mark_safe(clean(html))


def render_with_gaps(text: str, *, gap: str, parts: Sequence[SafeString]) -> SafeString | None:
    """As `render`, with `parts` where `gap` stands in the words.

    None when there are more or fewer places for them: a gap inside a formula or an address is none.
    """
    html = render(text.replace(MARK, "").replace(gap, MARK))
    if not html.count(MARK) == CLOSED.sub("", html).count(MARK) == len(parts):
        return None
    pieces = zip(html.split(MARK), [*parts, ""], strict=True)
    return mark_safe("".join(words + part for words, part in pieces))


def headings(text: str) -> list[Heading]:
    """The table of contents of `text`."""
    return list(_headings(text))


@lru_cache(maxsize=64)  # a lesson is opened more often than it is written
def _headings(text: str) -> tuple[Heading, ...]:
    tokens = _parsed(text)
    return tuple(
        Heading(HEADING_LEVELS[token.tag], str(token.meta["id"]), text_of(tokens[index + 1]))
        for index, token in enumerate(tokens)
        if token.type == "heading_open"
    )


def plain_text(text: str) -> str:
    """What a reader reads, one block a line, without code blocks and displayed formulas."""
    lines = []
    for token in _parsed(text):
        if token.type == "inline":
            lines.append(text_of(token))
        elif token.type == "callout_open" and token.meta["title"]:
            lines.append(token.meta["title"])
    return "\n".join(line for line in lines if line)


def reading_minutes(text: str) -> int:
    """Minutes to read `text`, code included, at an unhurried pace; at least 1."""
    return max(1, math.ceil(len(text[:MAX_LENGTH].split()) / WORDS_PER_MINUTE))


def _parsed(text: str) -> list[Token]:
    return parse(text[:MAX_LENGTH])
