"""Slugs: transliterated, unique within a queryset."""

from django.db.models import Model, QuerySet
from django.utils.crypto import get_random_string
from slugify import slugify


def slug_of(text: str, *, max_length: int = 80) -> str:
    """Latin letters, digits and hyphens; `course` when nothing is left."""
    return slugify(text, max_length=max_length, word_boundary=True) or "untitled"


def free_slug(text: str, *, taken: QuerySet[Model], max_length: int = 80) -> str:
    """A slug that no row of `taken` has: the plain one, else with a short random tail."""
    plain = slug_of(text, max_length=max_length)
    slug = plain
    while taken.filter(slug=slug).exists():
        tail = get_random_string(4, "abcdefghjkmnpqrstuvwxyz23456789")
        slug = f"{plain[: max_length - 5]}-{tail}"
    return slug
