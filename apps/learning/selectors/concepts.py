"""Concepts found by their names."""

from collections.abc import Iterable

from ..engine.words import plain
from ..models import Concept


def concepts_by_name(concepts: Iterable[Concept]) -> dict[str, Concept]:
    """Each under its name and under its other names, as `engine.words.plain` has them."""
    return {
        plain(name): concept for concept in concepts for name in [*concept.aliases, concept.name]
    }
