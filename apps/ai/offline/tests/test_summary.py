"""Summaries and key terms."""

from apps.ai.material import Material
from apps.ai.offline import make_key_terms, make_summary


def test_a_short_lesson_has_no_summary():
    assert make_summary(Material("A", "A vector is an arrow. It is drawn.", "en")) is None
    assert make_summary(Material("A", "", "ru")) is None


def test_key_terms_are_what_the_lesson_defines():
    text = (
        "A **vector** is an arrow in the plane. The **span** of vectors is the set of their sums."
    )
    terms = make_key_terms(Material("Vectors", text, "en")).terms
    assert [(term.term, term.definition) for term in terms] == [
        ("Vector", "An arrow in the plane."),
        ("Span of vectors", "The set of their sums."),
    ]
    assert all(term.quote in text for term in terms)
