"""A person's acts, one after the other, into what they add up to.

`State` is all that is kept between two acts; its size doesn't grow with the history. `fold` takes the
next act and says what follows from it: lengths of the streak reached, badges earned. Those are acts
again, with points of their own, and are folded as such. The order is that of the log.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from . import streak as streaks
from .badges import ALL, Badge, by_counter, current_of, granted
from .clock import Setting
from .rules import RULES, UNDONE
from .streak import Streak

WEEKENDS_KEPT = 2
STUDY_TIMES = ("night", "early", "holiday", "new_year", "birthday")


@dataclass(frozen=True)
class Act:
    """One line of the log. `points` is XP; `facts` is what was true then and is asked for later."""

    rule: str
    source: str
    day: date
    at: datetime
    points: int = 0
    course_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def undoes(self) -> str:
        """The rule that it takes an act of back; empty for an act that stands for itself."""
        return self.rule.removesuffix(UNDONE) if self.rule.endswith(UNDONE) else ""


@dataclass
class Day:
    """What one study day brought: counts, XP in all, XP by rule for the daily limits."""

    day: date
    lessons: int = 0
    quizzes: int = 0
    reviews: int = 0
    comments: int = 0
    # acts of study that stand
    acts: int = 0
    points: int = 0
    # of the points those of study: what the daily goal counts
    studied: int = 0
    by_rule: dict[str, int] = field(default_factory=dict)

    def add(self, act: Act) -> None:
        rule, one = RULES[act.undoes or act.rule], -1 if act.undoes else 1
        self.points += act.points
        self.by_rule[rule.key] = self.by_rule.get(rule.key, 0) + act.points
        if rule.counts:
            setattr(self, rule.counts, max(0, getattr(self, rule.counts) + one))
        if rule.study:
            self.acts = max(0, self.acts + one)
            self.studied += act.points


@dataclass
class State:
    # now, and the most that it ever was: a level is reached once
    xp: int = 0
    peak: int = 0
    # the latest moment of an act, ISO 8601 in UTC
    seen: str = ""
    counters: dict[str, int] = field(default_factory=dict)
    # finished courses by category; people helped, as far as a badge asks; lessons by Saturday
    categories: dict[str, int] = field(default_factory=dict)
    helped: list[int] = field(default_factory=list)
    weekends: dict[str, int] = field(default_factory=dict)
    clocks: list[list[Any]] = field(default_factory=list)
    rests: list[list[Any]] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    milestones: list[int] = field(default_factory=list)
    badges: list[str] = field(default_factory=list)
    streak: dict[str, Any] = field(default_factory=dict)
    # the last study day that a device told of afterwards, ISO 8601
    claimed: str = ""

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def settings(self) -> list[Setting]:
        return [Setting.restored(kept) for kept in self.clocks]

    @property
    def rest_days(self) -> list[tuple[date, tuple[int, ...]]]:
        return [(date.fromisoformat(since), tuple(days)) for since, days in self.rests]

    @property
    def repairs(self) -> set[date]:
        return {date.fromisoformat(day) for day in self.repaired}

    @property
    def run(self) -> Streak:
        """The streak at the end of the last day that was folded."""
        dates = ("last_day", "until", "broken_on")
        kept: dict[str, Any] = {
            name: date.fromisoformat(value) if name in dates and value else value
            for name, value in self.streak.items()
        }
        return Streak(**kept)

    @run.setter
    def run(self, streak: Streak) -> None:
        self.streak = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(streak).items()
        }

    def streak_on(self, today: date) -> Streak:
        """The streak as it stands on a day: what was missed before it has had its effect."""
        kept = self.run
        if kept.until is None or kept.until >= today:
            return kept
        return streaks.passed(kept, today - streaks.DAY, self.rest_days, self.repairs)


def fold(state: State, act: Act, day: Day, days: Callable[[], Iterable[date]]) -> list[Act]:
    """Take the act into the state and its day; the acts that follow from it, not folded yet.

    `day` is the totals of the act's day without it; `days` gives all study days with an act that
    stands, as they are when it is called.
    """
    state.xp += act.points
    state.peak = max(state.peak, state.xp)
    state.seen = max(state.seen, act.at.astimezone(UTC).isoformat(timespec="microseconds"))
    day.add(act)
    if act.facts.get("claimed"):
        # an older one that is taken back, or done again, frees none
        state.claimed = max(state.claimed, act.day.isoformat())
    touched = _note(state, act)
    lengths: list[int] = []
    if _moves_streak(state, act, day, days):
        touched.add("streak")
        lengths = _reached(state)
    follow = [_milestone(act, length) for length in lengths]
    earned = _earned(state, touched)
    # at once, so that none is found again before its own act is folded
    state.badges += [badge.slug for badge in earned]
    return follow + [_badge(act, badge) for badge in earned]


# ── Streak ────────────────────────────────────────────────────────────────────────────────────
def _moves_streak(state: State, act: Act, day: Day, days: Callable[[], Iterable[date]]) -> bool:
    """Have the act move the streak, if it does."""
    if act.rule == "repair":
        state.repaired.append(act.source)
    elif act.rule == "rest":
        since, weekdays = act.facts["since"], act.facts["weekdays"]
        others = [kept for kept in state.rests if kept[0] != since]
        state.rests = sorted([*others, [since, weekdays]])
        return False  # they hold from a day to come
    elif not RULES[act.undoes or act.rule].study or (day.acts if act.undoes else day.acts != 1):
        return False
    elif not act.undoes and (state.run.until is None or act.day > state.run.until):
        state.run = streaks.studied(state.run, act.day, state.rest_days, state.repairs)
        return True
    # something changed in days gone by
    state.run = streaks.fold(days(), state.rest_days, state.repairs)
    return True


def _reached(state: State) -> list[int]:
    """Lengths that are new to the person."""
    longest = state.run.longest
    state.counters["streak"] = max(longest, state.counters.get("streak", 0))
    fresh = [
        each for each in streaks.MILESTONES if each <= longest and each not in state.milestones
    ]
    state.milestones += fresh
    return fresh


# ── Counters ──────────────────────────────────────────────────────────────────────────────────
def _note(state: State, act: Act) -> set[str]:
    """Count the act; the counters that it may have moved."""
    count, facts = state.counters, act.facts
    one = -1 if act.undoes else 1
    touched: set[str] = set()

    def add(name: str, by: int = 1) -> None:
        touched.add(name)
        count[name] = max(0, count.get(name, 0) + by * one)

    def at_least(name: str, value: int) -> None:
        if value > count.get(name, 0):
            touched.add(name)
            count[name] = value

    for name in STUDY_TIMES:
        if facts.get(name):
            at_least(name, 1)
    match act.undoes or act.rule:
        case "lesson":
            add("lessons")
            at_least("weekend_lessons", _weekend(state, act.day, one))
        case "course":
            add("courses")
            at_least("fast_courses", int(facts.get("fast", False)))
            at_least("long_courses", int(facts.get("long", False)))
            if "category" in facts:
                key = str(facts["category"])
                state.categories[key] = state.categories.get(key, 0) + 1
                at_least("categories", len(state.categories))
                at_least("in_one_category", max(state.categories.values()))
        case "attempt":
            at_least("attempts_at_one", facts.get("number", 0))
            at_least("quick_quizzes", int(facts.get("quick", False)))
            at_least("thorough_courses", int(facts.get("thorough", False)))
            at_least("first_tries", int(facts.get("first_try", False)))
        case "quiz":
            add("quizzes")
        case "perfect":
            add("perfect_quizzes")
        case "concept":
            add("concepts")
            at_least("whole_maps", int(facts.get("whole", False)))
        case "comment" | "post":
            add("comments")
        case "topic":
            add("topics")
        case "like":
            add("likes")
        case "answer":
            add("best_answers")
            if not act.undoes:
                at_least("people_helped", _helped(state, facts.get("asker")))
        case "follower":
            add("followers")
        case "made":
            add("courses_made")
        case "published":
            add("courses_published")
        case "student":
            add("students")
        case "rated":
            add("five_stars", int(facts.get("rating") == 5))
            at_least("courses_loved", facts.get("loved", 0))
        case "registered":
            at_least("early_users", int(facts.get("first", False)))
        case "referral":
            at_least("referrals", facts.get("completed", 0))
            at_least("people_invited", facts.get("joined", 0))
        case "granted":
            at_least(granted(act.source), 1)
        case "clock":
            add("clocks")
            state.clocks = facts["settings"]
        case "rest":
            add("rests")
        case "badge":
            if act.source not in state.badges:
                state.badges.append(act.source)
            touched.add(ALL)
    return touched


def _weekend(state: State, day: date, one: int) -> int:
    """The lessons of the day's weekend; 0 on other days."""
    if day.weekday() not in streaks.WEEKEND:
        return 0
    saturday = (day - (day.weekday() - 5) * streaks.DAY).isoformat()
    state.weekends[saturday] = max(0, state.weekends.get(saturday, 0) + one)
    state.weekends = dict(sorted(state.weekends.items())[-WEEKENDS_KEPT:])
    return state.weekends.get(saturday, 0)


def _helped(state: State, asker: int | None) -> int:
    """How many people were helped, as far as the badge for it asks."""
    needed = max(badge.target for badge in by_counter("people_helped"))
    if asker is not None and asker not in state.helped and len(state.helped) < needed:
        state.helped.append(asker)
    return len(state.helped)


# ── What follows ──────────────────────────────────────────────────────────────────────────────
def _milestone(act: Act, length: int) -> Act:
    points = streaks.MILESTONES[length]
    return replace(act, rule="streak", source=str(length), points=points, course_id=None, facts={})


def _badge(act: Act, badge: Badge) -> Act:
    return replace(
        act, rule="badge", source=badge.slug, points=badge.points, course_id=None, facts={}
    )


def _earned(state: State, touched: Collection[str]) -> list[Badge]:
    """Badges of these counters whose condition holds and that weren't earned yet."""
    return [
        badge
        for name in sorted(touched)
        for badge in by_counter(name)
        if badge.slug not in state.badges
        and current_of(badge, state.counters, state.badges) >= badge.target
    ]
