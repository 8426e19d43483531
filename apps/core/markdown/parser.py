"""Markdown to tokens: CommonMark with tables, strikethrough, formulas and callouts."""

import re
from collections import Counter

from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from slugify import slugify

CALLOUTS = {"note", "tip", "warning"}
DEEPEST_HEADING = 4
ABSOLUTE = re.compile(r"(?:https?://|mailto:)[^\s\\]+", re.IGNORECASE)
OWN_FILE = re.compile(rf"{re.escape(settings.MEDIA_URL)}[A-Za-z0-9_-]+(?:[/.][A-Za-z0-9_-]+)*")
FIGURE = re.compile(r"[−–+-]?\d[\d\s.,]*\s?(?:%|°|[€$₽])?|[—–-]")
INLINE_TEXT = {"text", "code_inline", "math_inline", "math_inline_double", "text_special"}


def is_absolute(url: str) -> bool:
    return ABSOLUTE.fullmatch(url) is not None


def is_own_file(url: str) -> bool:
    return OWN_FILE.fullmatch(url) is not None


def parse(text: str) -> list[Token]:
    # a lone surrogate can come out of JSON, but into no page
    return _markdown.parse(text.encode("utf-8", "replace").decode())


def text_of(inline: Token) -> str:
    """The words of an inline token; an image gives its description."""
    words = []
    for child in inline.children or []:
        if child.type in INLINE_TEXT:
            words.append(child.content)
        elif child.type == "image":
            words.append(text_of(child))
        elif child.type in {"softbreak", "hardbreak"}:
            words.append(" ")
    return "".join(words).strip()


def _outline(state: StateCore) -> None:
    """Headings become an outline under the page's h1, without a jump, each with a unique id."""
    above: list[int] = []
    slugs: Counter[str] = Counter()
    for index, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        written = int(token.tag[1])
        above = [level for level in above if level < written]
        above.append(written)
        close = state.tokens[index + 2]
        token.tag = close.tag = f"h{min(len(above) + 1, DEEPEST_HEADING)}"
        slug = slugify(text_of(state.tokens[index + 1])[:200], max_length=60) or "part"
        slugs[slug] += 1
        # the prefix keeps headings apart from the page's own ids; "--" stands in no slug
        token.meta["id"] = f"s-{slug}" + (f"--{slugs[slug]}" if slugs[slug] > 1 else "")


def _callouts(state: StateCore) -> None:
    """A callout's title runs in before its first paragraph, as in a book."""
    for index, token in enumerate(state.tokens):
        if token.type == "container_callout_open":
            token.type = "callout_open"
            kind, _, title = token.info.strip().partition(" ")
            token.meta = {"kind": kind, "title": title.strip(), "run_in": False}
            if index + 1 < len(state.tokens) and state.tokens[index + 1].type == "paragraph_open":
                token.meta["run_in"] = True
                state.tokens[index + 1].meta["title"] = token.meta["title"]
        elif token.type == "container_callout_close":
            token.type = "callout_close"


def _tables(state: StateCore) -> None:
    """A table is named after its columns; columns of figures stand right."""
    start = 0
    for index, token in enumerate(state.tokens):
        if token.type == "table_open":
            start = index
        elif token.type == "table_close":
            _arrange(state.tokens[start:index])


def _arrange(table: list[Token]) -> None:
    cells = [
        (token, text_of(table[index + 1]))
        for index, token in enumerate(table)
        if token.type in {"th_open", "td_open"}
    ]
    columns = [text for token, text in cells if token.type == "th_open"]
    table[0].meta["columns"] = columns
    width = len(columns)
    for column in range(width):
        below = [text for token, text in cells[width + column :: width] if text]
        figures = column > 0 and below and all(FIGURE.fullmatch(text) for text in below)
        for token, _ in cells[column::width]:
            style = str(token.attrs.pop("style", ""))
            if style == "text-align:right" or (figures and not style):
                token.attrSet("class", "r")
            elif style == "text-align:center":
                token.attrSet("class", "text-center")


def _build() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,  # "$5 and $6" is money
        allow_blank_lines=False,
        double_inline=True,
    )
    markdown.use(
        container_plugin,
        "callout",
        validate=lambda params, _: params.strip().partition(" ")[0] in CALLOUTS,
    )
    markdown.validateLink = lambda url: is_absolute(url) or is_own_file(url)  # type: ignore[method-assign]
    for rule in (_outline, _callouts, _tables):
        markdown.core.ruler.push(rule.__name__, rule)
    return markdown


_markdown = _build()
OPTIONS = _markdown.options
