"""Quotes are found in markdown by their letters alone."""

import pytest

from apps.learning.engine import spans

LESSON = """## Cells

**Mitochondria** make [ATP](https://example.com/a_(b)) from `sugar`.

- *Ribosomes* make proteins.
- The nucleus holds DNA; its length is $x^2$ metres.
"""


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        (
            "Mitochondria make ATP from sugar.",
            "Mitochondria** make [ATP](https://example.com/a_(b)) from `sugar",
        ),
        ("ribosomes  MAKE proteins", "Ribosomes* make proteins"),
        ("its length is ⟦f⟧ metres", "its length is $x^2$ metres"),
        (
            "The nucleus holds DNA\nMitochondria make ATP",
            LESSON[LESSON.index("Mito") : LESSON.index("; its")],
        ),
        ("Ribosomes make sugar", None),
        ("Ribosomes make proteins\nRibosomes make sugar", None),
        ("…", None),
        ("", None),
    ],
)
def test_a_quote_is_found_where_it_stands(quote, expected):
    span = spans.find(quote, LESSON)
    assert (LESSON[slice(*span)] if span else None) == expected


def test_yo_and_e_are_one_letter():
    assert spans.find("Ещё зелёный", "Он еще **зеленый**.") == (3, 16)
