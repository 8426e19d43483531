"""What the figures of progress say in words, and the chart of velocity; honest where little is known."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import nan

from django.utils.translation import gettext, ngettext, pgettext

from apps.core.templatetags.ui import day as shown_day
from apps.core.templatetags.ui import duration, number, percent

from . import charts
from .engine.velocity import LEAST_HOURS, Rate, Velocity, trend
from .findings import Figure, Finding, long_day, remembered_figure, short_day
from .selectors.velocity import CoursePace, Dates, Pace, Point, Progress

WEEK = 7
FEWEST_MINUTES = 5  # a day, below which a date at half of it says nothing


# ── Figures ───────────────────────────────────────────────────────────────────────────────────
def progress_figures(found: Progress) -> list[Figure]:
    return [
        velocity_figure(found.pace),
        remembered_figure(found.retention_at(30)),
        _mastered(found),
        _skipped(found),
    ]


def velocity_figure(pace: Pace) -> Figure:
    label = gettext("Velocity")
    if pace.rate is None:
        return Figure(label, "—", line=not_enough(pace))
    return Figure(
        label, number(pace.rate.value, 1), unit=gettext("concepts/h"), line=_between(pace.rate)
    )


def not_enough(pace: Pace) -> str:
    return gettext("not enough recent study yet: %(had)s of %(needed)s") % {
        "had": duration(pace.hours * 60),
        "needed": duration(LEAST_HOURS * 60),
    }


def _between(rate: Rate) -> str:
    return gettext("likely %(low)s to %(high)s") % {
        "low": number(rate.low, 1),
        "high": number(rate.high, 1),
    }


def trend_line(pace: Pace) -> str:
    """Against a fortnight ago, where that is no chance."""
    if pace.trend is None or pace.before is None:
        return ""
    before = {"rate": number(pace.before.value, 1)}
    if pace.trend > 0:
        return gettext("faster than two weeks ago (%(rate)s)") % before
    if pace.trend < 0:
        return gettext("slower than two weeks ago (%(rate)s)") % before
    return gettext("%(rate)s two weeks ago: no sure change") % before


def _mastered(found: Progress) -> Figure:
    count = found.mastered
    return Figure(
        gettext("Mastered"),
        number(count),
        unit=ngettext("concept", "concepts", count),
        line=gettext("%(n)s this week") % {"n": number(found.mastered_this_week)},
    )


def _skipped(found: Progress) -> Figure:
    label = gettext("Skipped, already known")
    if found.skip_rate is None:
        return Figure(label, "—", line=gettext("no pre-test yet"))
    line = ""
    if found.minutes_saved:
        line = gettext("about %(time)s saved") % {"time": duration(found.minutes_saved)}
    return Figure(label, percent(round(found.skip_rate * 100)), line=line)


# ── Velocity over the weeks ───────────────────────────────────────────────────────────────────
def velocity_finding(found: Progress, weeks: int) -> Finding:
    points = found.points
    return Finding(
        title=_velocity_title(found),
        measure=gettext("Concepts mastered and kept until today, per hour of study; dashed: trend"),
        charts=_velocity_charts(found, weeks) if len(points) > 1 else None,
        heads=[gettext("Until"), gettext("Concepts/h"), gettext("Likely")],
        rows=[
            (
                long_day(each.day),
                number(each.rate.value, 1),
                f"{number(each.rate.low, 1)}–{number(each.rate.high, 1)}",
            )
            for each in reversed(points)
        ],
    )


def _velocity_title(found: Progress) -> str:
    if found.pace.rate is None:
        return gettext("Not enough data yet to say how fast you learn")
    points = found.points
    if len(points) < 2:
        return gettext("The first weeks of measuring")
    change = trend(_known(points[-1]), _known(points[0]))
    weeks = (points[-1].day - points[0].day).days // WEEK
    if change > 0:
        text = ngettext(
            "You learn faster than %(n)d week ago", "You learn faster than %(n)d weeks ago", weeks
        )
    elif change < 0:
        text = ngettext(
            "You learn slower than %(n)d week ago", "You learn slower than %(n)d weeks ago", weeks
        )
    else:
        text = ngettext(
            "No sure change in your pace over %(n)d week",
            "No sure change in your pace over %(n)d weeks",
            weeks,
        )
    return text % {"n": weeks}


def _known(point: Point) -> Velocity:
    return Velocity(point.rate, LEAST_HOURS)


def _velocity_charts(found: Progress, weeks: int) -> dict[str, charts.Chart]:
    by_day = {each.day: each.rate.value for each in found.points}
    first = found.points[0].day
    shown = min(weeks, (found.today - first).days // WEEK + 1)
    days = [found.today - timedelta(days=WEEK * back) for back in reversed(range(shown))]
    values = [by_day.get(day, nan) for day in days]
    told = number(values[-1] if days[-1] in by_day else found.points[-1].rate.value, 1)
    return {
        name: charts.course_of(values, _ticks(days, most), size, told=told)
        for name, size, most in (("desk", charts.DESK_WIDE, 4), ("phone", charts.PHONE_WIDE, 3))
    }


def _ticks(days: Sequence[date], most: int) -> list[str]:
    """The first day, some between, and this week."""
    apart = max(1, -(-(len(days) - 1) // (most - 1)))
    names = [
        short_day(day) if index % apart == 0 and index <= len(days) - 1 - apart / 2 else ""
        for index, day in enumerate(days)
    ]
    return [*names[:-1], gettext("this week")]


# ── When ──────────────────────────────────────────────────────────────────────────────────────
def readiness(found: Progress) -> dict[str, str] | None:
    """When the course studied last will be mastered, or at least read, at the present pace."""
    begun = [each for each in found.courses if each.last_studied is not None]
    course = max(begun, key=lambda each: each.last_studied or date.min, default=None)
    if course is None:
        return None
    title = {"course": course.course.title}
    if course.is_paused:
        text = gettext("Nothing was done in “%(course)s” for three weeks: no date can be told.")
        return {"label": gettext("Paused"), "value": "", "text": text % title}
    if course.concepts and course.remaining == 0:
        text = gettext("You hold every concept of “%(course)s” now.") % title
        return {"label": gettext("Ready to use it"), "value": gettext("today"), "text": text}
    if course.competent_on is not None:
        return {
            "label": gettext("Ready to use it"),
            "value": shown_day(course.competent_on.value),
            "text": _estimate(course, course.competent_on, found.today),
        }
    if course.completed_on is not None:
        text = gettext(
            "The last lesson of “%(course)s” at your pace, between %(first)s and %(last)s."
        )
        return {
            "label": gettext("Read to the end"),
            "value": shown_day(course.completed_on.value),
            "text": text % {**title, **_span(course.completed_on)},
        }
    return None


def _span(dates: Dates) -> dict[str, str]:
    return {"first": shown_day(dates.earliest), "last": shown_day(dates.latest)}


def _estimate(course: CoursePace, dates: Dates, today: date) -> str:
    minutes = course.minutes_a_day
    text = gettext(
        "Estimate for “%(course)s” at %(time)s a day, likely between %(first)s and %(last)s."
    ) % {"course": course.course.title, "time": duration(max(1, minutes)), **_span(dates)}
    if minutes < FEWEST_MINUTES:
        return text
    half = gettext("At %(time)s: %(day)s.") % {
        "time": duration(minutes / 2),
        "day": shown_day(today + 2 * (dates.value - today)),
    }
    return f"{text} {half}"


def weeks_name(count: int) -> str:
    if count > 50:
        return pgettext("period", "Year")
    return ngettext("%(n)d week", "%(n)d weeks", count) % {"n": count}
