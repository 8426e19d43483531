"""What each edit of a text changed, word by word."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..models import Revision

# with the space before them: else every space of a text is like every other
WORDS = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")
# The work of comparing is in the pairs of like pieces. Texts that have more are compared by lines,
# or not at all; a page of edits has so many together, so that no texts take long.
MOST_PAIRS = 10_000
PAIRS_ON_A_PAGE = 40_000
MOST_EDITS = 50


@dataclass(frozen=True)
class Edit:
    """One edit: who made it and when, and its text with what went out and what came in."""

    by: Any
    at: datetime
    title: SafeString | str
    changes: SafeString


def edits_of(*, kind: str, object_id: int, title: str, content: str) -> list[Edit]:
    """Newest first; `title` and `content` are as they stand now."""
    kept = Revision.objects.filter(kind=kind, object_id=object_id).select_related("edited_by")
    return list(_compared(kept.order_by("-created_at", "-id")[:MOST_EDITS], title, content))


def _compared(revisions: Any, title: str, content: str) -> Iterator[Edit]:
    left = PAIRS_ON_A_PAGE
    for before in revisions:
        named, _pairs = _changes(before.title, title, left) if before.title != title else ("", 0)
        changes, pairs = _changes(before.content, content, left)
        left -= pairs
        yield Edit(before.edited_by, before.created_at, named, changes)
        title, content = before.title, before.content


def _changes(before: str, after: str, left: int = PAIRS_ON_A_PAGE) -> tuple[SafeString, int]:
    """What changed, and how many pairs of pieces it took to find that."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    most = min(MOST_PAIRS, left)
    head, tail = _ends(old, new)
    pairs = _pairs(old[head : len(old) - tail], new[head : len(new) - tail])
    if pairs > most:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
        head, tail = _ends(old, new)
        pairs = _pairs(old[head : len(old) - tail], new[head : len(new) - tail])
    middle, other = old[head : len(old) - tail], new[head : len(new) - tail]
    if pairs > most:
        middle, other, pairs = ["".join(middle)], ["".join(other)], 1
    matcher = SequenceMatcher(None, middle, other, autojunk=False)
    shown: list[tuple[str, str, str]] = [("", "", "".join(old[:head]))]
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            shown.append(("", "", "".join(middle[i:j])))
        else:
            shown.append(_marked("".join(middle[i:j]), "".join(other[k:m])))
    shown.append(("", "", "".join(old[len(old) - tail :])))
    return format_html_join("", "{}{}{}", shown), pairs


def _ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many pieces both have in common at their beginnings and, beyond these, at their ends."""
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    rest = most - head
    tail = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    return head, tail


def _pairs(old: list[str], new: list[str]) -> int:
    there = Counter(new)
    return sum(count * there[piece] for piece, count in Counter(old).items())


def _marked(gone: str, come: str) -> tuple[str, str, str]:
    """A space before, what went out and what came in; a space that both begin with stays."""
    space = " " if all(words.startswith(" ") for words in (gone, come) if words) else ""
    gone, come = gone.removeprefix(space), come.removeprefix(space)
    return (
        space,
        format_html("<del>{}</del>", gone) if gone else "",
        format_html("<ins>{}</ins>", come) if come else "",
    )
