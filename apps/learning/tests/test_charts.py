"""Drawings of memory: what stands below an axis is told apart, at every width."""

import pytest

from apps.learning import charts
from apps.learning.selectors.sessions import Stretch


def ends_of(text: charts.Text) -> tuple[float, float]:
    width = len(text.text) * charts.LETTER
    left = {"start": text.x, "middle": text.x - width / 2, "end": text.x - width}[text.anchor]
    return left, left + width


def card(*moments: float, stability: float = 30) -> list[Stretch]:
    pairs = zip(moments, moments[1:], strict=False)
    return [
        Stretch(start=start, end=end, stability=stability, is_past=False) for start, end in pairs
    ]


@pytest.mark.parametrize("size", [charts.DESK_CURVE, charts.PHONE_CURVE], ids=["desk", "phone"])
@pytest.mark.parametrize("today", [4, 65, 120, 148])
def test_names_of_moments_never_touch(size, today):
    names = ["19 сент.", "сегодня", "через 49 дней", "через 5 месяцев"]
    drawn = charts.forgetting(card(0, today, today + 49, 200), names, size)
    told = [text.text for text in drawn.texts]
    assert told[:2] == ["19 сент.", "через 5 месяцев"]
    spans = sorted(map(ends_of, drawn.texts))
    assert all(left[1] < right[0] for left, right in zip(spans, spans[1:], strict=False))


@pytest.mark.parametrize(("stability", "lowest"), [(200, 0.5), (2, 0.2)])
def test_the_line_uses_the_room_that_it_needs(stability, lowest):
    """A card that is known well is drawn down to an even chance, another down to none."""
    drawn = charts.forgetting(card(0, 30, 60, stability=stability), ["", "", ""], charts.DESK_CURVE)
    depth = max(float(point.split()[1]) for point in drawn.line[1:].split("L"))
    foot = charts.DESK_CURVE.height - charts.FOOT + 2
    recall = charts.recall(30, stability)
    floor = 0.5 if recall >= 0.5 else 0.0
    assert recall > lowest
    assert depth == pytest.approx(10 + (1 - recall) / (1 - floor) * (foot - 10), abs=0.1)
