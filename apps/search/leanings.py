"""What a person leans to, and by how many places that moves a course among the results: pure arithmetic.

The shared order stays the measure: a course goes up by at most as many places as the sort allows,
no other falls by more, and none appears or disappears.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

# The farthest way up by sort; other sorts are the reader's own word and never touched.
FARTHEST = {"popular": 20, "relevance": 8}
# A course in a language that the person doesn't read, or held already, isn't moved;
# one of a level finished in its subject, half as far.
FINISHED_LEVEL = 0.5
RECENCY = 0.9  # each older course counts so much of the one after it


class Why(Enum):
    """Where a leaning comes from, and how much it weighs."""

    CHOSEN = 1.0
    STUDIES = 0.9
    STUDIED = 0.6


@dataclass(frozen=True)
class Leaning:
    """To a topic, whose name is shown; `weight` is at most 1."""

    topic: str
    why: Why
    weight: float


@dataclass(frozen=True)
class Profile:
    """What one person leans to: by the id of a category, and by sets of words that stand together."""

    subjects: Mapping[int, Leaning] = field(default_factory=dict)
    phrases: Sequence[tuple[frozenset[str], Leaning]] = ()
    languages: frozenset[str] = frozenset()
    # (category, level) of finished courses
    finished: frozenset[tuple[int | None, str]] = frozenset()
    # the person's own id as a teacher, and the courses they have a seat in
    person: int = 0
    held: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.subjects or self.phrases)


@dataclass(frozen=True)
class Candidate:
    """A course among the results; `words` are those of title, subtitle, tags and category."""

    id: int
    category: int | None
    level: str
    language: str
    words: frozenset[str]
    owner: int = 0


@dataclass(frozen=True)
class Pull:
    """How far up a course goes, and what draws it."""

    places: int
    leaning: Leaning | None = None


def pulls(candidates: Iterable[Candidate], profile: Profile, *, farthest: int) -> list[Pull]:
    return [_pull(candidate, profile, farthest) for candidate in candidates]


def rearranged(places_up: Sequence[int]) -> list[int]:
    """The places 0…n-1 in their new order, when each may go up by so many.

    A place rises by at most its own number, and sinks by at most the greatest of all.
    """
    return sorted(range(len(places_up)), key=lambda place: (place - places_up[place], -place))


def _pull(candidate: Candidate, profile: Profile, farthest: int) -> Pull:
    is_held = candidate.id in profile.held or candidate.owner == profile.person
    if is_held or candidate.language not in profile.languages:
        return Pull(0)
    leaning = _strongest(candidate, profile)
    if leaning is None:
        return Pull(0)
    known = (candidate.category, candidate.level) in profile.finished
    weight = leaning.weight * (FINISHED_LEVEL if known else 1)
    return Pull(round(min(weight, 1) * farthest), leaning)


def _strongest(candidate: Candidate, profile: Profile) -> Leaning | None:
    found = [leaning for words, leaning in profile.phrases if words <= candidate.words]
    subject = profile.subjects.get(candidate.category or 0)
    if subject:
        found.insert(0, subject)
    return max(found, key=lambda leaning: leaning.weight, default=None)
