"""When the card returns and how much is left of it until then, as the platform's own engine has it."""

from dataclasses import dataclass
from datetime import datetime
from math import floor

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.templatetags.ui import percent
from apps.learning import charts
from apps.learning.engine import memory
from apps.learning.engine.outlook import Outlook, curve, outlook
from apps.learning.engine.trace import retrievability
from apps.learning.models import MemorySettings
from apps.learning.wording import interval

EVENING = 19  # the hour of the first answer: the days that follow are the same all day long
RETURNS = 4
POINTS = 12
SIZE = charts.Size(350, 190, 38, 8)
BEND = 0.4  # of the axis of days: the first ones need room
WORD = 56  # as wide as the name of a line may be


@dataclass(frozen=True)
class Row:
    days: int
    at: datetime
    recall: float  # percent
    unreviewed: float


@dataclass(frozen=True)
class Ahead:
    """What follows a first answer: the pauses of this evening in words, the returns, the drawing."""

    steps: list[str]
    rows: list[Row]
    chart: charts.Chart

    @property
    def last(self) -> Row:
        return self.rows[-1]


def ahead(now: datetime, *, is_right: bool) -> Ahead:
    """With the engine's default parameters and the retention that an account begins with."""
    began = timezone.localtime(now).replace(hour=EVENING, minute=0, second=0, microsecond=0)
    retention = MemorySettings._meta.get_field("desired_retention").default
    first = memory.GOOD if is_right else memory.AGAIN
    found = outlook(first, began, memory.scheduler(retention), returns=RETURNS)
    rows = [
        Row(_days(each.at, began), each.at, round(each.recall * 100), round(each.unreviewed * 100))
        for each in found.returns
    ]
    steps = [interval(step.total_seconds()) for step in found.steps]
    return Ahead(steps, rows, _chart(found, rows))


def _days(at: datetime, since: datetime) -> int:
    """By the calendar."""
    return (timezone.localtime(at).date() - since.date()).days


def _chart(found: Outlook, rows: list[Row]) -> charts.Chart:
    kept, lost = curve(found, points=POINTS)
    base, right = SIZE.height - charts.FOOT, SIZE.width - SIZE.right
    least = floor(min(chance for _day, chance in lost) * 10) / 10
    end = kept[-1][0]

    def at(day: float, chance: float) -> tuple[float, float]:
        x = SIZE.left + (day / end) ** BEND * (right - SIZE.left)
        return x, charts.TOP + (1 - chance) / (1 - least) * (base - charts.TOP)

    chart = charts.Chart(SIZE.width, SIZE.height, axis=f"M{SIZE.left} {base}H{right}")
    for chance in (1.0, (1 + least) / 2, least):
        y = at(0, chance)[1]
        if chance > least:
            chart.grid.append(f"M{SIZE.left} {y:.1f}H{right}")
        chart.texts.append(charts.Text(SIZE.left - 6, y + 4, percent(round(chance * 100)), "end"))
    chart.line = charts.path([at(*point) for point in kept])
    chart.dashed = charts.path([at(*point) for point in lost])
    turns = [(0.0, 1.0), *((each.days, 1.0) for each in found.returns)]
    chart.points = [charts.Point(*at(*turn)) for turn in turns]
    names = [_("today"), *(f"{row.days}" for row in rows[:-1])]
    for (day, _chance), name in zip(turns, names, strict=False):
        chart.texts.append(charts.Text(at(day, 1)[0], base + 22, name))
    days = rows[-1].days
    told = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    chart.texts.append(charts.Text(SIZE.width, base + 22, told, "end"))
    lowest = min(each.recall for each in found.returns[1:])
    chart.texts.append(charts.Text(right, at(end, lowest)[1] + 17, _("with reviews"), "end", "end"))
    # over the curve where the word begins
    day = end * ((right - WORD - SIZE.left) / (right - SIZE.left)) ** (1 / BEND)
    above = at(day, retrievability(found.stability, day))[1] - 6
    chart.texts.append(charts.Text(right, above, _("without"), "end"))
    return chart
