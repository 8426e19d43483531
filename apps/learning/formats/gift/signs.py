"""The signs of GIFT that a backslash makes ordinary."""

import re

# Noncharacters stand for escaped signs while a question is taken apart.
_MASKS = {
    "\\": "\ufdd0",
    "~": "\ufdd1",
    "=": "\ufdd2",
    "#": "\ufdd3",
    "{": "\ufdd4",
    "}": "\ufdd5",
    ":": "\ufdd6",
    "n": "\ufdd7",
}
_SIGNS = {mask: "\n" if sign == "n" else sign for sign, mask in _MASKS.items()}
_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
_MASKED = re.compile("[\ufdd0-\ufdd7]")


def masked(text: str) -> str:
    """Every escaped sign as one character that means nothing; other backslashes stay."""
    return _ESCAPED.sub(lambda match: _MASKS[match[1]], _MASKED.sub("\ufffd", text))


def unmasked(text: str) -> str:
    return _MASKED.sub(lambda match: _SIGNS[match[0]], text)


def escaped(text: str) -> str:
    return re.sub(r"[\\~=#{}:]", r"\\\g<0>", text).replace("\n", r"\n")
