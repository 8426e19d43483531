"""How fast a student learns, per course and overall, and when they will be there; by `engine.velocity`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from apps.courses.models import Course

from ..engine import velocity as engine
from ..engine.mastery import Level, level_of
from ..engine.velocity import Day, Fortnight, Rate, Velocity
from .activity import Studied
from .learnt import FORTNIGHT, CourseRows, Known, Learnt, learnt_by
from .memory import Retention, retention_of

WEEK = 7
FARTHEST = 730  # days: beyond it a date says nothing


@dataclass(frozen=True)
class Dates:
    """A day that is expected, with the 80 % interval about it."""

    value: date
    earliest: date
    latest: date


@dataclass(frozen=True)
class Point:
    """The velocity at the end of a study day, on what is still kept today."""

    day: date
    rate: Rate


@dataclass(frozen=True)
class Pace:
    """Kept concepts per hour; `rate` is None below two hours of study.

    `trend`: 1 faster than a fortnight ago, −1 slower, 0 where that may be chance, None unknown.
    """

    hours: float  # discounted, behind the rate
    rate: Rate | None
    before: Rate | None
    trend: int | None


@dataclass(frozen=True)
class CoursePace:
    course: Course
    pace: Pace
    seconds: float
    concepts: int
    mastered: int  # standing at mastered now
    level: Level | None
    accuracy: float | None
    remaining: int  # concepts that aren't mastered and kept
    hours_to_competency: Rate | None
    competent_on: Dates | None
    minutes_a_day: float
    lessons_left: int
    completed_on: Dates | None
    is_paused: bool
    skipped: int
    lessons: int
    minutes_saved: int
    engagement: float | None
    last_studied: date | None

    @property
    def minutes(self) -> float:
        return self.seconds / 60

    @property
    def accuracy_percent(self) -> int:
        return round((self.accuracy or 0) * 100)


@dataclass(frozen=True)
class Week:
    """Concepts mastered in the seven days that end then."""

    until: date
    mastered: int


@dataclass(frozen=True)
class Progress:
    """`points` end each of the weeks; those without enough data are left out."""

    today: date
    pace: Pace
    points: list[Point]
    seconds: float
    mastered: int
    mastered_this_week: int
    weeks: list[Week]
    skip_rate: float | None
    minutes_saved: int
    retention: list[Retention]
    courses: list[CoursePace]
    has_studied: bool

    @property
    def minutes(self) -> float:
        return self.seconds / 60

    def retention_at(self, days: int) -> Retention:
        return next(each for each in self.retention if each.days == days)


def velocity_of(
    student: Any, at: datetime, course: Course | None = None, weeks: int = 12
) -> Progress:
    """Overall or of one course, back over so many weeks; a constant number of queries."""
    found = learnt_by(student, at)
    rows = [each for each in found.courses if course is None or each.course.pk == course.pk]
    studied = [one for each in rows for one in each.studied]
    if course is None:
        studied += found.elsewhere
    known = [one for each in rows for one in each.known]
    days = _days(studied, known)
    since = found.today - timedelta(days=weeks * WEEK)
    held = [each for each in known if each.shown.mastered]
    courses = [_course_pace(each, found) for each in rows]
    tested = [each for each in rows if each.skippable is not None or each.counted]
    lessons = sum(len(each.lessons) for each in tested)
    return Progress(
        today=found.today,
        pace=_pace(days, found.today),
        points=_points(days, found.today, weeks),
        seconds=sum(each.seconds for each in studied if each.day > since),
        mastered=len(held),
        mastered_this_week=_entered(held, found.today),
        weeks=_weeks(known, found.today, weeks),
        skip_rate=sum(len(each.skipped) for each in tested) / lessons if lessons else None,
        minutes_saved=sum(each.minutes_saved for each in courses),
        retention=retention_of(student, at),
        courses=courses,
        has_studied=bool(studied or known),
    )


# ── Pace ──────────────────────────────────────────────────────────────────────────────────────
def _days(studied: Iterable[Studied], known: Iterable[Known]) -> list[Day]:
    hours: dict[int, float] = defaultdict(float)
    kept: dict[int, int] = defaultdict(int)
    for each in studied:
        hours[each.day.toordinal()] += each.seconds / 3600
    for one in known:
        if one.mastered_on is not None and engine.is_kept(one.shown.shown):
            kept[one.mastered_on.toordinal()] += 1
    return [Day(day, kept[day], hours[day]) for day in sorted({*hours, *kept})]


def _at(days: Sequence[Day], day: date) -> Velocity:
    """The velocity at the end of the day."""
    number = day.toordinal()
    return engine.velocity((each for each in days if each.number <= number), number)


def _pace(days: Sequence[Day], today: date) -> Pace:
    now, before = _at(days, today), _at(days, today - FORTNIGHT)
    both = now.is_known and before.is_known
    return Pace(
        hours=now.hours,
        rate=now.rate if now.is_known else None,
        before=before.rate if before.is_known else None,
        trend=engine.trend(now, before) if both else None,
    )


def _points(days: Sequence[Day], today: date, weeks: int) -> list[Point]:
    ends = [today - timedelta(days=WEEK * back) for back in reversed(range(weeks))]
    found = [(end, _at(days, end)) for end in ends]
    return [Point(end, each.rate) for end, each in found if each.is_known]


def _entered(known: Iterable[Known], today: date, days: int = WEEK) -> int:
    since = today - timedelta(days=days)
    return sum(each.mastered_on is not None and each.mastered_on > since for each in known)


def _weeks(known: Iterable[Known], today: date, weeks: int) -> list[Week]:
    counts: dict[int, int] = defaultdict(int)
    for each in known:
        if each.mastered_on is not None and each.mastered_on <= today:
            counts[(today - each.mastered_on).days // WEEK] += 1
    return [
        Week(today - timedelta(days=WEEK * back), counts[back]) for back in reversed(range(weeks))
    ]


# ── One course ────────────────────────────────────────────────────────────────────────────────
def _course_pace(rows: CourseRows, found: Learnt) -> CoursePace:
    today = found.today
    days = _days(rows.studied, rows.known)
    now = _at(days, today)
    kept = sum(each.shown.mastered and engine.is_kept(each.shown.shown) for each in rows.known)
    remaining = max(0, rows.concepts - kept)
    first = min((each.day for each in rows.studied), default=today)
    daily = engine.hours_a_day(days, first.toordinal(), today.toordinal()) if days else 0.0
    going = now.is_known and remaining > 0
    skipped = rows.skipped
    left = [
        lesson for lesson in rows.lessons if lesson not in rows.done_on and lesson not in skipped
    ]
    done = _by_day(rows.done_on.values())
    return CoursePace(
        course=rows.course,
        pace=_pace(days, today),
        seconds=sum(each.seconds for each in rows.studied),
        concepts=rows.concepts,
        mastered=sum(each.shown.mastered for each in rows.known),
        level=_level(rows),
        accuracy=rows.right / rows.answered if rows.answered else None,
        remaining=remaining,
        hours_to_competency=engine.hours_to_go(remaining, now) if going else None,
        competent_on=_dates(engine.days_to_go(remaining, now, daily), today) if going else None,
        minutes_a_day=daily * 60,
        lessons_left=len(left),
        completed_on=_completed_on(rows, done, today, len(left)),
        is_paused=_is_paused(rows, today, len(left)),
        skipped=len(skipped),
        lessons=len(rows.lessons),
        minutes_saved=sum(rows.lessons[lesson] for lesson in skipped),
        engagement=engine.engagement(_fortnight(rows, today)),
        last_studied=max((each.day for each in rows.studied), default=None),
    )


def _level(rows: CourseRows) -> Level | None:
    """The level of the course's mean concept; mastered only when each of them is."""
    if not rows.concepts:
        return None
    if not rows.known:
        return Level.NOT_STARTED
    shown = sum(each.shown.shown for each in rows.known) / rows.concepts
    whole = sum(each.shown.mastered for each in rows.known) == rows.concepts
    return level_of(shown, mixed=whole, held=whole)


