"""Tokens to the markup that the design's `.prose` is drawn for."""

import re
from collections.abc import MutableMapping, Sequence
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from .code import highlight, language_name
from .formulas import FormulaError, mathml
from .parser import OPTIONS, is_own_file, text_of

HEADING_LEVELS = {"h2": 2, "h3": 3, "h4": 4}
SIZE_IN_NAME = re.compile(r"-(\d{1,5})x(\d{1,5})\.webp$")
LONGEST_LABEL = 120
COLOURED_CODE = 60_000  # characters of code in one text; what follows stays plain

Env = MutableMapping[str, Any]

_ICON = (
    '<svg class="{size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" '
    'focusable="false">{shapes}</svg>'
)
_CALLOUT_ICONS = {
    "note": '<circle cx="12" cy="12" r="10"/><path d="M12 16v-4"/><path d="M12 8h.01"/>',
    "tip": (
        '<path d="M15 14c.2-1 .7-1.7 1.5-2.5 1-.9 1.5-2.2 1.5-3.5A6 6 0 0 0 6 8c0 1 .2 2.2 1.5 '
        '3.5.7.7 1.3 1.5 1.5 2.5"/><path d="M9 18h6"/><path d="M10 22h4"/>'
    ),
    "warning": (
        '<path d="m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3"/>'
        '<path d="M12 9v4"/><path d="M12 17h.01"/>'
    ),
}
_COPY_ICON = (
    '<rect width="14" height="14" x="8" y="8" rx="2" ry="2"/>'
    '<path d="M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2"/>'
)


class Renderer(RendererHTML):
    """Each method is the rule of the token it is named after."""

    def render(self, tokens: Sequence[Token], env: Env) -> str:  # type: ignore[override]
        return super().render(tokens, OPTIONS, env)

    def heading_open(self, tokens: Sequence[Token], index: int, _options: Any, env: Env) -> str:
        token = tokens[index]
        anchor = f' id="{escape(token.meta["id"])}"' if env["anchors"] else ""
        return f"<{token.tag}{anchor}>"

    def paragraph_open(self, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
        opening: str = self.renderToken(tokens, index, options, env)
        title = tokens[index].meta.get("title")
        return opening + (_run_in(title) if title else "")

    def callout_open(self, tokens: Sequence[Token], index: int, _options: Any, _env: Env) -> str:
        meta = tokens[index].meta
        kind = " callout-warn" if meta["kind"] == "warning" else ""
        icon = _ICON.format(size="ico", shapes=_CALLOUT_ICONS[meta["kind"]])
        title = "" if meta["run_in"] or not meta["title"] else f"<p>{_run_in(meta['title'])}</p>"
        return f'<aside class="callout{kind}" role="note">{icon}<div>{title}'

    def callout_close(self, *_args: object) -> str:
        return "</div></aside>\n"

    def fence(self, tokens: Sequence[Token], index: int, _options: Any, env: Env) -> str:
        token = tokens[index]
        env["code"] = env.get("code", 0) + len(token.content)
        language = token.info.partition(" ")[0] if env["code"] <= COLOURED_CODE else ""
        return _code(token.content, language)

    def code_block(self, tokens: Sequence[Token], index: int, _options: Any, _env: Env) -> str:
        return _code(tokens[index].content, "")

    def math_inline(self, tokens: Sequence[Token], index: int, _options: Any, _env: Env) -> str:
        source = tokens[index].content
        try:
            return mathml(source)
        except FormulaError:
            return f"<code>{escape(source)}</code>"

    def math_block(self, tokens: Sequence[Token], index: int, _options: Any, _env: Env) -> str:
        source = tokens[index].content.strip()
        try:
            formula = mathml(source, display=True)
        except FormulaError:
            return _code(source, "")
        label = escape(_("Formula"))
        return (
            f'<div class="formula" tabindex="0" role="group" aria-label="{label}">{formula}</div>'
        )

    def math_inline_double(
        self, tokens: Sequence[Token], index: int, options: Any, env: Env
    ) -> str:
        # inside a paragraph there is no room for a block
        return self.math_inline(tokens, index, options, env)

    def table_open(self, tokens: Sequence[Token], index: int, _options: Any, env: Env) -> str:
        # two regions of one page may not share a name
        env["tables"] = env.get("tables", 0) + 1
        columns = ", ".join(filter(None, tokens[index].meta["columns"]))[:LONGEST_LABEL]
        label = _("Table %(number)d: %(columns)s") % {"number": env["tables"], "columns": columns}
        return (
            f'<div class="overflow-x-auto" tabindex="0" role="region" aria-label="{escape(label)}">'
            '<table class="table">\n'
        )

    def table_close(self, *_args: object) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
        tokens[index].attrSet("scope", "col")
        return self.renderToken(tokens, index, options, env)

    def image(self, tokens: Sequence[Token], index: int, _options: Any, _env: Env) -> str:
        """Only our own files are loaded into a page; other pictures become links."""
        token = tokens[index]
        source, description = str(token.attrs["src"]), text_of(token)
        if not is_own_file(source):
            return f'<a href="{escape(source)}">{escape(description or source)}</a>'
        size = SIZE_IN_NAME.search(source)
        box = f' width="{size[1]}" height="{size[2]}"' if size else ""
        return (
            f'<img src="{escape(source)}" alt="{escape(description)}"{box} '
            'loading="lazy" decoding="async">'
        )


def _run_in(title: str) -> str:
    stop = "" if title[-1] in ".!?…:" else "."
    return f"<b>{escape(title)}{stop}</b> "


def _code(source: str, language: str) -> str:
    name = language_name(language)
    head, label = "", _("Code")
    if name:
        label = _("%(language)s code") % {"language": name}
        copy = _ICON.format(size="ico-s", shapes=_COPY_ICON) + escape(_("Copy"))
        head = (
            f'<div class="code-head"><span>{escape(name)}</span>'
            f'<button type="button" class="act" data-copy="code">{copy}</button></div>'
        )
    return (
        f'<div class="code">{head}<pre tabindex="0" aria-label="{escape(label)}">'
        f"<code>{highlight(source, language)}</code></pre></div>\n"
    )


renderer = Renderer()
