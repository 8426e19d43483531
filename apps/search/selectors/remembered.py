"""What a person searched for before, and what the topic they are typing may become."""

from typing import Any

from apps.courses.selectors import categories_tree

from ..models import RecentSearch, SearchTerm
from .profiles import every_subject

MOST_TOPICS = 8


def recent_searches(user: Any, typed: str = "") -> list[str]:
    """What begins as typed, newest first; nothing for who switched the personal order off."""
    if not user.is_authenticated or not user.personal_order:
        return []
    mine = RecentSearch.objects.filter(user=user, text__startswith=typed.lower())
    return list(mine.order_by("-at", "-pk").values_list("text", flat=True))


def topics_like(typed: str) -> list[str]:
    """Names of subjects and words of courses that begin as typed."""
    start = _plain(" ".join(typed.split())).rstrip(".,;:!?…")
    if len(start) < 2:
        return []
    names = [node.name for node in every_subject(categories_tree())]
    found = [name for name in names if f" {start}" in f" {_plain(name)}"]
    words = SearchTerm.objects.filter(term__startswith=start).order_by("-documents", "term")
    found += words.values_list("term", flat=True)[:MOST_TOPICS]
    return list(dict.fromkeys(found))[:MOST_TOPICS]


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")
