"""The badges, as `data/badges.toml` says: a condition each, a counter that reaches a target."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

# the most points of each rarity
RARITIES = {"common": 50, "uncommon": 100, "rare": 250, "epic": 500, "legendary": 10_000}
ALL = "all"  # the counter of the badge for all others


class Group(StrEnum):
    """In the order of the shelf."""

    LEARNING = "learning"
    KNOWLEDGE = "knowledge"
    MASTERY = "mastery"
    COMPLETION = "completion"
    STREAK = "streak"
    SOCIAL = "social"
    HELPING = "helping"
    TEACHING = "teaching"
    POINTS = "points"
    EARLY_BIRD = "early_bird"
    SEASONAL = "seasonal"
    LIMITED = "limited"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Badge:
    """`by_hand` is granted in the admin alone (it has no counter in the data, and one of its own
    here); neither it nor a `timed` one is asked for by `ALL`.

    `mythic` says that it is the only one of its kind, whatever its points; a `hidden` one shows
    neither name nor condition to those who don't have it.
    """

    slug: str
    group: str
    points: int
    counter: str
    target: int
    icon: str
    name_en: str
    name_ru: str
    description_en: str
    description_ru: str
    by_hand: bool = False
    timed: bool = False
    hidden: bool = False
    mythic: bool = False

    @property
    def rarity(self) -> str:
        if self.mythic:
            return "mythic"
        return next(name for name, most in RARITIES.items() if self.points <= most)

    @property
    def name(self) -> str:
        return self.name_ru if get_language() == "ru" else self.name_en

    @property
    def description(self) -> str:
        return self.description_ru if get_language() == "ru" else self.description_en


def granted(slug: str) -> str:
    """The counter of a badge that is given by hand."""
    return f"granted:{slug}"


def _read() -> dict[str, Badge]:
    path = Path(__file__).parent.parent / "data" / "badges.toml"
    rows = tomllib.loads(path.read_text())["badges"]
    for row in rows:
        if row.get("by_hand"):
            row |= {"counter": granted(row["slug"]), "target": 1}
    return {row["slug"]: Badge(**row) for row in rows}


BADGES = _read()
ASKED_BY_ALL = frozenset(
    badge.slug
    for badge in BADGES.values()
    if not badge.by_hand and not badge.timed and badge.counter != ALL
)


@cache
def by_counter(counter: str) -> tuple[Badge, ...]:
    return tuple(badge for badge in BADGES.values() if badge.counter == counter)


def current_of(badge: Badge, counters: Mapping[str, int], earned: Collection[str]) -> int:
    """How far towards `badge.target` somebody is; at most there."""
    if badge.counter == ALL:
        current = len(ASKED_BY_ALL.intersection(earned))
    else:
        current = counters.get(badge.counter, 0)
    return min(current, badge.target)
