"""Generated covers: the same title and category always give the same picture.

An FNV-1a hash of title and category seeds a mulberry32 generator; the category chooses among four
families of pattern and two palettes. 300 × 200 units, no text, no ids, 1 to 13 KB.
"""

import math
from collections.abc import Callable

Random = Callable[[], float]  # uniform in [0, 1)
Palette = tuple[str, str, str, str, str]  # ground, three inks, dark

PALETTES: dict[str, tuple[Palette, Palette]] = {
    "math": (
        ("#E8E0CE", "#0F5F59", "#D8A248", "#C8613F", "#1E3A44"),
        ("#17403F", "#E8DDC3", "#8DBBAA", "#E0A24E", "#0D2A2B"),
    ),
    "code": (
        ("#DFE6DF", "#1F5560", "#E08A5B", "#8FB5A8", "#17303A"),
        ("#17303A", "#8FBDAE", "#EADFC6", "#DF7F55", "#0F222A"),
    ),
    "language": (
        ("#F2E5CF", "#B44A31", "#E3AD5E", "#2B5C66", "#21363D"),
        ("#8E3626", "#F1DFC0", "#E9A96B", "#2F6670", "#5F2018"),
    ),
    "science": (
        ("#E4E8D8", "#2D6450", "#E0B455", "#8DB295", "#1E3B31"),
        ("#1F4A3D", "#DDE5CC", "#8FBF9F", "#E4B85F", "#12322A"),
    ),
    "art": (
        ("#F4E4D8", "#CB5940", "#EDC06B", "#2C5577", "#213349"),
        ("#23405C", "#F2DFCB", "#DD7257", "#EBC06D", "#162B41"),
    ),
    "business": (
        ("#E6E3DA", "#2C4A60", "#D39B52", "#86A3AA", "#1D3040"),
        ("#223A4D", "#DAD7CB", "#D8A35B", "#7FA0A9", "#152735"),
    ),
    "history": (
        ("#EADCC2", "#7F402C", "#C6924F", "#5E6E5A", "#3A2A22"),
        ("#4C3327", "#EAD9BA", "#C98F55", "#8FA089", "#33211A"),
    ),
    "health": (
        ("#EDE4DA", "#4F7068", "#D98871", "#E8C38C", "#2A4044"),
        ("#33524F", "#F0E2D0", "#DD9078", "#A9C2B2", "#21393A"),
    ),
}


def cover_svg(title: str, category: str) -> str:
    """The picture; a category without a style of its own draws from all families."""
    seed = _hash(f"{title.strip().lower()}|{category}")
    families = STYLES.get(category) or tuple(FAMILIES)
    family = families[seed % len(families)]
    palette = PALETTES.get(category, PALETTES["math"])[0 if (seed >> 8) % 5 < 3 else 1]
    drawing = FAMILIES[family](_generator(seed), palette)
    return (
        '<svg class="cover" viewBox="0 0 300 200" preserveAspectRatio="xMidYMid slice" '
        f'aria-hidden="true" focusable="false" data-family="{family}">'
        f"{_rect(0, 0, 300, 200, palette[0])}{drawing}</svg>"
    )


