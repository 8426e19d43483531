"""How fast the community is: each part in a module of its own, with its figures and its plans.

`make bench-community ARGS=topics` runs one of them, without ARGS all. The exit code tells whether
every target holds.
"""

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.test import override_settings  # noqa: E402

PARTS = ("topics", "feed")  # delivery wants servers that run: `make bench-delivery`
PLAIN_STATIC = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def main() -> int:
    asked = sys.argv[1:2] or [part for part in PARTS if find_spec(f"{__package__}.{part}")]
    if not set(asked) <= set(PARTS):
        sys.exit(f"one of: {', '.join(PARTS)}")
    failed = 0
    for part in asked:
        sys.stdout.write(f"\n### {part}\n")
        failed += import_module(f"{__package__}.{part}").main() or 0
    return 1 if failed else 0


if __name__ == "__main__":
    with override_settings(STORAGES=PLAIN_STATIC):
        sys.exit(main())
