"""How questions are put in the lesson's own language; what is printed is markdown."""

import re

from .sentences import Sentence
from .words import CODE_OR_FORMULA, lists

MARKUP = re.compile(r"[\\*_\[\]<>`~$|#]")
INNER = {"en": ("‘", "’"), "ru": ("„", "“")}
OUTER = {"en": ("“", "”"), "ru": ("«", "»")}


def phrase(language: str, key: str, **parts: str) -> str:
    return lists(language).wording[key].format(**parts)


def printed(text: str) -> str:
    """Markdown that shows the text: code and formulas stay, all else is escaped."""
    parts, end = [], 0
    for kept in CODE_OR_FORMULA.finditer(text):
        parts += [_escaped(text[end : kept.start()]), kept[0]]
        end = kept.end()
    parts.append(_escaped(text[end:]))
    # nor may it begin a list
    return re.sub(r"^(\d{1,9})(?=[.)] )|^(?=[-+=] )", r"\1\\", "".join(parts))


def _escaped(text: str) -> str:
    return MARKUP.sub(r"\\\g<0>", text)


def inside_quotes(text: str, language: str) -> str:
    """The text with its own quotation marks as they are written inside others."""
    left, right = INNER[language]
    opening, closing = OUTER[language]
    return text.replace(opening, left).replace(closing, right)


def quoted(language: str, text: str) -> str:
    return inside_quotes(printed(text), language)


def cited(*sentences: Sentence) -> str:
    """«In the lesson: "…"» for each, with the section under which it stands."""
    lines = [cited_words(s.text, s.section, s.language) for s in sentences]
    return "\n\n".join(dict.fromkeys(lines))


def cited_words(text: str, section: str, language: str) -> str:
    line = phrase(language, "source", quote=quoted(language, text))
    if section:
        line += phrase(language, "place", section=quoted(language, section))
    return line + "."
