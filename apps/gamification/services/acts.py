"""Writing acts into the log, and what follows from them into the figures: one person at a time."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from apps.accounts.models import User
from apps.core.bus import gathered
from apps.core.transactions import joined
from apps.learning.models import MemorySettings

from ..engine import calendar
from ..engine.clock import Clock, chosen, clock_at, day_at
from ..engine.fold import Act as Line
from ..engine.fold import Day, State, fold
from ..engine.rules import RULES, UNDONE, points_left
from ..engine.streak import Streak
from ..models import Act, ActQuerySet, DayTotal, Habit
from ..selectors.deeds import Deed
from . import outcomes

DAY_START = MemorySettings().day_start
CLAIM_EVERY = timedelta(days=7)
NIGHT, MORNING, EARLY = 23, 4, 7  # hours: night until the morning's, early until 7


@dataclass
class Book:
    """A person's habit under its lock, with what is about to be written."""

    habit: Habit
    user: User
    state: State
    # as the person wants it now; the one in force is in the state
    clock: Clock
    # as it was, to tell what changed
    peak_before: int
    streak_before: Streak
    is_new: bool
    days: dict[date, Day] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def day(self, day: date) -> Day:
        if day not in self.days:
            self.days[day] = Day(day) if self.is_new else _day(self.user.pk, day)
        return self.days[day]

    def study_days(self) -> Iterable[date]:
        rows = DayTotal.objects.filter(user=self.user, acts__gt=0)
        stored = set(rows.values_list("day", flat=True))
        for day in self.days.values():
            (stored.add if day.acts else stored.discard)(day.day)
        return stored

    def write(self, line: Line) -> None:
        """Fold the act and all that follows from it."""
        waiting = [line]
        while waiting:
            line = waiting.pop(0)
            self.lines.append(line)
            waiting += fold(self.state, line, self.day(line.day), self.study_days)


@joined
def record(*, user_id: int, deeds: Sequence[Deed], quiet: bool = False) -> list[Act]:
    """Write the deeds that aren't in the log yet; the new rows, with what followed from them.

    Each (rule, source) of a person counts once, however often and in however many processes it is
    told. XP beyond a rule's limit of the day is not given, the deed is kept all the same. `quiet`
    tells and celebrates nothing.
    """
    book = open_book(user_id)
    if book is None:
        return []
    known = _known(book, deeds)
    for deed in deeds:
        if (deed.rule, deed.source) not in known:
            known.add((deed.rule, deed.source))
            book.write(_line(book, deed))
    return close_book(book, quiet=quiet)


@joined
def settle(
    *, user_id: int, deed: Deed, holds: bool | Callable[[], bool], at: datetime
) -> list[Act]:
    """Have the log say whether the deed holds now: what can be taken back, and done again.

    A deed taken back takes its XP along, whatever it brought. Told twice, or in the wrong order,
    nothing changes: what counts is whether it holds. Who looks that up gives a function, which is
    asked under the lock: what was read before it may have changed.
    """
    book = open_book(user_id)
    if book is None:
        return []
    rows = list(family(deed).filter(user=user_id))
    return settle_in(book, deed, rows, holds() if callable(holds) else holds, at)


def family(deed: Deed) -> ActQuerySet:
    """The deed done, undone, done again, by anybody, in order."""
    sources = Q(source=deed.source) | Q(source__gt=f"{deed.source}#", source__lt=f"{deed.source}$")
    rules = (deed.rule, deed.rule + UNDONE)
    return Act.objects.filter(sources, rule__in=rules).order_by("id")


def settle_in(book: Book, deed: Deed, rows: Sequence[Act], holds: bool, at: datetime) -> list[Act]:
    """As `settle`, for an open book; `rows` are the person's of the deed's family."""
    done = [row for row in rows if row.rule == deed.rule]
    undone = len(rows) - len(done)
    if holds == (len(done) > undone):
        return []
    if not holds:
        book.write(_undoing(done[-1], at))
    elif done:
        book.write(_redoing(book, deed, done))
    else:
        book.write(_line(book, deed))
    return close_book(book)


