"""Concepts that a lesson defines, and what needs what among them."""

from apps.ai.material import Material
from apps.ai.offline import make_concepts

TEXT = """
A **vector** is an arrow in the plane with a length and a direction.

The **span** of some vectors is the set of all sums that each vector can be part of.

A **basis** (frame) is a set of vectors whose span is the whole plane.
"""
RUSSIAN = """
**Вектор** — это направленный отрезок на плоскости.

**Базис** — это упорядоченный набор векторов, через который выражается любой вектор.
"""


def found(text, title="Vectors", language="en", **wishes):
    concepts = make_concepts(Material(title, text, language, wishes)).concepts
    return {concept.name: concept for concept in concepts}


def test_a_definition_that_uses_a_term_needs_it():
    concepts = found(TEXT)
    assert {name: concept.needs for name, concept in concepts.items()} == {
        "Vector": [],
        "Span": ["Vector"],
        "Basis": ["Vector", "Span"],
    }
    assert concepts["Basis"].aliases == ["frame"]
    assert concepts["Vector"].importance == 5
    assert concepts["Vector"].quote in TEXT
    assert concepts["Vector"].description == "An arrow in the plane with a length and a direction."


def test_russian():
    concepts = found(RUSSIAN, title="Линейная алгебра", language="ru")
    assert {name: concept.needs for name, concept in concepts.items()} == {
        "Вектор": [],
        "Базис": ["Вектор"],
    }


def test_what_is_known_is_needed_and_not_found_again():
    concepts = found(TEXT, known=["Vectors", "Plane", "Colour"])
    assert {name: concept.needs for name, concept in concepts.items()} == {
        "Span": ["Vectors"],
        "Basis": ["Vectors", "Plane", "Span"],
    }


def test_of_two_that_use_each_other_the_later_needs_the_earlier():
    text = (
        "A **cause** is an event that brings about some effect in the world.\n\n"
        "An **effect** is an event that follows from a cause in the world."
    )
    concepts = found(text, title="Logic")
    assert {name: concept.needs for name, concept in concepts.items()} == {
        "Cause": [],
        "Effect": ["Cause"],
    }


def test_a_longer_term_stands_for_the_shorter_in_it():
    text = "A **subspace** is a part of a vector space that is closed under sums of its members."
    concepts = found(text, title="Algebra", known=["Vector", "Vector space"])
    assert concepts["Subspace"].needs == ["Vector space"]


def test_a_lesson_that_defines_nothing_gives_nothing():
    assert found("Let us begin. It will be fun.") == {}
    assert found("") == {}
