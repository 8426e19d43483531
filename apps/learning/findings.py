"""What the figures of a memory say in a sentence, and the charts below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext

from apps.core.templatetags.ui import number, percent

from . import charts
from .selectors.memory import DueDay, MemoryStats, Retention, StudyDay

CLOSE = 0.02  # shares nearer than this are the same
FAR = 0.05  # and farther apart than this they tell a story
LONGEST_SHOWN = 30  # days since the last review
WEEK = 7


@dataclass(frozen=True)
class Finding:
    """A chart with what it shows as its title; `rows` are the same figures as a table.

    Where nothing has been measured there is neither.
    """

    title: str
    measure: str
    charts: dict[str, charts.Chart] | None
    heads: list[str]
    rows: Sequence[tuple[str, ...]]


def findings_of(stats: MemoryStats) -> dict[str, Finding]:
    return {
        "retention": retention_finding(stats.retention),
        "forecast": forecast_finding(stats.forecast),
        "reviews": _reviews(stats.days),
        "minutes": _minutes(stats.days),
    }


# ── Retention ─────────────────────────────────────────────────────────────────────────────────
def retention_finding(found: Sequence[Retention]) -> Finding:
    known = [each for each in found if each.measured is not None and each.predicted is not None]
    rows = [
        (
            _span(each),
            number(each.count),
            _share(each.measured),
            _share(each.predicted),
        )
        for each in found
    ]
    drawn = [each for each in known if each.days <= LONGEST_SHOWN]
    return Finding(
        title=_retention_title(known),
        measure=gettext("Share recalled, by days since the last review; the last half year"),
        charts=_retention_charts(drawn) if len(drawn) > 1 else None,
        heads=[
            gettext("Days since"),
            pgettext("cards", "Reviews"),
            gettext("Measured"),
            gettext("Predicted"),
        ],
        rows=rows if any(each.count for each in found) else [],
    )


def _retention_title(known: Sequence[Retention]) -> str:
    total = sum(each.count for each in known)
    if not total:
        return gettext("Too few reviews yet to say how much stays")
    measured = sum((each.measured or 0) * each.count for each in known) / total
    predicted = sum((each.predicted or 0) * each.count for each in known) / total
    if abs(measured - predicted) < CLOSE:
        return _late_title(known[-1])
    if measured > predicted:
        return gettext("You remember a little more than predicted")
    return gettext("You remember a little less than predicted")


def _late_title(last: Retention) -> str:
    """As predicted on the whole; the longest span may tell another story."""
    gap = (last.measured or 0) - (last.predicted or 0)
    if abs(gap) < FAR or last.days == 1:
        return gettext("You remember as much as predicted")
    if gap > 0:
        text = gettext("You remember as predicted, and more after %(days)s")
    else:
        text = gettext("You remember as predicted, but less after %(days)s")
    return text % {"days": _after_days(last.days)}


def _retention_charts(drawn: Sequence[Retention]) -> dict[str, charts.Chart]:
    measured = [(each.days, each.measured or 0) for each in drawn]
    predicted = [(each.days, each.predicted or 0) for each in drawn]
    lowest = min(share for _days, share in [*measured, *predicted])
    floor = next(each for each in (0.8, 0.6, 0.4, 0.0) if each < lowest)
    lines = [floor + (1 - floor) * step / 4 for step in range(5)]
    axis = [(line, percent(round(line * 100))) for line in lines]
    last = drawn[-1].days
    names = [
        (each.days, _days(each.days) if each.days == last else number(each.days)) for each in drawn
    ]
    ends = (gettext("measured"), gettext("predicted"))
    return {
        name: charts.shares(measured, predicted, size, names=names, percent=axis, ends=ends)
        for name, size in (("desk", charts.DESK_LINES), ("phone", charts.PHONE_LINES))
    }


def _span(each: Retention) -> str:
    if each.last_day > 1000:
        return gettext("%(first)s and more") % {"first": number(each.first_day)}
    return f"{number(each.first_day)}–{number(each.last_day)}"


def _share(value: float | None) -> str:
    return gettext("too few") if value is None else percent(round(value * 100))


# ── What comes ────────────────────────────────────────────────────────────────────────────────
def forecast_finding(days: Sequence[DueDay]) -> Finding:
    counts = [each.count for each in days]
    most = max(days, key=lambda each: each.count)
    return Finding(
        title=_forecast_title(days, most),
        measure=gettext("Cards due each day, if you review daily and add none"),
        charts=_bars([each.day for each in days], counts, number(most.count))
        if any(counts)
        else None,
        heads=[gettext("Day"), pgettext("to review", "Cards")],
        rows=[(long_day(each.day), number(each.count)) for each in days],
    )


def _forecast_title(days: Sequence[DueDay], most: DueDay) -> str:
    if not most.count:
        return gettext("Nothing comes back in the next weeks")
    if most == days[0]:
        return ngettext(
            "Most waits today: %(n)s card", "Most waits today: %(n)s cards", most.count
        ) % {"n": number(most.count)}
    return ngettext(
        "The heaviest day is %(day)s with %(n)s card",
        "The heaviest day is %(day)s with %(n)s cards",
        most.count,
    ) % {"day": long_day(most.day), "n": number(most.count)}


# ── What was ──────────────────────────────────────────────────────────────────────────────────
def _reviews(days: Sequence[StudyDay]) -> Finding:
    counts = [each.reviews for each in days]
    active = sum(count > 0 for count in counts)
    title = ngettext(
        "You reviewed on %(n)d day of the last %(all)d",
        "You reviewed on %(n)d days of the last %(all)d",
        active,
    ) % {"n": active, "all": len(days)}
    return Finding(
        title=title if active else gettext("No reviews in the last weeks"),
        measure=gettext("Reviews each day"),
        charts=_bars([each.day for each in days], counts, number(max(counts))) if active else None,
        heads=[gettext("Day"), pgettext("cards", "Reviews")],
        rows=[(long_day(each.day), number(each.reviews)) for each in reversed(days) if active],
    )


def _minutes(days: Sequence[StudyDay]) -> Finding:
    minutes = [round(each.minutes, 1) for each in days]
    active = [each for each in days if each.reviews]
    mean = sum(each.minutes for each in active) / len(active) if active else 0
    title = gettext("A day with reviews takes you %(n)s min") % {"n": number(max(1, round(mean)))}
    return Finding(
        title=title if active else gettext("No time spent yet"),
        measure=gettext("Minutes each day, without long pauses"),
        charts=_bars([each.day for each in days], minutes, number(round(max(minutes))))
        if any(minutes)
        else None,
        heads=[gettext("Day"), gettext("Minutes")],
        rows=[(long_day(each.day), number(each.minutes, 1)) for each in reversed(days) if active],
    )


def _bars(days: Sequence[date], values: Sequence[float], told: str) -> dict[str, charts.Chart]:
    """A tick for each week."""
    names = [short_day(day) if index % WEEK == 0 else "" for index, day in enumerate(days)]
    return {
        "desk": charts.bars(values, names, charts.DESK, told=told),
        "phone": charts.bars(values, names, charts.PHONE, told=told),
    }


# ── Words ─────────────────────────────────────────────────────────────────────────────────────
def _days(count: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", count) % {"n": count}


def _after_days(count: int) -> str:
    """Days as they stand after "after"."""
    return npgettext("after", "%(n)d day", "%(n)d days", count) % {"n": count}


def short_day(day: date) -> str:
    return _formatted(day, "d MMM").removesuffix(".")


def long_day(day: date) -> str:
    return _formatted(day, "d MMMM")


def _formatted(day: Any, pattern: str) -> str:
    return str(format_date(day, pattern, locale=get_language() or "en"))


# ── Figures ───────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    unit: str = ""
    line: str = ""


def figures_of(stats: MemoryStats) -> list[Figure]:
    return [
        remembered_figure(stats.retention_at(7)),
        remembered_figure(stats.retention_at(30)),
        _kept(stats),
        Figure(
            pgettext("to review", "Cards"),
            number(stats.totals.cards),
            line=gettext("%(new)s new, %(firm)s past the first steps")
            % {"new": number(stats.totals.new), "firm": number(stats.totals.review)},
        ),
    ]


def remembered_figure(found: Retention) -> Figure:
    label = ngettext("Remembered after %(n)d day", "Remembered after %(n)d days", found.days) % {
        "n": found.days
    }
    if found.measured is None or found.predicted is None:
        return Figure(label, "—", line=gettext("too few reviews yet"))
    predicted = percent(round(found.predicted * 100))
    return Figure(
        label,
        percent(round(found.measured * 100)),
        line=gettext("predicted %(share)s") % {"share": predicted},
    )


def _kept(stats: MemoryStats) -> Figure:
    label = gettext("In your memory now")
    found = stats.forgetting
    if found.remembered is None or found.without_reviews is None:
        return Figure(label, "—", line=gettext("no reviews yet"))
    without = percent(round(found.without_reviews * 100))
    return Figure(
        label,
        percent(round(found.remembered * 100)),
        line=gettext("an estimate; without reviews %(share)s") % {"share": without},
    )
