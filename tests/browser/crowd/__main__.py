"""`python -m tests.browser.crowd` with DATABASE_URL and REDIS_URL set: see the package."""

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from .rows import fill  # noqa: E402

if __name__ == "__main__":
    for language in ("en", "ru"):
        with transaction.atomic():
            fill(language, at=timezone.now())
