"""Badges as one person has them: earned, on the way, hidden; and how many people have each."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db.models import Count

from ..engine.badges import BADGES, Badge, Group, current_of
from ..engine.fold import State
from ..models import Award, Habit
from ..wording import GROUPS, RARITY_NAMES, progress_words

SHARES = "gamification:shares"
SHARES_LAST = 3600  # seconds


@dataclass(frozen=True)
class Held:
    """A badge for one person. `share` is the percentage of people here who have it, None where few
    are here to be counted.
    """

    badge: Badge
    earned_at: datetime | None
    current: int
    share: float | None = None

    @property
    def slug(self) -> str:
        return self.badge.slug

    @property
    def name(self) -> str:
        return self.badge.name

    @property
    def description(self) -> str:
        return self.badge.description

    @property
    def group(self) -> str:
        return self.badge.group

    @property
    def rarity(self) -> str:
        return self.badge.rarity

    @property
    def rarity_name(self) -> str:
        return str(RARITY_NAMES[self.badge.rarity])

    @property
    def points(self) -> int:
        return self.badge.points

    @property
    def target(self) -> int:
        return self.badge.target

    @property
    def is_earned(self) -> bool:
        return self.earned_at is not None

    @property
    def is_secret(self) -> bool:
        """Neither name nor condition is told."""
        return self.badge.hidden and not self.is_earned

    @property
    def has_way(self) -> bool:
        """There is something to see between nothing and all of it."""
        return not self.is_earned and self.target > 1

    @property
    def progress(self) -> dict[str, int]:
        return {"current": self.target if self.is_earned else self.current, "target": self.target}

    @cached_property
    def progress_words(self) -> str:
        return progress_words(self.badge, self.current)


@dataclass(frozen=True)
class ShelfGroup:
    slug: str
    name: str
    badges: list[Held]

    @property
    def earned(self) -> int:
        return sum(held.is_earned for held in self.badges)


def shelf_of(user: Any, habit: Habit) -> list[ShelfGroup]:
    """All badges by group, the earned ones of each first; secret ones among them."""
    earned = dict(Award.objects.filter(user=user).values_list("badge", "earned_at"))
    state, shares = habit.folded(), shares_now()
    held = [_held(badge, state, earned, shares) for badge in BADGES.values()]
    groups = [
        ShelfGroup(
            group.value,
            str(GROUPS[group]),
            sorted((each for each in held if each.group == group), key=lambda it: not it.is_earned),
        )
        for group in Group
    ]
    return [group for group in groups if group.badges]


def earned_by(user: Any) -> list[Held]:
    """The person's badges, the latest first."""
    shares = shares_now()
    rows = Award.objects.filter(user=user).order_by("-earned_at", "-id")
    return [
        Held(row.shape, row.earned_at, row.shape.target, shares.get(row.badge))
        for row in rows
        if row.badge in BADGES
    ]


def held_badge(user: Any, habit: Habit, slug: str) -> Held | None:
    """One badge; None for what isn't there, or isn't to be known of."""
    badge = BADGES.get(slug)
    if badge is None:
        return None
    rows = Award.objects.filter(user=user, badge=slug).values_list("badge", "earned_at")
    held = _held(badge, habit.folded(), dict(rows), shares_now())
    return None if held.is_secret else held


def nearest(habit: Habit) -> Held | None:
    """The badge that is nearest, of those that somebody is on the way to."""
    state = habit.folded()
    ahead = [
        held
        for badge in BADGES.values()
        if badge.slug not in state.badges and not badge.hidden and not badge.by_hand
        if (held := _held(badge, state, {}, {})).has_way and held.current
    ]
    return max(ahead, key=lambda held: (held.current / held.target, -held.points), default=None)


def shares_now() -> dict[str, float]:
    """Percentage of the people with XP who have each badge; at most an hour old."""
    found: dict[str, float] = cache.get_or_set(SHARES, _shares, SHARES_LAST) or {}
    return found


def _shares() -> dict[str, float]:
    people = Habit.objects.filter(xp__gt=0, user__is_active=True).count()
    rows = Award.objects.filter(user__is_active=True).values_list("badge")
    counted = rows.annotate(count=Count("pk")).order_by()
    return {badge: min(100.0, 100 * count / people) for badge, count in counted if people}


def _held(
    badge: Badge, state: State, earned: dict[str, datetime], shares: dict[str, float]
) -> Held:
    return Held(
        badge=badge,
        earned_at=earned.get(badge.slug),
        current=current_of(badge, state.counters, state.badges),
        share=shares.get(badge.slug, 0.0) if shares else None,
    )
