"""The allow-list that everything passes before it reaches a page."""

import nh3

from .parser import is_absolute, is_own_file

_TEXT = {
    "p", "br", "hr", "em", "strong", "b", "s", "code", "pre", "blockquote", "ul", "ol", "li",
    "h2", "h3", "h4", "a", "img", "div", "span", "aside", "button",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ICONS = {"svg", "path", "circle", "rect"}
_MATHML = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup",
    "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded",
    "mphantom", "mmultiscripts", "mprescripts", "menclose",
}  # fmt: skip
_MATHML_ATTRIBUTES = {
    "display", "displaystyle", "scriptlevel", "mathvariant", "stretchy", "fence", "form", "accent",
    "width", "height", "depth", "lspace", "rspace", "linethickness", "minsize", "maxsize",
    "columnalign", "columnspacing", "rowspacing", "columnlines", "rowlines", "notation",
}  # fmt: skip

_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding"},
    "ol": {"start"},
    "th": {"scope"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "div": {"tabindex", "role", "aria-label"},
    "pre": {"tabindex", "aria-label"},
    "aside": {"role"},
    "button": {"type", "data-copy"},
    "svg": {
        "viewBox", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin",
        "aria-hidden", "focusable",
    },
    "path": {"d"},
    "circle": {"cx", "cy", "r"},
    "rect": {"width", "height", "x", "y", "rx", "ry"},
    **dict.fromkeys(_MATHML, _MATHML_ATTRIBUTES),
}  # fmt: skip


def _address(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("a", "href"):
        return value if is_absolute(value) or is_own_file(value) else None
    if (tag, name) == ("img", "src"):
        return value if is_own_file(value) else None
    return value


_cleaner = nh3.Cleaner(
    tags=_TEXT | _ICONS | _MATHML,
    clean_content_tags={"script", "style"},
    attributes=_ATTRIBUTES,
    allowed_classes={
        "div": {"code", "code-head", "formula", "overflow-x-auto"},
        "span": {"k", "s", "mi", "c", "nf"},
        "aside": {"callout", "callout-warn"},
        "button": {"act"},
        "svg": {"ico", "ico-s"},
        "table": {"table"},
        "th": {"r", "text-center"},
        "td": {"r", "text-center"},
    },
    attribute_filter=_address,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener ugc",
)


def clean(html: str) -> str:
    return _cleaner.clean(html)
