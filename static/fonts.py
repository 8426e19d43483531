"""Instances and subsets the variable fonts of the npm packages into static/dist/fonts."""

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from math_table import add_math_table

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = ROOT / "node_modules" / "@fontsource-variable"
MATH = ROOT / "node_modules" / "@fontsource" / "libertinus-math" / "files"
OUT = ROOT / "static" / "dist" / "fonts"

# optical size 44 is cut for headings, which have one weight, 16 for text
SERIF = "source-serif-4/files/source-serif-4-{script}-opsz-{style}.woff2"
INSTANCES = {
    "serif-display-{script}": (SERIF, "normal", {"opsz": 44, "wght": 400}),
    "serif-text-{script}": (SERIF, "normal", {"opsz": 16, "wght": (400, 700)}),
    "serif-text-italic-{script}": (SERIF, "italic", {"opsz": 16, "wght": (400, 600)}),
    "sans-{script}": (
        "commissioner/files/commissioner-{script}-wght-{style}.woff2",
        "normal",
        {"wght": (400, 700)},
    ),
    "mono-{script}": (
        "jetbrains-mono/files/jetbrains-mono-{script}-wght-{style}.woff2",
        "normal",
        {"wght": (400, 600)},
    ),
}
# what our styles and languages ask for; fractions and other alternates weigh a tenth of a file
FEATURES = [
    *("kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "rvrn", "rlig", "rclt"),
    *("lnum", "tnum", "pnum"),
]
# what nearly every page has of the latin subset; letters with accents and rare signs are files of their own
USUAL = {
    *range(0x20, 0x7F), 0xA0, 0xA9, 0xAB, 0xB0, 0xB1, 0xB7, 0xBB, 0xD7, *range(0x2000, 0x2070),
    0x2191, 0x2193, 0x2212,
}  # fmt: skip
# currency signs that the latin and cyrillic subsets lack: rouble, euro, tenge
SIGNS = [0x20BD, 0x20AC, 0x20B8]
SIGN_FONTS = {
    "sans-signs": "commissioner/files/commissioner-latin-ext-wght-normal.woff2",
    "serif-text-signs": "source-serif-4/files/source-serif-4-latin-ext-wght-normal.woff2",
}
# the name on every page, which needn't fetch a whole font for its letters
NAME = [ord(letter) for letter in "EduPlatform"]
# fmt: off
MATH_SIGNS = [
    *range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x391, 0x3CA),
    *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C),  # mathematical italics
    0x210E, 0x2061, 0x2062, 0x2063, 0x2212, 0x221A, 0x221E, 0x2211, 0x220F, 0x222B, 0x2202, 0x2206,
    0x2208, 0x2209, 0x2227, 0x2228, 0x2229, 0x222A, 0x2248, 0x2260, 0x2264, 0x2265, 0x2282, 0x2286,
    0x22C5, 0x22EF, 0x2026, 0x2032, 0x2192, 0x2190, 0x21D2, 0x21D4, 0x2200, 0x2203, 0x2223, 0x2225,
    0x27E8, 0x27E9, 0x203E, 0x302, 0x304, 0x303, 0x2DC, 0x2C6,
    *range(0x1D400, 0x1D434), 0x2102, 0x2115, 0x211A, 0x211D, 0x2124, 0x1D4AA, 0x2213, 0x221D,
    0x2016, 0x2018, 0x2019, 0x2033, 0x2061, 0x2190, 0x2218, 0x2223, 0x2225, 0x223C, 0x2243, 0x2245, 0x2261,
    0x226A, 0x226B, 0x22A5, 0x2205, 0x2207, 0x2220, 0x22C2, 0x22C3, 0x2308, 0x2309, 0x230A, 0x230B,
    0x2329, 0x232A, 0x23DE, 0x23DF, 0x2015, 0x2194, 0x21A6, 0x2026, 0x22EE, 0x22F1, 0x2211,
]
# fmt: on


def save(font: TTFont, name: str) -> None:
    font.flavor = "woff2"
    font.save(OUT / f"{name}.woff2")


def cut(font: TTFont, codepoints: list[int], features: list[str] | None = None) -> TTFont:
    options = subset.Options()
    options.hinting = False
    if features:
        options.layout_features = features
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codepoints)
    subsetter.subset(font)
    return font


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for name, (source, style, axes) in INSTANCES.items():
        for script in ("latin", "cyrillic"):
            font = TTFont(VARIABLE / source.format(script=script, style=style))
            whole = name.format(script=script)
            save(instancer.instantiateVariableFont(font, axes), whole)
            there = set(TTFont(OUT / f"{whole}.woff2").getBestCmap())
            if script == "latin":
                rare = cut(TTFont(OUT / f"{whole}.woff2"), sorted(there - USUAL), FEATURES)
                save(rare, name.format(script="accents"))
                there &= USUAL
            save(cut(TTFont(OUT / f"{whole}.woff2"), sorted(there), FEATURES), whole)
    font = TTFont(VARIABLE / SERIF.format(script="latin", style="normal"))
    save(cut(instancer.instantiateVariableFont(font, {"opsz": 16, "wght": 600}), NAME), "name")
    for name, source in SIGN_FONTS.items():
        save(cut(TTFont(VARIABLE / source), SIGNS), name)
    largest = max(MATH.glob("*.woff2"), key=lambda path: path.stat().st_size)
    features = ["ssty", "dtls", "kern", "mark", "mkmk", "ccmp"]
    font = TTFont(largest)
    add_math_table(font)
    save(cut(font, MATH_SIGNS, features), "math")


if __name__ == "__main__":
    main()
