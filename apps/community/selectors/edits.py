"""What each edit of a text changed, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..models import Revision

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# longer texts are compared by lines, so that no pair of texts takes long
MOST_WORDS = 2000
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
    for before in revisions:
        named = _changes(before.title, title) if before.title != title else ""
        yield Edit(before.edited_by, before.created_at, named, _changes(before.content, content))
        title, content = before.title, before.content


def _changes(before: str, after: str) -> SafeString:
    old, new = _pieces(before, after)
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) > MOST_WORDS)
    parts = [
        (_marked("del", old[i:j]), _marked("ins", new[k:m]), "".join(old[i:j]))
        if what != "equal"
        else ("", "", "".join(old[i:j]))
        for what, i, j, k, m in matcher.get_opcodes()
    ]
    shown = [(gone, come, "" if gone or come else same) for gone, come, same in parts]
    return format_html_join("", "{}{}{}", shown)


def _pieces(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    if len(old) > MOST_WORDS or len(new) > MOST_WORDS:
        return before.splitlines(keepends=True), after.splitlines(keepends=True)
    return old, new


def _marked(tag: str, pieces: list[str]) -> SafeString | str:
    words = "".join(pieces)
    if not words:
        return ""
    name = {"del": "<del>{}</del>", "ins": "<ins>{}</ins>"}[tag]
    return format_html(name, words)
