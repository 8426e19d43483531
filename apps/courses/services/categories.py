"""The category tree: filled from the house's own list, moved, merged, renamed."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from apps.accounts.services import replace_subject
from apps.core.bus import gathered, publish
from apps.core.errors import Conflict
from apps.courses.cache import forget_categories, forget_courses
from apps.courses.events import CategoryChanged
from apps.courses.models import Category, CategoryRedirect, Course
from apps.courses.selectors import find_category

FILE = Path(__file__).parent.parent / "data" / "categories.toml"
# Two moves at once could each be sound and together make a ring: one at a time.
TREE_LOCK = 7_201_001


@transaction.atomic
def ensure_categories(rows: Iterable[dict[str, Any]] | None = None) -> int:
    """Add those of `data/categories.toml`, or of `rows` in its form, that are missing; what staff
    changed stays. How many."""
    _lock_tree()
    if rows is None:
        rows = tomllib.loads(FILE.read_text())["category"]
    added = _add(rows, parent=None)
    forget_categories()
    return added


@transaction.atomic
def add_category(*, category: Category) -> None:
    """Store a new one at the end of its row."""
    _lock_tree()
    category.position = _end_of(category.parent)
    category.save()
    forget_categories()


@transaction.atomic
def move_category(*, category: Category, parent: Category | None) -> None:
    """Hang the category with all below it under `parent`, or at the root; to the end of its row."""
    _lock_tree()
    if parent is not None and parent.pk in _family(category):
        raise Conflict(_("A category can’t be moved into itself."))
    category.parent = parent
    category.position = _end_of(parent)
    category.save(update_fields=["parent", "position"])
    _announce(_family(category))


@transaction.atomic
def merge_category(*, category: Category, into: Category) -> None:
    """Courses and subcategories go to `into`; the old slug, and those before it, redirect there."""
    _lock_tree()
    if into.pk in _family(category):
        raise Conflict(_("A category can’t be merged into itself."))
    affected = _family(category)
    Course.objects.filter(category=category).update(category=into)
    Category.objects.filter(parent=category).update(parent=into)
    CategoryRedirect.objects.filter(category=category).update(category=into)
    slug = category.slug
    category.delete()
    CategoryRedirect.objects.create(slug=slug, category=into)
    replace_subject(old=slug, new=into.slug)
    _announce([into.pk, *affected])


@transaction.atomic
def rename_category(*, category: Category, slug: str, name_en: str, name_ru: str) -> None:
    """New words for it; the old slug redirects."""
    if Category.objects.exclude(pk=category.pk).filter(slug=slug).exists():
        raise Conflict(_("Another category has this slug."))
    old = category.slug
    category.slug, category.name_en, category.name_ru = slug, name_en, name_ru
    category.save(update_fields=["slug", "name_en", "name_ru"])
    CategoryRedirect.objects.filter(slug=slug).delete()
    if old != slug:
        CategoryRedirect.objects.create(slug=old, category=category)
        replace_subject(old=old, new=slug)
    _announce(_family(category))


def _add(rows: Iterable[dict[str, Any]], *, parent: Category | None) -> int:
    added = 0
    for place, row in enumerate(rows, start=1):
        category = find_category(row["slug"])
        if category is None:
            category = Category.objects.create(
                slug=row["slug"],
                name_en=row["en"],
                name_ru=row["ru"],
                parent=parent,
                position=place,
            )
            added += 1
        added += _add(row.get("children", []), parent=category)
    return added


def _family(category: Category) -> list[int]:
    """Ids of the category and all below it."""
    return list(
        Category.objects.descendants(category, include_self=True).values_list("pk", flat=True)
    )


def _end_of(parent: Category | None) -> int:
    last = Category.objects.filter(parent=parent).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _announce(category_ids: Iterable[int]) -> None:
    """Lists and indexes of the courses in these categories show something else now."""
    category_ids = list(category_ids)
    courses = Course.objects.filter(category__in=category_ids)
    forget_courses(courses.values_list("pk", flat=True))
    with gathered():
        for category_id in category_ids:
            publish(CategoryChanged(category_id=category_id))
    forget_categories()


def _lock_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])
