"""What anybody may type, however it is wrapped, executes nothing and takes little time."""

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from apps.core import markdown
from apps.core.markdown.code import LANGUAGES, highlight
from apps.core.markdown.code import MAX_LENGTH as LONGEST_CODE
from apps.core.markdown.sanitiser import clean

CORPUS = [
    line.replace(r"\n", "\n")
    for line in (Path(__file__).parent / "xss_corpus.txt").read_text().splitlines()
    if line.strip()
]
WRAPPINGS = [
    "{}",
    "[{}](https://ok.example)",
    "[x]({})",
    '[x](https://ok.example "{}")',
    "![{}](/media/a/b.webp)",
    "![x]({})",
    "<{}>",
    "# {}",
    "**{}**",
    "> - {}",
    "```{}\ncode\n```",
    "```html\n{}\n```",
    "| {} |\n|---|\n| {} |",
    "::: note {}\n{}\n:::",
    "${}$",
    "$$\n{}\n$$",
    r"$\text{{{}}}$",
]
FORBIDDEN_TAGS = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "base",
    "link",
    "meta",
    "template",
    "foreignobject",
    "use",
    "animate",
    "set",
    "maction",
    "annotation-xml",
    "mglyph",
    "video",
    "audio",
    "title",
    "textarea",
    "noscript",
    "dialog",
    "area",
    "map",
}
ATTRIBUTES = {
    "class",
    "href",
    "src",
    "alt",
    "title",
    "width",
    "height",
    "loading",
    "decoding",
    "start",
    "scope",
    "tabindex",
    "role",
    "aria-label",
    "aria-hidden",
    "focusable",
    "rel",
    "type",
    "data-copy",
    "viewbox",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
    "d",
    "cx",
    "cy",
    "r",
    "x",
    "y",
    "rx",
    "ry",
    # MathML
    "display",
    "displaystyle",
    "scriptlevel",
    "mathvariant",
    "stretchy",
    "fence",
    "form",
    "accent",
    "depth",
    "lspace",
    "rspace",
    "linethickness",
    "minsize",
    "maxsize",
    "columnalign",
    "columnspacing",
    "rowspacing",
    "columnlines",
    "rowlines",
    "notation",
}


class Inspector(HTMLParser):
    """Collects what a page must not contain."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.faults = []

    def handle_starttag(self, tag, attrs):
        if tag in FORBIDDEN_TAGS:
            self.faults.append(tag)
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name not in ATTRIBUTES:
                self.faults.append(f"{tag} {name}")
            if name == "href" and not address.startswith(
                ("http://", "https://", "mailto:", "/media/")
            ):
                self.faults.append(f"{tag} {name}={value}")
            if name == "src" and (not address.startswith("/media/") or ".." in address):
                self.faults.append(f"{tag} {name}={value}")
            if name == "class" and not set(value.split()) <= {
                "code",
                "code-head",
                "formula",
                "overflow-x-auto",
                "k",
                "s",
                "mi",
                "c",
                "nf",
                "callout",
                "callout-warn",
                "act",
                "ico",
                "ico-s",
                "table",
                "r",
                "text-center",
            }:
                self.faults.append(f"{tag} class={value}")


def faults(html):
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.faults


def test_corpus_is_large():
    assert len(set(CORPUS)) >= 150


@pytest.mark.parametrize("text", CORPUS)
def test_nothing_executes(text):
    for wrapping in WRAPPINGS:
        source = wrapping.replace("{{{}}}", "{" + text + "}").replace("{}", text)
        assert faults(markdown.render(source)) == [], source


@pytest.mark.parametrize("text", CORPUS)
def test_sanitiser_alone_would_hold(text):
    """Were the parser to let raw HTML through, the allow-list still refuses it."""
    html = clean(text)
    assert [fault for fault in faults(html) if not fault.endswith((" id",))] == []


def test_inspector_sees():
    assert faults(
        '<p onclick="x"><script></script><a href="java\tscript:x"><img src="/media/../x">'
    )


N = markdown.MAX_LENGTH // 4  # what grows faster than the text already shows at a quarter
HOSTILE = {
    "brackets": "[" * 1_000_000,
    "images": "![" * (N // 2),
    "links": "[[](" * (N // 4),
    "emphasis": "*_" * (N // 2),
    "quotes": ">" * N,
    "nested quotes": "\n".join(">" * (n % 90) + " a" for n in range(3_000)),
    "nested lists": "\n".join("  " * n + "- a" for n in range(400)),
    "ticks": "".join("`" * n + " " for n in range(1, 600)),
    "code": ("```http\n" + "a" * 9_000 + "\n```\n") * 22,
    "fences": "```python\n" * (N // 10),
    "wide table": "|a" * 1_000 + "|\n" + "|-" * 1_000 + "|\n" + ("|1" * 1_000 + "|\n") * 90,
    "long table": "|a|\n|-|\n" + "|1|\n" * 40_000,
    "headings": "# a\n" * (N // 4),
    "references": "".join(f"[{n}]: https://a.example/{n}\n" for n in range(N // 32)),
    "callouts": "::: note a\n" * (N // 11),
    "dollars": "$" * N,
    "formulas": "$x^2$ " * (N // 20),
    "deep formula": "$" + "{" * 900 + "x" + "}" * 900 + "$",
    "roots": "$" + r"\sqrt" * 390 + "x$",
    "powers": "$" + "x^{" * 600 + "}" * 600 + "$",
    "fractions": "$" + r"\frac{1}{" * 200 + "x" + "}" * 200 + "$",
    "definitions": r"$\def\a{\b\b}\def\b{\c\c}\def\c{xx}\a$",
    "nulls": "\x00" * N,
    "surrogates": "\ud800 a",
    "entities": "&#" * (N // 2),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_time_is_bounded(text):
    begun = time.process_time()
    assert faults(markdown.render(text)) == []
    assert time.process_time() - begun < (4 if len(text) <= N * 1.2 else 16)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("unit", ["(", '"', "/*", "<a ", "\\", "a", "'''", "{%", "${", "<!--\n"])
def test_lexers_are_quick(language, unit):
    begun = time.process_time()
    highlight(unit * (LONGEST_CODE // len(unit)), language)
    assert time.process_time() - begun < 5
