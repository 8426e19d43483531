"""HTML of other programs as our markdown: what is bold stays bold, everything else becomes text.

Nothing of the HTML itself survives, and text that looks like markdown is escaped, so that the
renderer shows what the other program showed. Every pattern here looks ahead a bounded way: what
people upload may be made to keep it busy.
"""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

from apps.core.markdown.parser import is_absolute

_EMPHASIS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "strike": "~~", "del": "~~"}
_BLOCKS = {
    "p", "ul", "ol", "table", "blockquote", "hr", "pre", "h1", "h2", "h3", "h4", "h5", "h6",
    "section", "article", "center", "dl",
}  # fmt: skip
_LINES = {"br", "div", "tr", "dt", "dd", "li"}
DEEPEST = 20  # emphasis in emphasis, list in list
_SKIPPED = {"script", "style", "head", "title", "template", "noscript", "svg"}
_MATH = re.compile(
    r"\\\((?P<inline>.{1,1000}?)\\\)|\\\[(?P<block>.{1,1000}?)\\\]"
    r"|\[\$\](?P<old>.{1,1000}?)\[/\$\]|\[\$\$\](?P<oldblock>.{1,1000}?)\[/\$\$\]",
    re.DOTALL,
)
_SOUND = re.compile(r"\[sound:[^\]]{0,300}\]")
_COMMENT = re.compile(r"<!--.{0,1000}?-->", re.DOTALL)
_UNCLOSED = re.compile(r"<(?=[^<>]*(?:<|$))")
_LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+);")
_SPECIAL = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~]|$)  # a backslash that would escape
    | `
    | (?<!\s)\*|\*(?!\s)        # a star beside a word
    | (?<![^\W_])_|_(?![^\W_])  # an underscore at the edge of a word
    | \[(?=[^\]]{0,300}\][(:\[])  # a link
    | <(?=[a-zA-Z/!?])
    | &(?=\#?\w+;)
    | \$(?!\d)
    | ~(?=~)""",
    re.VERBOSE,
)
_LINE_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+*](?=\s|$)|>|={2,}|-{2,}|:{3,}|~{3,})")
_LINE_NUMBER = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)")
_LINE, _PARAGRAPH = "\ue000", "\ue001"  # line and paragraph ends, before they are weighed
_ENDS = re.compile(rf"(?<![ \t])[ \t]*((?:[{_LINE}{_PARAGRAPH}][ \t]*)+)")


@dataclass(frozen=True)
class Plain:
    """Markdown, and how many pictures, sounds and the like it lost."""

    text: str
    lost: int


def markdown_of_html(html: str) -> Plain:
    writer = _Writer()
    text = html.replace(_LINE, "").replace(_PARAGRAPH, "").replace("\x00", "")
    # the parser looks for the end of a tag again and again when none comes
    writer.feed(_UNCLOSED.sub("&lt;", _COMMENT.sub("", text)))
    writer.close()
    return Plain(writer.result(), writer.lost)


def markdown_of_text(text: str) -> str:
    """Plain text, its lines kept, as markdown that shows the same."""
    lines = [escaped(line, at_start=True) for line in text.strip().split("\n")]
    blanks = re.compile(r"\\\n(?:\s*\\\n)+")
    return _trimmed(blanks.sub("\n\n", "\\\n".join(lines)))


def markdown_of_mixed(text: str) -> Plain:
    """Text that may hold HTML, as Moodle's own format does: there a line end is a line end."""
    if not _LOOKS_LIKE_HTML.search(text):
        return Plain(markdown_of_text(text), 0)
    return markdown_of_html(text.replace("\n", "<br>"))


def has_words(html: str) -> bool:
    """Whether anything is left without tags and sounds; quick, for whole files."""
    return bool(unescape(_SOUND.sub("", re.sub(r"<[^<>]*>", "", html))).strip())


def escaped(text: str, *, at_start: bool) -> str:
    """Text as markdown; `at_start` says that it begins a line."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    if at_start:
        text = _LINE_START.sub(r"\1\\\2", text)
        text = _LINE_NUMBER.sub(r"\1\\\2", text)
    return text


def _trimmed(markdown: str) -> str:
    """Without line ends that nothing stands before or behind."""
    start, end = 0, len(markdown)
    while start < end and (markdown[start].isspace() or markdown.startswith("\\\n", start)):
        start += 1 if markdown[start].isspace() else 2
    while start < end and markdown[end - 1].isspace():
        end -= 2 if markdown.startswith("\\\n", end - 2) else 1
    return markdown[start:end]


class _Writer(HTMLParser):
    """Collects markdown; an open emphasis or link has a buffer of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lost = 0
        self._buffers: list[list[str]] = [[]]
        self._open: list[tuple[str, str]] = []  # tag, and the mark or address
        self._lists: list[int | None] = []  # the next number, None for bullets
        self._skipping = 0
        self._verbatim = 0

    def result(self) -> str:
        while self._open:
            self._shut()
        return _trimmed(_ENDS.sub(_weighed, "".join(self._buffers[0])).replace("\u2060 ", " "))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag == "img":
            self.lost += 1
            self.handle_data(dict(attrs).get("alt") or "")
        elif tag in {"audio", "video", "object", "iframe", "embed"}:
            self.lost += 1
        elif tag in _EMPHASIS:
            self._begin(tag, _EMPHASIS[tag])
        elif tag == "a":
            self._begin(tag, (dict(attrs).get("href") or "").strip())
        elif tag == "pre":
            self._put(f"{_PARAGRAPH}```\n")
            self._verbatim += 1
        elif tag == "code" and not self._verbatim and len(self._open) < DEEPEST:
            self._begin(tag, "`")
            self._verbatim += 1
        elif tag in {"ul", "ol"}:
            self._put(_LINE if self._lists else _PARAGRAPH)
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._item()
        else:
            self._break(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in {"br", "hr", "img"}:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag in {"code", "a"} | set(_EMPHASIS):
            if any(open_tag == tag for open_tag, _mark in self._open):
                while self._shut() != tag:
                    pass
        elif tag == "pre" and self._verbatim:
            self._verbatim -= 1
            self._put(f"\n```{_PARAGRAPH}")
        elif tag in {"ul", "ol"}:
            if self._lists:
                self._lists.pop()
            self._put(_LINE if self._lists else _PARAGRAPH)
        elif tag in {"td", "th"}:
            self._put(" ")
        elif tag != "br":
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._skipping:
            return
        if self._verbatim:
            self._put(data)
            return
        self.lost += len(_SOUND.findall(data))
        self._words(_SOUND.sub("", data))

    def _words(self, data: str) -> None:
        done = 0
        for match in _MATH.finditer(data):
            self._text(data[done : match.start()])
            inline = match["inline"] or match["old"]
            formula = (inline or match["block"] or match["oldblock"]).strip()
            self._put(f"${formula}$" if inline else f"$${formula}$$")
            done = match.end()
        self._text(data[done:])

    def _text(self, data: str) -> None:
        text = re.sub(r"[ \t\r\n\f]+", " ", data.replace("\xa0", " "))
        before = self._last()
        if before in {"", " ", _LINE, _PARAGRAPH}:
            text = text.lstrip(" ") if before != " " else text.removeprefix(" ")
        if text:
            self._put(escaped(text, at_start=before in {"", _LINE, _PARAGRAPH}))

    def _last(self) -> str:
        for buffer in reversed(self._buffers):
            for piece in reversed(buffer):
                if piece:
                    return piece[-1]
        return ""

    def _put(self, text: str) -> None:
        if not self._skipping:
            self._buffers[-1].append(text)

    def _break(self, tag: str) -> None:
        if tag == "hr" or tag in _BLOCKS:
            self._put(_PARAGRAPH)
        elif tag == "br" or (tag in _LINES and self._last() not in {"", _LINE, _PARAGRAPH}):
            self._put(_LINE)

    def _item(self) -> None:
        number = self._lists[-1] if self._lists else None
        indent = "   " * max(0, min(len(self._lists), DEEPEST) - 1)
        if number is not None:
            self._lists[-1] = number + 1
        self._put(_LINE)
        # a blank that no line end swallows: the mark belongs to the line
        self._put(f"{indent}{'-' if number is None else f'{number}.'}\u2060 ")

    def _begin(self, tag: str, mark: str) -> None:
        """Deeper in each other than anybody writes them only the words count."""
        if len(self._open) >= DEEPEST:
            return
        self._open.append((tag, mark))
        self._buffers.append([])

    def _shut(self) -> str:
        """Close the innermost emphasis, code or link; gives its tag."""
        tag, mark = self._open.pop()
        inner = "".join(self._buffers.pop())
        if tag == "code":
            self._verbatim -= 1
            self._put(_code(inner))
        elif tag == "a":
            self._put(f"[{inner}](<{mark}>)" if _is_link(mark, inner) else inner)
        else:
            self._put(_wrapped(inner, mark))
        return tag


def _weighed(match: re.Match[str]) -> str:
    """One line end stays in the paragraph; two, or the end of a block, begin another."""
    ends = match[1]
    following = match.string[match.end() : match.end() + 12]
    if re.match(r"\s*(?:-|\d+\.)\u2060 ", following):
        return "\n" if _PARAGRAPH not in ends else "\n\n"
    return "\n\n" if _PARAGRAPH in ends or ends.count(_LINE) > 1 else "\\\n"


def _wrapped(inner: str, mark: str) -> str:
    """Marks hug the words of every line."""
    parts = re.split(rf"([{_LINE}{_PARAGRAPH}]+)", inner)
    return "".join(
        re.sub(r"^(\s*)(.*?)(\s*)$", rf"\g<1>{mark}\g<2>{mark}\g<3>", part, flags=re.DOTALL)
        if part.strip() and part[0] not in (_LINE, _PARAGRAPH)
        else part
        for part in parts
    )


def _code(inner: str) -> str:
    inner = inner.replace(_LINE, " ").replace(_PARAGRAPH, " ").strip()
    fence = "``" if "`" in inner else "`"
    pad = " " if "`" in inner else ""
    return f"{fence}{pad}{inner}{pad}{fence}" if inner else ""


def _is_link(address: str, words: str) -> bool:
    return bool(words.strip()) and is_absolute(address) and not re.search(r"[<>\s]", address)
