"""Streaks that two people keep together: those who follow each other, read from their days."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from apps.accounts.models import User
from apps.learning.selectors.schedule import memory_settings_of
from apps.social.models import Follow
from apps.social.selectors import people_visible_to

from ..engine import streak
from ..engine.clock import Clock, Setting, day_at
from ..models import DayTotal, Habit

SHOWN = 30
CONSIDERED = 200  # of somebody's friends those who learnt last
NEAR = timedelta(days=60)  # what is read of everybody; only a longer run asks for more


@dataclass(frozen=True)
class FriendStreak:
    """`days` in a row on which both learnt; who of the two has learnt on their own today."""

    friend: User
    days: int
    since: datetime
    mine_today: bool
    theirs_today: bool


@dataclass(frozen=True)
class _Learner:
    """A person's clock and days of rest."""

    user: User
    clocks: list[Setting]
    rests: streak.Rests

    def day_of(self, moment: datetime) -> date:
        if self.clocks:
            return day_at(self.clocks, moment)
        return Clock(self.user.timezone, memory_settings_of(self.user).day_start).day_of(moment)


@dataclass(frozen=True)
class _Pair:
    """Both are measured by the days of the one whose clock is behind: for both it is the same."""

    friend: _Learner
    followed_at: datetime
    since: date
    today: date


def friend_streaks(user: User, at: datetime) -> list[FriendStreak]:
    """The longest first. Neither a private person, nor who switched the habit off, is anybody's
    friend here; a handful of questions, however many friends and days there are."""
    me = _learner(user)
    if me is None or not user.is_profile_public:
        return []
    pairs = [_pair(me, friend, since, at) for friend, since in _friends(user)]
    if not pairs:
        return []
    people = [user.pk, *(pair.friend.user.pk for pair in pairs)]
    begin = min(pair.today for pair in pairs) - NEAR
    days = _days(people, since=begin)
    runs = {pair.friend.user.pk: _run(me, pair, days, begin) for pair in pairs}
    # a run that began before what was read
    longer = [
        pair
        for pair in pairs
        if pair.since < begin and runs[pair.friend.user.pk] and _reaches(me, pair, days, begin)
    ]
    if longer:
        first = min(pair.since for pair in longer)
        all_days = _days([user.pk, *(pair.friend.user.pk for pair in longer)], since=first)
        runs |= {pair.friend.user.pk: _run(me, pair, all_days, pair.since) for pair in longer}
    mine = me.day_of(at) in days[user.pk]
    found = [
        FriendStreak(
            friend=pair.friend.user,
            days=runs[pair.friend.user.pk],
            since=pair.followed_at,
            mine_today=mine,
            theirs_today=pair.friend.day_of(at) in days[pair.friend.user.pk],
        )
        for pair in pairs
    ]
    return sorted(found, key=lambda each: (-each.days, not each.theirs_today, each.since))[:SHOWN]


def _run(me: _Learner, pair: _Pair, days: dict[int, set[date]], begin: date) -> int:
    return streak.joint(
        days[me.user.pk],
        days[pair.friend.user.pk],
        [me.rests, pair.friend.rests],
        since=max(pair.since, begin),
        today=pair.today,
    )


def _reaches(me: _Learner, pair: _Pair, days: dict[int, set[date]], begin: date) -> bool:
    """Whether the run goes back to the first of the days that were read: with one day more before
    them it would be longer."""
    more = {pk: found | {begin - streak.DAY} for pk, found in days.items()}
    return _run(me, pair, more, begin - streak.DAY) > _run(me, pair, days, begin)


def _pair(me: _Learner, friend: _Learner, followed_at: datetime, at: datetime) -> _Pair:
    return _Pair(
        friend=friend,
        followed_at=followed_at,
        since=min(me.day_of(followed_at), friend.day_of(followed_at)),
        today=min(me.day_of(at), friend.day_of(at)),
    )


def _friends(user: User) -> Iterable[tuple[_Learner, datetime]]:
    """Who follows each other with the person, and since when; who learnt last comes first."""
    back = Follow.objects.filter(follower=OuterRef("followed"), followed=user)
    mutual = Follow.objects.filter(Exists(back), follower=user)
    theirs = dict(
        Follow.objects.filter(followed=user, follower__in=mutual.values("followed")).values_list(
            "follower", "created_at"
        )
    )
    mine = dict(mutual.values_list("followed", "created_at"))
    habits = Habit.objects.filter(
        Q(user__in=people_visible_to(user), user__is_profile_public=True),
        user__in=mine.keys() & theirs.keys(),
        is_on=True,
    )
    latest = (
        habits.select_related("user")
        .defer("state")
        .annotate(clocks=F("state__clocks"), rests=F("state__rests"))
    )
    for habit in latest.order_by(F("last_day").desc(nulls_last=True), "pk")[:CONSIDERED]:
        known: Any = habit
        friend = _Learner(habit.user, _clocks(known.clocks), _rests(known.rests))
        yield friend, max(mine[habit.pk], theirs[habit.pk])


def _learner(user: User) -> _Learner | None:
    """None for who switched the habit off."""
    habit = Habit.objects.filter(pk=user.pk).first() or Habit(user=user)
    state = habit.folded()
    return _Learner(user, state.settings, state.rest_days) if habit.is_on else None


def _clocks(kept: Any) -> list[Setting]:
    return [Setting.restored(each) for each in kept or []]


def _rests(kept: Any) -> list[tuple[date, tuple[int, ...]]]:
    return [(date.fromisoformat(since), tuple(days)) for since, days in kept or []]


def _days(people: Iterable[int], *, since: date) -> dict[int, set[date]]:
    """The study days of each."""
    found: dict[int, set[date]] = defaultdict(set)
    rows = DayTotal.objects.filter(user__in=people, day__gte=since, acts__gt=0)
    for pk, day in rows.values_list("user_id", "day"):
        found[pk].add(day)
    return found
