"""How many bytes of scripts each page loads, from its template and the built files."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
LIMIT = 60_000  # bytes, compressed
SCRIPT = re.compile(r"<script[^>]*\bsrc=\"\{% static '([a-z-]+\.js)' %\}\"")
PARENT = re.compile(r"\{% extends \"([^\"]+)\" %\}")


@cache
def weight(script: str) -> int:
    return len(gzip.compress((ROOT / "static/dist" / script).read_bytes(), 9, mtime=0))


def scripts_of(name: str) -> set[str]:
    """Its own, and those of what it extends; the block `scripts` replaces its parent's."""
    text = (TEMPLATES / name).read_text()
    parent = PARENT.search(text)
    own = set(SCRIPT.findall(text))
    if parent and "block.super" not in text and "{% block scripts %}" in text:
        inherited = scripts_of(parent[1]) & {"app.js", "theme.js"}
    else:
        inherited = scripts_of(parent[1]) if parent else set()
    return own | inherited


def pages() -> list[str]:
    """Those of the site; the admin's are another package's."""
    found = (str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
    extending = (name for name in found if PARENT.search((TEMPLATES / name).read_text()))
    return sorted(name for name in extending if not name.startswith("admin/"))


def test_the_base_page_loads_what_all_load():
    assert scripts_of("layouts/base.html") == {"app.js", "theme.js"}


@pytest.mark.parametrize("name", pages())
def test_scripts_of_a_page_stay_light(name):
    scripts = scripts_of(name)
    assert sum(map(weight, scripts)) <= LIMIT, scripts


def test_local_state_finds_what_keeps_it():
    """Alpine is loaded by the pages that use it, or by all that include the part that does."""
    texts = {
        str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")
    }
    users = [name for name, text in texts.items() if "x-data" in text]
    assert users
    for name in users:
        if "alpine.js" in texts[name]:
            continue
        including = [text for text in texts.values() if f'"{name}"' in text]
        assert including, name
        assert all("alpine.js" in text for text in including if PARENT.search(text)), name