# ── A book: lock, fold, save ──────────────────────────────────────────────────────────────────
def open_book(user_id: int) -> Book | None:
    """Lock the person's habit, made where there is none; None for somebody who was erased."""
    return open_books([user_id]).get(user_id)


def open_books(user_ids: Collection[int]) -> dict[int, Book]:
    """The books of several people, locked in one order."""
    chosen = MemorySettings.objects.filter(student=OuterRef("user")).values("day_start")
    rows = (
        Habit.objects.select_for_update(of=("self",))
        .select_related("user")
        .annotate(day_start=Subquery(chosen))
        .filter(pk__in=user_ids)
        .order_by("pk")
    )
    habits = list(rows)
    fresh = set(user_ids) - {habit.pk for habit in habits}
    if fresh:
        beginners = [Habit(user_id=user_id) for user_id in sorted(fresh)]
        Habit.objects.bulk_create(beginners, ignore_conflicts=True)
        habits = list(rows.all())
    return {habit.pk: _book(habit) for habit in habits if habit.user.erased_at is None}


def _book(habit: Any) -> Book:
    state = habit.folded()
    day_start = DAY_START if habit.day_start is None else habit.day_start
    clock = Clock(habit.user.timezone, day_start)
    return Book(habit, habit.user, state, clock, state.peak, state.run, not habit.state)


def close_book(book: Book, *, quiet: bool = False) -> list[Act]:
    """Write the new lines, the figures, and tell what they brought."""
    if not book.lines:
        return []
    rows = [row_of(book.user.pk, line) for line in book.lines]
    Act.objects.bulk_create(rows)
    _save(book)
    with gathered():
        outcomes.tell(book=book, rows=rows, quiet=quiet)
    return rows


def save_state(habit: Habit, state: State) -> None:
    put_state(habit, state)
    habit.save(update_fields=["xp", "run", "last_day", "state"])


def put_state(habit: Habit, state: State) -> None:
    run = state.run
    habit.xp, habit.run, habit.last_day = max(0, state.xp), run.run, run.last_day
    habit.state = state.stored()


def row_of(user_id: int, line: Line) -> Act:
    return Act(
        user_id=user_id,
        rule=line.rule,
        source=line.source,
        day=line.day,
        at=line.at,
        points=line.points,
        course_id=line.course_id,
        facts=line.facts,
    )


def _day(user_id: int, day: date) -> Day:
    row = DayTotal.objects.filter(user_id=user_id, day=day).first()
    if row is None:
        return Day(day)
    return Day(**{name: getattr(row, name) for name in ("day", *DAY_FIGURES)})


DAY_FIGURES = [
    "lessons", "quizzes", "reviews", "comments", "acts", "points", "studied", "by_rule",
]  # fmt: skip


# The days and the habit, by one statement: an act costs few.
_COLUMNS = ", ".join(DAY_FIGURES)
_SAVE = f"""
WITH days AS (
    INSERT INTO gamification_daytotal (user_id, day, {_COLUMNS})
    SELECT %(user)s, day, {_COLUMNS}
    FROM jsonb_to_recordset(%(days)s::jsonb) AS given (
        day date, lessons int, quizzes int, reviews int, comments int, acts int, points int,
        studied int, by_rule jsonb
    )
    ON CONFLICT (user_id, day)
    DO UPDATE SET ({_COLUMNS}) = ROW ({", ".join(f"excluded.{name}" for name in DAY_FIGURES)})
)
UPDATE gamification_habit
SET xp = %(xp)s, run = %(run)s, last_day = %(last_day)s, state = %(state)s::jsonb
WHERE user_id = %(user)s
"""  # noqa: S608


def _save(book: Book) -> None:
    habit = book.habit
    put_state(habit, book.state)
    days = [
        {"day": day, **{name: getattr(book.days[day], name) for name in DAY_FIGURES}}
        for day in sorted({line.day for line in book.lines})
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _SAVE,
            {
                "user": habit.pk,
                "days": orjson.dumps(days).decode(),
                "xp": habit.xp,
                "run": habit.run,
                "last_day": habit.last_day,
                "state": orjson.dumps(habit.state).decode(),
            },
        )