# ── Chance ──────────────────────────────────────────────────────────────────────────────────────
def _hash(text: str) -> int:
    """FNV-1a, 32 bits."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def _generator(seed: int) -> Random:
    """mulberry32."""
    state = seed

    def random() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        mixed ^= (mixed + (mixed ^ (mixed >> 7)) * (mixed | 61)) & 0xFFFFFFFF
        return (mixed ^ (mixed >> 14)) / 4294967296

    return random


# ── Shapes ──────────────────────────────────────────────────────────────────────────────────────
def n(value: float) -> str:
    """One decimal, halves up, as short as it can be written."""
    rounded = math.floor(value * 10 + 0.5) / 10
    return str(int(rounded)) if rounded.is_integer() else str(rounded)


def _circle(x: float, y: float, r: float, fill: str) -> str:
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(r)}" fill="{fill}"/>'


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{n(x)}" y="{n(y)}" width="{n(width)}" height="{n(height)}" fill="{fill}"/>'


def _path(d: str, fill: str, more: str = "") -> str:
    return f'<path d="{d}" fill="{fill}"{more}/>'


def _line(d: str, stroke: str, width: float) -> str:
    return f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{n(width)}"/>'


def _wave(y: float, height: float, length: float, phase: float) -> str:
    points = (f"L{x} {n(y + height * math.sin(phase + x / length))}" for x in range(6, 301, 6))
    return f"M0 {n(y + height * math.sin(phase))}" + "".join(points)


def _pick(r: Random, count: int) -> int:
    return math.floor(r() * count)


# ── Families ────────────────────────────────────────────────────────────────────────────────────
def _arcs(r: Random, palette: Palette) -> str:
    """Quarter rings on a grid of 50, turned by chance: paths that meet at every edge."""
    g, a, b, d, k = palette
    out = ""
    for y in range(4):
        for x in range(6):
            turn = _pick(r, 4)
            right, below = turn & 1, turn >> 1
            cx, cy = x * 50 + right * 50, y * 50 + below * 50
            sx, sy = (-1 if right else 1), (-1 if below else 1)
            ink = (a, a, k, b, d)[_pick(r, 5)]
            for radius in (50, 36, 22, 8):
                fill = ink if radius in (50, 22) else g
                out += _path(
                    f"M{cx} {cy}L{cx + sx * radius} {cy}A{radius} {radius} 0 0 "
                    f"{1 if sx * sy > 0 else 0} {cx} {cy + sy * radius}Z",
                    fill,
                    f' stroke="{fill}" stroke-width=".5"',
                )
    return out


def _waves(r: Random, palette: Palette) -> str:
    """A woodblock sea: bands that slip against each other."""
    g, a, b, d, k = palette
    out = _circle(60 + r() * 180, 48 + r() * 20, 22 + r() * 12, b)
    phase, length = r() * 6, 22 + r() * 26
    for i, ink in enumerate((d, a, g, a, d, k, a, k)):
        band = _wave(78 + i * 16, 11 - i * 0.5, length + i * 2.5, phase + i * 1.35)
        out += _path(band + "L300 200L0 200Z", ink)
    return out


def _dots(r: Random, palette: Palette) -> str:
    """Halftone: two hidden hills, seen through a screen of dots."""
    _, a, b, d, _ = palette
    px, py = 60 + r() * 180, 40 + r() * 120
    out = ""
    for row in range(13):
        for column in range(20):
            x = 7.5 + column * 15 + (7.5 if row & 1 else 0) - 3.75
            y = 10 + row * 15
            near = math.hypot(x - px, y - py)
            far = math.hypot(x - (300 - px), y - (200 - py))
            radius = max(
                7.6 * math.exp(-near * near / 9000), 6.4 * math.exp(-far * far / 4500), 1.1
            )
            ink = b if far < near and radius > 1.6 else a if radius > 1.3 else d
            out += _circle(x, y, radius, ink)
    return out


def _orbits(r: Random, palette: Palette) -> str:
    """Orbits round a body that sits off the page's centre."""
    _, a, b, d, k = palette
    cx, cy = 90 + r() * 120, 70 + r() * 60
    out = ""
    for i in range(9, 0, -1):
        size = i * 22
        ring = (
            f"M{n(cx - size)} {n(cy)}a{size} {size} 0 1 0 {size * 2} 0"
            f"a{size} {size} 0 1 0 {-size * 2} 0"
        )
        out += _line(ring, a, 0.8 if i % 3 else 1.8)
    out += _circle(cx, cy, 30, k)
    out += _path(f"M{n(cx)} {n(cy - 30)}A30 30 0 0 1 {n(cx)} {n(cy + 30)}Z", b)
    for i in range(6):
        distance, angle = (2 + i) * 22, r() * 6.283
        x, y = cx + math.cos(angle) * distance, cy + math.sin(angle) * distance
        out += _circle(x, y, 4 + r() * 8, (d, b, a, k)[i % 4])
    return out


