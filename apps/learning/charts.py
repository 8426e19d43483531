"""Drawings of memory as figures for SVG: every size has its own, none is a scaled one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor, isnan, log10

from .selectors.sessions import Stretch

TOP = 12
FOOT = 30  # below the axis, for its ticks
LETTER = 7.0  # about as wide as one of a name below the axis
GAP = 8.0  # between two names
CURVE_POINTS = 24
# FSRS' curve of forgetting; only its shape is drawn, the figures come from the scheduler.
DECAY = -0.1542


@dataclass(frozen=True)
class Size:
    width: int
    height: int
    left: int
    right: int = 0


DESK = Size(540, 240, 40)
PHONE = Size(350, 220, 40)
DESK_LINES = Size(540, 240, 44, 96)
PHONE_LINES = Size(350, 220, 44, 88)
DESK_WIDE = Size(760, 260, 34, 56)
PHONE_WIDE = Size(350, 220, 34, 56)
SPARK = Size(112, 40, 3, 5)
DESK_CURVE = Size(576, 180, 6, 6)
PHONE_CURVE = Size(350, 170, 6, 6)


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    text: str
    anchor: str = "middle"
    kind: str = ""


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    is_on: bool = False


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    is_on: bool = False


@dataclass
class Chart:
    """What `learning/_chart.html` draws."""

    width: int
    height: int
    axis: str = ""
    grid: list[str] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    dashed: str = ""
    line: str = ""
    points: list[Point] = field(default_factory=list)


# ── Bars ──────────────────────────────────────────────────────────────────────────────────────
def bars(values: Sequence[float], names: Sequence[str], size: Size, *, told: str = "") -> Chart:
    """One bar for each value, the highest marked with `told`; an empty name is no tick."""
    chart, base = _frame(size)
    most = max(values, default=0)
    step = _step(most)
    lines = max(1, ceil(most / step))
    scale = (base - TOP) / (lines * step)
    for each in range(1, lines + 1):
        _line_at(chart, size, base - each * step * scale, f"{each * step:g}")
    _line_at(chart, size, None, "0")
    slot = (size.width - size.left - size.right) / max(1, len(values))
    highest = list(values).index(most) if most else -1
    for index, (value, name) in enumerate(zip(values, names, strict=True)):
        x = size.left + index * slot
        height = value * scale
        chart.bars.append(
            Bar(x + slot * 0.14, base - height, slot * 0.72, height, is_on=index == highest)
        )
        if index == highest and told:
            chart.texts.append(Text(x + slot / 2, base - height - 7, told, kind="lbl"))
        if name:
            chart.texts.append(Text(x + slot / 2, base + 22, name))
    return chart


def _step(most: float) -> float:
    """A round step of at most four lines."""
    if most <= 4:
        return 1
    rough = most / 4
    power = 10 ** floor(log10(rough))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= rough)


# ── Lines ─────────────────────────────────────────────────────────────────────────────────────
def shares(
    measured: Sequence[tuple[float, float]],
    predicted: Sequence[tuple[float, float]],
    size: Size,
    *,
    names: Sequence[tuple[float, str]],
    percent: Sequence[tuple[float, str]],
    ends: tuple[str, str],
) -> Chart:
    """Shares (0 to 1) by days, measured with points and predicted dashed; `ends` names the two."""
    chart, base = _frame(size)
    right = size.width - size.right
    last = max(day for day, _name in names)
    lowest, highest = percent[0][0], percent[-1][0]

    def at(day: float, share: float) -> tuple[float, float]:
        x = size.left + (day / last) ** 0.6 * (right - size.left)
        clipped = min(max(share, lowest), highest)
        return x, base - (clipped - lowest) / (highest - lowest) * (base - TOP)

    for share, name in percent:
        y = at(0, share)[1]
        _line_at(chart, size, None if share == lowest else y, name)
    for day, name in names:
        chart.texts.append(Text(at(day, 0)[0], base + 22, name))
    chart.dashed = path([at(*point) for point in predicted])
    drawn = [at(*point) for point in measured]
    chart.line = path(drawn)
    chart.points = [Point(x, y, is_on=(x, y) == drawn[-1]) for x, y in drawn]
    _name_ends(chart, drawn[-1], at(*predicted[-1]), ends)
    return chart


def course_of(values: Sequence[float], names: Sequence[str], size: Size, *, told: str) -> Chart:
    """Values (NaN: none) at even distances, the last marked with `told`, their trend dashed."""
    chart, base = _frame(size)
    known = [(index, value) for index, value in enumerate(values) if not isnan(value)]
    step = _step(max(value for _index, value in known))
    lines = max(1, ceil(max(value for _index, value in known) / step))
    width = (size.width - size.left - size.right) / max(1, len(values) - 1)

    def at(index: float, value: float) -> tuple[float, float]:
        return size.left + index * width, base - max(value, 0) / (lines * step) * (base - TOP)

    for each in range(1, lines + 1):
        _line_at(chart, size, at(0, each * step)[1], f"{each * step:g}")
    _line_at(chart, size, None, "0")
    for index, name in enumerate(names):
        if name:
            x = at(index, 0)[0]
            anchor = "start" if not index else "end" if index == len(names) - 1 else "middle"
            chart.texts.append(Text(x, base + 22, name, anchor))
    drawn = [at(*point) for point in known]
    chart.line = path(drawn)
    chart.points = [Point(x, y, is_on=(x, y) == drawn[-1]) for x, y in drawn]
    ends = (known[0][0], known[-1][0])
    chart.dashed = path([at(index, _fitted(known, index)) for index in ends])
    x, y = drawn[-1]
    chart.texts.append(Text(x + 12, y + 4, told, "start", "end"))
    return chart


def _fitted(points: Sequence[tuple[int, float]], at: float) -> float:
    """The least squares line through the points."""
    count = len(points)
    middle = sum(x for x, _y in points) / count
    mean = sum(y for _x, y in points) / count
    spread = sum((x - middle) ** 2 for x, _y in points)
    slope = sum((x - middle) * (y - mean) for x, y in points) / spread if spread else 0.0
    return mean + slope * (at - middle)


def spark(values: Sequence[float], size: Size = SPARK) -> Chart:
    """A line without axes; the last point filled."""
    least, most = min(values), max(values)
    scale = (size.height - 2 * size.right) / ((most - least) or 1)
    width = (size.width - size.left - size.right) / max(1, len(values) - 1)
    drawn = [
        (size.left + index * width, size.height - size.right - (value - least) * scale)
        for index, value in enumerate(values)
    ]
    return Chart(size.width, size.height, line=path(drawn), points=[Point(*drawn[-1], is_on=True)])


def _name_ends(
    chart: Chart,
    measured: tuple[float, float],
    predicted: tuple[float, float],
    names: Sequence[str],
) -> None:
    """Names beside the last points, apart from each other."""
    x = max(measured[0], predicted[0]) + 10
    above, below = sorted([measured[1], predicted[1]])
    gap = max(0.0, 18 - (below - above)) / 2
    is_above = measured[1] <= predicted[1]
    high, low = above + 4 - gap, below + 4 + gap
    chart.texts.append(Text(x, high if is_above else low, names[0], "start", "end"))
    chart.texts.append(Text(x, low if is_above else high, names[1], "start"))


# ── Forgetting ────────────────────────────────────────────────────────────────────────────────
def forgetting(stretches: Sequence[Stretch], names: Sequence[str], size: Size) -> Chart:
    """A card's memory between its reviews; `names` stand under the starts and the last end."""
    base = size.height - FOOT + 2
    chart = Chart(size.width, size.height, axis=f"M0 {base}H{size.width}")
    span = stretches[-1].end or 1.0
    right = size.width - size.right

    def x_of(day: float) -> float:
        return size.left + (day / span) ** 0.6 * (right - size.left)

    line: list[tuple[float, float]] = []
    for stretch in stretches:
        chart.points.append(Point(x_of(stretch.start), 10, is_on=stretch.start <= _now(stretches)))
        for step in range(CURVE_POINTS + 1):
            day = stretch.start + (stretch.end - stretch.start) * step / CURVE_POINTS
            line.append((day, recall(day - stretch.start, stretch.stability)))
        line.append((stretch.end, 1.0))
    chart.points.append(Point(right, 10))
    # down to an even chance; to none only for a card that fell lower
    foot = 0.5 if min(share for _day, share in line) >= 0.5 else 0.0
    chart.line = path(
        [(x_of(day), 10 + (1 - share) / (1 - foot) * (base - 10)) for day, share in line]
    )
    marks = [*(stretch.start for stretch in stretches), span]
    _name_apart(chart, [x_of(mark) for mark in marks], names, size)
    return chart