# ── From a deed to a line ─────────────────────────────────────────────────────────────────────
def _known(book: Book, deeds: Sequence[Deed]) -> set[tuple[str, str]]:
    if book.is_new:
        return set()
    rows = Act.objects.filter(
        user=book.user,
        rule__in={deed.rule for deed in deeds},
        source__in={deed.source for deed in deeds},
    )
    return set(rows.values_list("rule", "source"))


def _line(book: Book, deed: Deed) -> Line:
    set_clock(book, deed.at)
    at, is_claim = _believed(book, deed)
    day = day_at(book.state.settings, at)
    facts = deed.facts | (_time_of(book, at, day) if RULES[deed.rule].study else {})
    return Line(
        rule=deed.rule,
        source=deed.source,
        day=day,
        at=at,
        points=_points(book, deed, day),
        course_id=deed.course_id,
        facts=facts | ({"claimed": True} if is_claim else {}),
    )


def _believed(book: Book, deed: Deed) -> tuple[datetime, bool]:
    """When it was done, and whether that gives the person a study day before the one it is told on.

    One such day is believed within `CLAIM_EVERY`: an evening on a train, not a habit of it. Further
    ones count for the day on which they are told.
    """
    if deed.told is None:
        return deed.at, False
    day, heard = (day_at(book.state.settings, moment) for moment in (deed.at, deed.told))
    claimed = date.fromisoformat(book.state.claimed) if book.state.claimed else None
    if day >= heard or day == claimed or book.day(day).acts:
        return deed.at, day == claimed
    if claimed is not None and heard - claimed < CLAIM_EVERY:
        return deed.told, False
    return deed.at, True


def _undoing(row: Act, at: datetime) -> Line:
    """On the day of what it takes back, so that both together are nothing there."""
    return Line(
        rule=row.rule + UNDONE,
        source=row.source,
        day=row.day,
        at=at,
        points=-row.points,
        course_id=row.course_id,
        facts=row.facts,
    )


def _redoing(book: Book, deed: Deed, done: Sequence[Act]) -> Line:
    """On the day on which it was done first: what is taken back and done again gains no day."""
    first = done[0]
    return Line(
        rule=deed.rule,
        source=f"{deed.source}#{len(done) + 1}",
        day=first.day,
        at=deed.at,
        points=_points(book, deed, first.day),
        course_id=first.course_id,
        facts=first.facts,
    )


def _points(book: Book, deed: Deed, day: date) -> int:
    rule = RULES[deed.rule]
    points = rule.xp if deed.points is None else deed.points
    return points_left(rule, points, book.day(day).by_rule.get(rule.key, 0))


def set_clock(book: Book, at: datetime) -> None:
    """Note a time zone or a beginning of the day that isn't the one chosen last.

    It holds from the latest moment known at the earliest, `at` may be long ago: nobody had the
    clock then, and the days of acts in between stand.
    """
    settings, since, seen = book.state.settings, at, None
    if book.state.seen:
        seen = datetime.fromisoformat(book.state.seen)
        since = max(at, seen)
    if settings and settings[-1].clock == book.clock and settings[-1].since <= since:
        return
    last_day = book.state.run.last_day
    renewed = chosen(settings, book.clock, since, seen=seen, studied=last_day)
    if list(renewed) == settings:
        return
    stored = [setting.stored() for setting in renewed]
    source = str(book.state.counters.get("clocks", 0) + 1)
    book.write(Line("clock", source, day_at(renewed, at), since, facts={"settings": stored}))


def _time_of(book: Book, at: datetime, day: date) -> dict[str, bool]:
    """What the hour and the day are of, for badges that ask."""
    clock = clock_at(book.state.settings, at)
    hour = clock.wall(at).hour
    found = {
        "night": hour >= NIGHT or hour < MORNING,
        "early": MORNING <= hour < EARLY,
        "holiday": calendar.is_holiday(day, clock.zone),
        "new_year": calendar.is_new_year(day),
        "birthday": calendar.is_birthday(day, book.user.birthday),
    }
    return {name: True for name, holds in found.items() if holds}