def _hills(r: Random, palette: Palette) -> str:
    """Paper-cut hills."""
    g, a, b, d, k = palette
    out = _circle(50 + r() * 200, 58, 30, b)
    for i, ink in enumerate((d, a, a, k)):
        top, p, q = 92 + i * 27, r() * 6.3, r() * 6.3
        slope = 58 - i * 7
        ridge = "".join(
            f"L{x} {n(top - 20 * math.sin(p + x / slope) - 9 * math.sin(q + x / 21))}"
            for x in range(0, 301, 5)
        )
        out += _path(f"M0 200{ridge}L300 200Z", ink, ' opacity=".72"' if i == 2 else "")
        if i != 1:
            continue
        for j in range(1, 7):
            furrow = "".join(
                f"{'L' if x else 'M'}{x} "
                f"{n(top + j * 8 - 20 * math.sin(p + x / slope) - 9 * math.sin(q + x / 21))}"
                for x in range(0, 301, 5)
            )
            out += _line(furrow, g, 0.7)
    return out


def _spines(r: Random, palette: Palette) -> str:
    """Spines on a shelf."""
    g, a, b, d, k = palette
    inks = (a, k, d, b, a, d)
    out, x, last = "", 10, ""
    while x < 286:
        width = min((12, 16, 20, 26, 32)[_pick(r, 5)], 290 - x)
        height = 108 + _pick(r, 8) * 9
        y = 184 - height
        ink = inks[_pick(r, 6)]
        if ink == last:
            ink = inks[(inks.index(ink) + 1) % 6]
        last = ink
        out += _rect(x, y, width - 2, height, ink)
        mark, edge = _pick(r, 4), k if ink == b else g
        if mark == 0:
            out += _rect(x, y + 12, width - 2, 3, edge)
            out += _rect(x, y + height - 18, width - 2, 3, edge)
        elif mark == 1:
            out += _rect(x, y + 10, width - 2, height * 0.24, edge)
        elif mark == 2:
            out += _circle(x + width / 2 - 1, y + height - 16, min(5, width / 4), edge)
        else:
            for j in range(4):
                out += _rect(x, y + 10 + j * 6, width - 2, 1.4, edge)
        x += width
    return out + _rect(0, 184, 300, 2.5, k)


def _petals(r: Random, palette: Palette) -> str:
    """Leaves turned round a point."""
    _, a, b, d, k = palette
    count, cx, cy = 9 + _pick(r, 5), 150 + (r() - 0.5) * 90, 100 + (r() - 0.5) * 30
    out = ""
    for length, width, ink, offset in ((128, 26, a, 0), (92, 21, d, 0.5), (58, 15, b, 0)):
        for i in range(count):
            angle = (i + offset) * 6.28319 / count
            ux, uy = math.cos(angle), math.sin(angle)
            mx, my = cx + ux * length * 0.55, cy + uy * length * 0.55
            out += _path(
                f"M{n(cx)} {n(cy)}Q{n(mx - uy * width)} {n(my + ux * width)} "
                f"{n(cx + ux * length)} {n(cy + uy * length)}"
                f"Q{n(mx + uy * width)} {n(my - ux * width)} {n(cx)} {n(cy)}Z",
                ink,
            )
    return out + _circle(cx, cy, 10, k)


def _blocks(r: Random, palette: Palette) -> str:
    """Six blocks, six cuts: a child's printing set."""
    g, a, b, d, k = palette
    out, last = "", -1
    for y in (0, 100):
        for x in (0, 100, 200):
            which = _pick(r, 4)
            if which == last:
                which = (which + 1) % 4
            last = which
            block, cut = (a, b, d, k)[which], _pick(r, 6)
            on_ground = r() < 0.3
            ground = g if on_ground else block
            ink = block if on_ground else (k if which == 1 else g)
            out += _rect(x, y, 100.5, 100.5, ground) + _cut(cut, x, y, ink, ground)
    return out


