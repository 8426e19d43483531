"""Figures with intervals beside their targets, as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev


@dataclass(frozen=True)
class Row:
    """One figure; without bounds it is told for comparison."""

    what: str
    value: float
    error: float = 0.0  # half of the 95 % interval over seeds
    least: float | None = None
    most: float | None = None
    unit: str = ""
    places: int = 3

    @property
    def holds(self) -> bool:
        above = self.least is None or self.value >= self.least
        return above and (self.most is None or self.value <= self.most)

    @property
    def has_target(self) -> bool:
        return self.least is not None or self.most is not None

    def cells(self) -> list[str]:
        figure = self.number(self.value) + (f" ± {self.number(self.error)}" if self.error else "")
        bounds = []
        if self.least is not None:
            bounds.append(f"≥ {self.number(self.least)}")
        if self.most is not None:
            bounds.append(f"≤ {self.number(self.most)}")
        verdict = "" if not self.has_target else "holds" if self.holds else "**short**"
        return [self.what, ", ".join(bounds), figure, verdict]

    def number(self, value: float) -> str:
        if self.unit == "%":
            return f"{100 * value:.1f} %"
        return f"{value:.{self.places}f}{self.unit and ' ' + self.unit}"


def row(what: str, values: Sequence[float], **bounds) -> Row:
    """The mean over seeds with its 95 % interval."""
    error = 1.96 * stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return Row(what, fmean(values), error, **bounds)


def table(rows: Sequence[Row]) -> str:
    lines = ["| figure | target | measured | |", "|---|---|---|---|"]
    return "\n".join([*lines, *("| " + " | ".join(one.cells()) + " |" for one in rows)])


def jackknifed(what: str, seeds: Sequence, measure: Callable[[Sequence], float], **bounds) -> Row:
    """A measure of all seeds together, its interval from leaving out each in turn."""
    count = len(seeds)
    left = [measure([*seeds[:one], *seeds[one + 1 :]]) for one in range(count)]
    middle = fmean(left)
    variance = (count - 1) / count * sum((each - middle) ** 2 for each in left)
    return Row(what, measure(seeds), 1.96 * variance**0.5, **bounds)


def crossing(xs: Sequence[float], ys: Sequence[float], target: float) -> float:
    """Where the rising line through the points reaches the target, drawn on at its ends."""
    points = sorted(zip(xs, ys, strict=True))
    best, rising = float("-inf"), []
    for x, y in points:
        best = max(best, y)
        rising.append((x, best))
    pairs = list(zip(rising, rising[1:], strict=False))
    pair = next((pair for pair in pairs if pair[1][1] >= target), pairs[-1])
    (x0, y0), (x1, y1) = pair
    return x0 + (x1 - x0) * (target - y0) / (y1 - y0) if y1 > y0 else x1
