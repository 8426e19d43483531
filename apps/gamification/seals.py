"""The seals of badges: guilloché, drawn by a formula, with as many rings as the badge is rare.

A ring is a wave around a circle; the rings of a seal are the same wave, each turned a little.
Coordinates are those of a drawing of 100 × 100.
"""

from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin

from .engine.badges import BADGES

RADIUS = 40


@dataclass(frozen=True)
class Wave:
    """`lobes` around the circle, `height` from their middle to their top, `rings` of them."""

    lobes: int
    height: float
    rings: int


WAVES = {
    "common": Wave(6, 2.5, 1),
    "uncommon": Wave(8, 3.5, 2),
    "rare": Wave(12, 4, 3),
    "epic": Wave(16, 4.5, 4),
    "legendary": Wave(24, 5, 5),
    "mythic": Wave(32, 5.5, 6),
}


@cache
def ring_of(rarity: str) -> str:
    """One ring as the data of a path."""
    wave = WAVES[rarity]
    count = max(180, 14 * wave.lobes)
    points = []
    for step in range(count):
        angle = 2 * pi * step / count
        radius = RADIUS - wave.height + wave.height * sin(wave.lobes * angle)
        points.append(f"{50 + radius * cos(angle):.1f} {50 + radius * sin(angle):.1f}")
    return f"M{'L'.join(points)}Z"


@cache
def turns_of(slug: str) -> tuple[str, ...]:
    """The angles in degrees by which each ring is turned; no two badges begin alike."""
    badge = BADGES[slug]
    return turned(badge.rarity, list(BADGES).index(slug))


@cache
def turned(rarity: str, phase: float) -> tuple[str, ...]:
    wave = WAVES[rarity]
    return tuple(
        f"{(360 * ring / max(wave.rings, 2) + phase * 180 / pi) / wave.lobes % 360:.2f}"
        for ring in range(wave.rings)
    )
