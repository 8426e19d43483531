"""Everything that follows from a person's log, made again from the log alone."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from ..engine.fold import Act as Line
from ..engine.fold import Day, State, fold
from ..models import Act, Award, DayTotal
from . import boards
from .acts import DAY_FIGURES, open_book, row_of, save_state

DERIVED = ("streak", "badge")  # acts that follow from others
COLUMNS = ("rule", "source", "day", "at", "points", "course_id", "facts")


@dataclass
class Replayed:
    """What the log makes. `fresh` follows from it and isn't in it: a badge that is new to the house."""

    state: State = field(default_factory=State)
    days: dict[date, Day] = field(default_factory=dict)
    fresh: list[Line] = field(default_factory=list)
    awards: set[str] = field(default_factory=set)

    def take(self, line: Line) -> list[Line]:
        """Fold one act; what follows from it."""
        day = self.days.get(line.day)
        if day is None:
            day = self.days[line.day] = Day(line.day)
        if line.rule == "badge":
            self.awards.add(line.source)
        return fold(self.state, line, day, self.study_days)

    def study_days(self) -> Iterable[date]:
        return [day.day for day in self.days.values() if day.acts]


def replayed(lines: Iterable[Line], derived: dict[tuple[str, str], Line]) -> Replayed:
    """Fold the causes in the order of the log.

    What follows from them brings what it brought then, as `derived` has it; what is in there and
    doesn't follow any more is kept all the same: nothing earned is taken away by a new rule.
    """
    made, left = Replayed(), dict(derived)
    for cause in lines:
        waiting = deque([cause])
        while waiting:
            line = waiting.popleft()
            if line.rule in DERIVED:
                logged = left.pop((line.rule, line.source), None)
                if logged is None:
                    made.fresh.append(line)
                line = logged or line
            waiting += made.take(line)
    for line in left.values():
        made.take(line)
    return made


@transaction.atomic
def replay(*, user_id: int) -> list[str]:
    """Make the person's figures anew and store them; what was different before, by name."""
    book = open_book(user_id)
    if book is None:
        return []
    rows = Act.objects.filter(user_id=user_id)
    derived = {
        (line.rule, line.source): line
        for line in _lines(rows.filter(rule__in=DERIVED).order_by("id"))
    }
    made = replayed(_lines(rows.exclude(rule__in=DERIVED).order_by("id")), derived)
    differing = []
    if made.fresh:
        differing.append("acts")
        Act.objects.bulk_create(row_of(user_id, line) for line in made.fresh)
    if made.state != book.state:
        differing.append("state")
    save_state(book.habit, made.state)
    differing += _store_days(user_id, made.days)
    if boards.recount(user_id=user_id):
        differing.append("courses")
    differing += _store_awards(user_id, made)
    return differing


def _lines(rows: Any) -> Iterable[Line]:
    for values in rows.values_list(*COLUMNS).iterator(chunk_size=5000):
        yield Line(*values)


def _store_days(user_id: int, days: dict[date, Day]) -> list[str]:
    rows = DayTotal.objects.filter(user_id=user_id)
    stored = {values[0]: values[1:] for values in rows.values_list("day", *DAY_FIGURES)}
    counted = {day.day: tuple(getattr(day, name) for name in DAY_FIGURES) for day in days.values()}
    if stored == counted:
        return []
    rows.delete()
    DayTotal.objects.bulk_create(
        DayTotal(user_id=user_id, day=day, **dict(zip(DAY_FIGURES, figures, strict=True)))
        for day, figures in counted.items()
    )
    return ["days"]


def _store_awards(user_id: int, made: Replayed) -> list[str]:
    known = set(Award.objects.filter(user_id=user_id).values_list("badge", flat=True))
    lacking = made.awards - known
    when = Act.objects.filter(user_id=user_id, rule="badge", source__in=lacking)
    Award.objects.bulk_create(
        Award(user_id=user_id, badge=badge, earned_at=at)
        for badge, at in when.values_list("source", "at")
    )
    return ["awards"] if lacking else []
