"""What is read often and changes seldom, kept beside the database; without Redis it is read anew.

Every entry carries the revision of what it was made from, so that a slow reader can't put an old
state back after a change.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.core import markdown

LIFETIME = 300  # seconds
# A change made while Redis was away isn't noted in it: the tree is wrong for so long at most.
TREE_LIFETIME = 60
TREE_REVISION = "courses:categories:revision"


def cached_categories(read: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    revision = cache.get(TREE_REVISION)
    if revision is None:
        revision = get_random_string(12)
        if not cache.add(TREE_REVISION, revision, None):  # somebody else was first, or no Redis
            return read()
    key = f"courses:categories:{revision}"
    rows: list[dict[str, Any]] | None = cache.get(key)
    if rows is None:
        rows = read()
        cache.set(key, rows, TREE_LIFETIME)
    return rows


def forget_categories() -> None:
    """After the commit, the tree and its counts are read anew."""
    transaction.on_commit(
        lambda: cache.set(TREE_REVISION, get_random_string(12), None), robust=True
    )


def cached_course(
    course_id: int, stamp: tuple[Any, ...], make: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """What is shown of the course; `stamp` differs when anything of it does."""
    key = f"courses:course:{course_id}:{_digest(repr(stamp))}:{get_language()}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, LIFETIME)
    return found


def cached_html(text: str) -> SafeString:
    """The HTML of a markdown text, found by the text itself, so that it is never out of date."""
    key = f"courses:html:{_digest(text)}:{get_language()}"
    found: SafeString | None = cache.get(key)
    if found is None:
        found = markdown.render(text, anchors=True)
        cache.set(key, found, LIFETIME)
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
