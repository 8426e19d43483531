"""The heat map of a year of study: weeks as columns, a square for each day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from django.utils.translation import get_language

from .selectors.calendar import CalendarDay

STEP, SIDE, LEFT, TOP = 17, 13, 30, 22
DAY = timedelta(days=1)
LEVELS = (0.5, 1, 2)  # of the daily goal: one shade darker from each on
LONG, SHORT = 53, 21  # weeks, on a desk and on a phone
ROOM = 3  # weeks that the name of a month takes
INSETS = {"frozen": 0.5, "repaired": 0.5, "rest": 4}


ROUND = 2.5  # radius of a corner


@dataclass(frozen=True)
class Heat:
    """`shades`: the squares of one kind by its class, all of them in the data of one path."""

    width: int
    height: int
    shades: list[tuple[str, str]]
    months: list[tuple[int, str]]
    weekdays: list[tuple[int, str]]


def heat_of(days: Sequence[CalendarDay], *, goal: int, weeks: int) -> Heat:
    """The last `weeks` weeks of the days, which are complete up to the last one."""
    last = days[-1].day
    first = last - last.weekday() * DAY - (weeks - 1) * 7 * DAY
    left = LEFT if weeks == LONG else 0
    shades: dict[str, list[str]] = defaultdict(list)
    for day in days:
        if day.day >= first:
            css = css_of(day, goal)
            shades[css].append(_square(day.day, first, left, INSETS.get(css, 0)))
    return Heat(
        width=left + weeks * STEP - (STEP - SIDE),
        height=TOP + 7 * STEP - (STEP - SIDE),
        shades=[(css, "".join(squares)) for css, squares in sorted(shades.items())],
        months=_months(first, weeks, left),
        weekdays=_weekdays(first) if left else [],
    )


def _square(day: date, first: date, left: int, inset: float) -> str:
    week, weekday = divmod((day - first).days, 7)
    x, y, side = left + week * STEP + inset, TOP + weekday * STEP + inset, SIDE - 2 * inset
    edge, r = side - 2 * ROUND, ROUND
    return (
        f"M{x + r:g} {y:g}h{edge:g}a{r} {r} 0 0 1 {r} {r}v{edge:g}a{r} {r} 0 0 1 -{r} {r}"
        f"h-{edge:g}a{r} {r} 0 0 1 -{r} -{r}v-{edge:g}a{r} {r} 0 0 1 {r} -{r}z"
    )


def css_of(day: CalendarDay, goal: int) -> str:
    if day.kind == "studied":
        return f"d{1 + sum(day.studied >= goal * level for level in LEVELS)}"
    return day.kind if day.kind in ("frozen", "repaired", "rest") else "d0"


def _months(first: date, weeks: int, left: int) -> list[tuple[int, str]]:
    """Each month's name above the first week that begins in it, where there is room."""
    names: list[tuple[int, str]] = []
    at = -ROOM
    for week in range(weeks):
        monday = first + week * 7 * DAY
        begins = monday.day <= 7 or week == 0
        if begins and week - at >= ROOM and weeks - week >= ROOM - 1:
            if week == 0 and monday.day > 14:
                continue  # the next one begins at once
            names.append((left + week * STEP, _named(monday, "LLL")))
            at = week
    return names


def _weekdays(first: date) -> list[tuple[int, str]]:
    return [(TOP + 10 + n * STEP, _named(first + n * DAY, "ccc")) for n in (0, 2, 4)]


def _named(day: date, pattern: str) -> str:
    name = format_date(day, pattern, locale=get_language() or "en")
    return name[:3] if pattern == "LLL" else name.capitalize()
