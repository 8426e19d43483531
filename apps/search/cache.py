"""The revision of the index: what a cache holds of the catalogue bears it, and is forgotten with it."""

from django.core.cache import cache
from django.utils.crypto import get_random_string

from apps.core import moment

REVISION = "search:revision"


def revision() -> str | None:
    found: str | None = cache.get(REVISION)
    return found


def forget_answers() -> None:
    """What is held of catalogue pages and counts is out of date."""
    cache.set(REVISION, get_random_string(12), None)
    moment.end()
