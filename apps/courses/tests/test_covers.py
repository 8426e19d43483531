import hashlib
import re
from xml.etree import ElementTree

import pytest

from apps.courses.covers import FAMILIES, PALETTES, STYLES, cover_svg

# first 12 digits of the SHA-256 of what the drawing made in the browser gives
GOLDEN = [
    ("  Statistics that you can trust ", "language", "arcs", "4e507e2f09ed"),
    ("SQL", "probability", "arcs", "0a6de4e8e793"),
    ("", "language", "blocks", "e4d1350d267a"),
    ("Ёлка и İstanbul", "art", "blocks", "f45fe036722d"),
    ("История чисел", "math", "curves", "52617257ef4f"),
    ("Ёлка и İstanbul", "math", "curves", "8c0781dd73ce"),
    ("Python from the first line", "code", "dots", "661ae417d943"),
    ("Ёлка и İstanbul", "probability", "dots", "38d7dd1bedbd"),
    ("  Statistics that you can trust ", "history", "hills", "3b2060fae45c"),
    ("  Statistics that you can trust ", "health", "hills", "e8fc0750295f"),
    ("日本語の基礎", "science", "orbits", "faa57a092755"),
    ("  Statistics that you can trust ", "math", "orbits", "90cb044a85ce"),
    ("Алгоритмы: от поиска до графов", "health", "petals", "8d63e8199120"),
    ("日本語の基礎", "health", "petals", "d79479d78fd8"),
    ("История чисел", "history", "spines", "e5072d007dc9"),
    ("x", "", "spines", "2a268347b4f5"),
    ("Probability for decisions", "art", "waves", "b03289ade6b5"),
    ('Straße & <tags> "quoted"', "health", "waves", "ad5a4ee9ec8f"),
    ("SQL", "history", "weave", "42d3ab667f5c"),
    ("История чисел", "", "weave", "0914119c8504"),
]


@pytest.mark.parametrize(("title", "category", "family", "digest"), GOLDEN)
def test_equals_the_browsers_drawing(title, category, family, digest):
    svg = cover_svg(title, category)
    assert f'data-family="{family}"' in svg
    assert hashlib.sha256(svg.encode()).hexdigest()[:12] == digest


def test_every_family_is_covered():
    assert {family for _, _, family, _ in GOLDEN} == set(FAMILIES)
    assert set(STYLES) == set(PALETTES)


@pytest.mark.parametrize("title", ["", "<script>", '"x', "a" * 5_000, "\u202e"])
def test_a_title_is_never_in_the_picture(title):
    svg = cover_svg(title, "</svg>")
    names = {re.sub("{.*}", "", element.tag) for element in ElementTree.fromstring(svg).iter()}
    assert names <= {"svg", "rect", "path", "circle"}
    assert 500 < len(svg) < 16_000