def _now(stretches: Sequence[Stretch]) -> float:
    """The last review that was: the stretch before the one to come begins with it."""
    return stretches[-2].start


def recall(days: float, stability: float) -> float:
    """The chance to remember after so many days: 90 % when they equal the stability."""
    factor = 0.9 ** (1 / DECAY) - 1
    return float((1 + factor * days / stability) ** DECAY)


def _name_apart(chart: Chart, marks: list[float], names: Sequence[str], size: Size) -> None:
    """Names of the moments; one that would touch another is left out, never the first or last."""
    y = size.height - 8
    chart.texts.append(Text(0, y, names[0], "start"))
    chart.texts.append(Text(size.width, y, names[-1], "end"))
    taken = [(0.0, len(names[0]) * LETTER), (size.width - len(names[-1]) * LETTER, size.width)]
    # of those between, the last review says most
    between = list(zip(marks, names, strict=True))[1:-1]
    for x, name in [*between[-2:], *between[:-2]]:
        begins, ends = x - len(name) * LETTER / 2, x + len(name) * LETTER / 2
        if name and all(ends + GAP <= left or right + GAP <= begins for left, right in taken):
            taken.append((begins, ends))
            chart.texts.append(Text(x, y, name))


# ── Parts ─────────────────────────────────────────────────────────────────────────────────────
def _frame(size: Size) -> tuple[Chart, float]:
    base = size.height - FOOT
    chart = Chart(size.width, size.height)
    chart.axis = f"M{size.left} {base}H{size.width - size.right}"
    return chart, base


def _line_at(chart: Chart, size: Size, y: float | None, name: str) -> None:
    """A horizontal line with its name; without `y` only the name of the axis."""
    base = size.height - FOOT
    if y is not None:
        chart.grid.append(f"M{size.left} {y:.1f}H{size.width - size.right}")
    chart.texts.append(Text(size.left - 8, (base if y is None else y) + 4, name, "end"))


def path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""