def _cut(cut: int, x: int, y: int, ink: str, ground: str) -> str:
    if cut == 0:
        return _path(f"M{x} {y}A100 100 0 0 1 {x + 100} {y + 100}L{x} {y + 100}Z", ink)
    if cut == 1:
        return _circle(x + 50, y + 50, 34, ink) + _circle(x + 50, y + 50, 14, ground)
    if cut == 2:
        upper = _path(f"M{x} {y + 50}A50 50 0 0 1 {x + 100} {y + 50}Z", ink)
        return upper + _path(f"M{x} {y + 100}A50 50 0 0 1 {x + 100} {y + 100}Z", ink)
    if cut == 3:
        return "".join(_rect(x, y + 8 + i * 19, 100, 9, ink) for i in range(5))
    if cut == 4:
        return "".join(
            _circle(x + 16 + i * 22.7, y + 16 + j * 22.7, 5.5, ink)
            for i in range(4)
            for j in range(4)
        )
    return _path(f"M{x} {y}L{x + 100} {y}L{x} {y + 100}Z", ink)


def _curves(r: Random, palette: Palette) -> str:
    """Curves of forgetting, each flatter than the last: the picture of the whole product."""
    _, a, b, d, _ = palette
    flattening, gap, rising, every = 0.5 + r() * 1.4, 7 + r() * 9, r() < 0.5, 3 + _pick(r, 3)
    out = ""
    for i in range(14):
        start, scale = -24 + i * gap, 12 + i * i * flattening
        curve = f"M{n(start)} {204 if rising else -4}"
        for x in range(4, 331, 6):
            y = 180 - 184 * math.exp(-x / scale) + i * 0.3
            curve += f"L{n(start + x)} {n(200 - y if rising else y)}"
        ink = b if i % every == every - 1 else d if i % every == 1 else a
        out += _line(curve, ink, 3.4 if i % every == every - 1 else 1.7)
    return out


def _weave(r: Random, palette: Palette) -> str:
    """Over and under: a woven band."""
    g, a, b, d, k = palette
    inks = (a, k, d, a, b)
    warp = [inks[_pick(r, 5)] for _ in range(10)]
    weft = [inks[_pick(r, 5)] for _ in range(7)]
    out = "".join(_rect(4 + i * 30, 0, 22, 200, warp[i]) for i in range(10))
    for j in range(7):
        y = 4 + j * 29
        for i in range(10):
            x = i * 30
            if (i + j) % 2:
                out += _rect(x - 2, y - 2, 34, 21, g) + _rect(x - 4, y, 38, 17, weft[j])
            else:
                out += _rect(x - 5, y, 8, 17, weft[j]) + _rect(x + 27, y, 8, 17, weft[j])
    return out


# An unknown category draws from all of these, so their order is part of every picture.
FAMILIES: dict[str, Callable[[Random, Palette], str]] = {
    "arcs": _arcs,
    "waves": _waves,
    "dots": _dots,
    "orbits": _orbits,
    "hills": _hills,
    "spines": _spines,
    "petals": _petals,
    "blocks": _blocks,
    "curves": _curves,
    "weave": _weave,
}
# The style of a branch of the category tree, by the slug of its root.
BRANCH_STYLES = {
    "programming": "code",
    "data-science": "math",
    "mathematics": "math",
    "languages": "language",
    "design": "art",
    "business": "business",
    "science": "science",
    "humanities": "history",
    "music": "art",
    "health": "health",
}
STYLES: dict[str, tuple[str, ...]] = {
    "math": ("dots", "curves", "orbits", "arcs"),
    "code": ("arcs", "blocks", "weave", "dots"),
    "language": ("spines", "blocks", "arcs", "petals"),
    "science": ("orbits", "petals", "waves", "dots"),
    "art": ("blocks", "waves", "petals", "arcs"),
    "business": ("weave", "curves", "blocks", "hills"),
    "history": ("hills", "spines", "arcs", "weave"),
    "health": ("petals", "waves", "hills", "orbits"),
}