def _by_day(days: Iterable[date]) -> list[tuple[int, int]]:
    counts: dict[int, int] = defaultdict(int)
    for day in days:
        counts[day.toordinal()] += 1
    return sorted(counts.items())


def _completed_on(
    rows: CourseRows, done: Sequence[tuple[int, int]], today: date, left: int
) -> Dates | None:
    if not left or not done:
        return None
    first = min([done[0][0], *(each.day.toordinal() for each in rows.studied)])
    return _dates(
        engine.days_to_completion(done, first, today.toordinal(), left),
        today,
    )


def _is_paused(rows: CourseRows, today: date, left: int) -> bool:
    last = max([*rows.done_on.values(), *(each.day for each in rows.studied)], default=None)
    return bool(left) and last is not None and (today - last).days >= engine.PAUSED_AFTER


def _dates(days: Rate | None, today: date) -> Dates | None:
    """None for what is farther away than a date can be believed."""
    if days is None or days.value > FARTHEST:
        return None
    value, low, high = (
        today + timedelta(days=ceil(min(each, 10 * FARTHEST)))
        for each in (days.value, days.low, days.high)
    )
    return Dates(value, low, high)


def _fortnight(rows: CourseRows, today: date) -> Fortnight:
    since = today - FORTNIGHT
    lately = [each for each in rows.studied if each.day > since]
    done = {lesson for lesson, day in rows.done_on.items() if day > since}
    return Fortnight(
        days=len({each.day for each in lately}),
        minutes=sum(each.seconds for each in lately) / 60,
        lessons=len(done),
        lessons_with_quiz=len(done & rows.quizzed),
        quizzes=len(done & rows.quizzed & rows.tried),
        reviews=rows.reviews,
        overdue=rows.overdue,
    )
