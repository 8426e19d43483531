"""The subjects that a newcomer chooses from: the tops of the tree that have courses."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from apps.accounts.models import Interest, User
from apps.accounts.selectors import interests_of
from apps.courses.selectors import CategoryNode, categories_tree


@dataclass(frozen=True)
class Wishes:
    """What a person wants to learn, as accounts keeps it: keys of subjects, and their own words."""

    subjects: list[str]
    words: list[str]


def offered_subjects() -> list[tuple[str, str]]:
    return [(node.slug, node.name) for node in categories_tree() if node.course_count]


def wishes_of(user: User) -> Wishes:
    kept = list(interests_of(user).values_list("kind", "value"))
    return Wishes(
        subjects=[value for kind, value in kept if kind == Interest.Kind.SUBJECT],
        words=[value for kind, value in kept if kind == Interest.Kind.WORDS],
    )


def topics_of(subjects: Collection[str]) -> dict[int, str]:
    """Ids of the chosen subjects and of all below them, each with the nearest name chosen."""
    return dict(_under(categories_tree(), set(subjects), ""))


def _under(
    nodes: Iterable[CategoryNode], chosen: set[str], topic: str
) -> Iterator[tuple[int, str]]:
    for node in nodes:
        name = node.name if node.slug in chosen else topic
        if name:
            yield node.id, name
        yield from _under(node.children, chosen, name)
