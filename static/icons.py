"""Draws the icons of the installed app into static/dist/icons from the house's mark, favicon.svg."""

import re
import sys
from pathlib import Path

from fontTools.misc.transform import Identity
from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
MARK = ROOT / "static" / "src" / "assets" / "favicon.svg"
OUT = ROOT / "static" / "dist" / "icons"
FINER = 4  # drawn so many times larger, then made smaller: smooth edges
STEPS = 24  # straight pieces of a curve

# name → pixels, how much of the side the mark's own square takes, whether its corners are round
ICONS = {
    "icon-192": (192, 1.0, True),
    "icon-512": (512, 1.0, True),
    # the system cuts a shape of its own: what matters stays within the circle of four fifths
    "maskable-192": (192, 0.8, False),
    "maskable-512": (512, 0.8, False),
    "apple-180": (180, 0.9, False),
}


class Points(BasePen):
    """The path as the points of a line."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[float, float]] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.found.append(pt)

    _lineTo = _moveTo  # noqa: N815

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        x0, y0 = self.found[-1]
        for step in range(1, STEPS + 1):
            t = step / STEPS
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            self.found.append(
                (
                    a * x0 + b * pt1[0] + c * pt2[0] + d * pt3[0],
                    a * y0 + b * pt1[1] + c * pt2[1] + d * pt3[1],
                )
            )


def attribute(svg: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', svg)
    if found is None:
        sys.exit(f"{MARK} has no {name}")
    return found[1]


def drawn(svg: str, pixels: int, share: float, *, is_round: bool) -> Image.Image:
    side = float(attribute(svg, "viewBox").split()[2])
    size = pixels * FINER
    scale = size * share / side
    ground, line = (attribute(part, kind) for part, kind in ((svg, "fill"), (svg, "stroke")))
    picture = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pencil = ImageDraw.Draw(picture)
    radius = float(attribute(svg, "rx")) * scale if is_round else 0
    pencil.rounded_rectangle((0, 0, size - 1, size - 1), radius, fill=ground)
    dx, dy = (float(each) for each in re.findall(r"-?[\d.]+", attribute(svg, "transform")))
    points = Points()
    edge = size * (1 - share) / 2
    place = Identity.translate(edge, edge).scale(scale).translate(dx, dy)
    parse_path(attribute(svg, "d"), TransformPen(points, place))
    width = float(attribute(svg, "stroke-width")) * scale
    for start, end in zip(points.found, points.found[1:], strict=False):
        pencil.line((start, end), fill=line, width=round(width))
    for x, y in points.found:  # round ends and joins
        half = width / 2
        pencil.ellipse((x - half, y - half, x + half, y + half), fill=line)
    return picture.resize((pixels, pixels), Image.Resampling.LANCZOS)


def main() -> None:
    svg = MARK.read_text()
    OUT.mkdir(parents=True, exist_ok=True)
    for name, (pixels, share, is_round) in ICONS.items():
        picture = drawn(svg, pixels, share, is_round=is_round)
        (picture if is_round else picture.convert("RGB")).save(OUT / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
