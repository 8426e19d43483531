"""Written answers compared: what a person means by the same word, whatever the keyboard did."""

import re
import unicodedata

# Typographic signs as the keyboard has them.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("«»„“”‟″", '"'),
        **dict.fromkeys("‘’‚‛′ʼ`", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "ё": "е",
        "\u00ad": None,
        "\u200b": None,
    }
)
_TRAILING = " .,;:!?…"
# Space that parts no two words: `f( x )` is `f(x)`, `else if` stays.
_IDLE_SPACE = re.compile(r"\s+(?!\w)|(?<!\w)\s+")


def same(given: str, accepted: str) -> bool:
    """Whether the answer is this accepted one.

    Words are compared in NFKC without regard to case, ё and е, spaces, typographic quotes and
    dashes, and punctuation at the end. An accepted answer in `backticks` is code: it is compared
    as it stands but for space.
    """
    read = code if is_code(accepted) else plain
    return bool(given.strip()) and read(given) == read(accepted)


def is_code(text: str) -> bool:
    text = text.strip()
    return len(text) > 2 and text[0] == text[-1] == "`"


def code(text: str) -> str:
    bare = text.strip().strip("`").strip()
    return re.sub(r"\s+", " ", _IDLE_SPACE.sub("", bare))


def plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN)
    spaced = " ".join(folded.split())
    bare = spaced.rstrip(_TRAILING)
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        bare = bare[1:-1].strip().rstrip(_TRAILING)
    return bare or spaced
