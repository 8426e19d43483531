"""The forum's categories, filled from the house's own list."""

import tomllib
from pathlib import Path

from django.db import transaction

from apps.community.models import ForumCategory

FILE = Path(__file__).parent.parent / "data" / "categories.toml"


@transaction.atomic
def ensure_forum_categories() -> int:
    """Add those of `data/categories.toml` that are missing; what staff changed stays. How many."""
    rows = tomllib.loads(FILE.read_text())["category"]
    known = set(ForumCategory.objects.values_list("slug", flat=True))
    missing = [
        ForumCategory(position=place, **row)
        for place, row in enumerate(rows, start=1)
        if row["slug"] not in known
    ]
    ForumCategory.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
