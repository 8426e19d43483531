"""Code coloured by Pygments in the design's five inks."""

from django.utils.html import escape
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text
from pygments.token import _TokenType as TokenType

LANGUAGES = frozenset(
    (
        "bash", "c", "c++", "cpp", "cs", "csharp", "css", "diff", "docker", "dockerfile", "go",
        "haskell", "html", "http", "ini", "java", "javascript", "js", "json", "julia", "kotlin",
        "lua", "php", "pycon", "py", "python", "r", "ruby", "rust", "scala", "sh", "shell", "sql",
        "swift", "tex", "toml", "ts", "typescript", "xml", "yaml",
    )
)  # fmt: skip
# A longer block stays plain: lexers are regular expressions over what anybody may send.
MAX_LENGTH = 10_000

_INKS: dict[TokenType, str] = {
    Comment: "c",
    Keyword: "k",
    Operator.Word: "k",
    Name.Tag: "k",
    String: "s",
    Number: "mi",
    Name.Function: "nf",
    Name.Class: "nf",
    Name.Decorator: "nf",
    Name.Attribute: "nf",
    Name.Builtin: "nf",
}


def language_name(language: str) -> str:
    """How people write the language; "" for one that isn't coloured."""
    lexer = _lexer(language)
    return str(lexer.name) if lexer else ""


def highlight(source: str, language: str) -> str:
    """Escaped HTML of `source`, runs of one ink in one span."""
    source = source.rstrip("\n")
    lexer = _lexer(language)
    if lexer is None or len(source) > MAX_LENGTH:
        return escape(source)
    tokens = list(lexer.get_tokens(source))
    parts: list[str] = []
    run, ink = "", ""
    for (kind, value), (next_kind, next_value) in zip(
        tokens, [*tokens[1:], (Text, "")], strict=True
    ):
        called = kind is Name and next_kind in Punctuation and next_value.startswith("(")
        own = "nf" if called else _ink(kind)
        if own != ink:
            parts.append(_span(run, ink))
            run, ink = "", own
        run += value
    parts.append(_span(run, ink))
    return "".join(parts).rstrip("\n")


def _lexer(language: str) -> Lexer | None:
    if language.lower() not in LANGUAGES:
        return None
    return get_lexer_by_name(language.lower(), stripnl=False)


def _ink(token: TokenType) -> str:
    kind: TokenType | None = token
    while kind is not None:
        if kind in _INKS:
            return _INKS[kind]
        kind = kind.parent
    return ""


def _span(text: str, ink: str) -> str:
    return f'<span class="{ink}">{escape(text)}</span>' if ink and text else escape(text)
