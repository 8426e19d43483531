"""What is kept of courses and categories, and when it is forgotten."""

import hashlib
from collections.abc import Iterable

from django.core.cache import cache
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.core import markdown
from apps.core.kept import forget, shown_with

from .models import Course

LIFETIME = 300  # seconds
CATEGORIES = "categories"


def forget_categories() -> None:
    """After the commit, the tree and its counts are read anew."""
    forget(CATEGORIES)


def forget_courses(course_ids: Iterable[int]) -> None:
    """After the commit, whatever floors have kept of these courses is made anew."""
    forget(*(f"course:{pk}" for pk in course_ids))


@shown_with("user")
def _courses_of_teacher(user_id: int) -> list[str]:
    taught = Course.objects.filter(owner=user_id).order_by().values_list("pk", flat=True)
    return [f"course:{pk}" for pk in taught]


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
