"""Gives the formula font a MATH table, without which browsers stretch no bracket and no root.

The npm package leaves the table out. Sizes are made by stretching the font's own glyphs; the
distances are those customary in mathematical setting, in thousandths of an em, around the axis
and the rule of this font.
"""

from fontTools.misc.transform import Transform
from fontTools.otlLib.builder import buildMathTable
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

AXIS, RULE = 260, 50
TALL = "()[]{}|∣‖∥⌊⌋⌈⌉⟨⟩√"
WIDE = "⏞⏟‾"
STEPS = (1.25, 1.6, 2, 2.5, 3.1, 3.8, 4.7, 6)
ITALICS = (*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C))
LARGE = {"∑": (1.4, 1.4), "∏": (1.4, 1.4), "∫": (1.25, 1.65), "⋃": (1.4, 1.4), "⋂": (1.4, 1.4)}

CONSTANTS = {
    "ScriptPercentScaleDown": 72,
    "ScriptScriptPercentScaleDown": 58,
    "DelimitedSubFormulaMinHeight": 1500,
    "DisplayOperatorMinHeight": 1250,
    "MathLeading": 150,
    "AxisHeight": AXIS,
    "AccentBaseHeight": 431,
    "FlattenedAccentBaseHeight": 647,
    "SubscriptShiftDown": 200,
    "SubscriptTopMax": 345,
    "SubscriptBaselineDropMin": 160,
    "SuperscriptShiftUp": 363,
    "SuperscriptShiftUpCramped": 290,
    "SuperscriptBottomMin": 110,
    "SuperscriptBaselineDropMax": 250,
    "SubSuperscriptGapMin": 4 * RULE,
    "SuperscriptBottomMaxWithSubscript": 345,
    "SpaceAfterScript": 42,
    "UpperLimitGapMin": 130,
    "UpperLimitBaselineRiseMin": 180,
    "LowerLimitGapMin": 130,
    "LowerLimitBaselineDropMin": 600,
    "StackTopShiftUp": 445,
    "StackTopDisplayStyleShiftUp": 680,
    "StackBottomShiftDown": 345,
    "StackBottomDisplayStyleShiftDown": 690,
    "StackGapMin": 3 * RULE,
    "StackDisplayStyleGapMin": 7 * RULE,
    "StretchStackTopShiftUp": 600,
    "StretchStackBottomShiftDown": 600,
    "StretchStackGapAboveMin": 130,
    "StretchStackGapBelowMin": 130,
    "FractionNumeratorShiftUp": 395,
    "FractionNumeratorDisplayStyleShiftUp": 680,
    "FractionDenominatorShiftDown": 345,
    "FractionDenominatorDisplayStyleShiftDown": 690,
    "FractionNumeratorGapMin": RULE,
    "FractionNumDisplayStyleGapMin": 3 * RULE,
    "FractionRuleThickness": RULE,
    "FractionDenominatorGapMin": RULE,
    "FractionDenomDisplayStyleGapMin": 3 * RULE,
    "SkewedFractionHorizontalGap": 350,
    "SkewedFractionVerticalGap": 95,
    "OverbarVerticalGap": 3 * RULE,
    "OverbarRuleThickness": RULE,
    "OverbarExtraAscender": RULE,
    "UnderbarVerticalGap": 3 * RULE,
    "UnderbarRuleThickness": RULE,
    "UnderbarExtraDescender": RULE,
    "RadicalVerticalGap": 110,
    "RadicalDisplayStyleVerticalGap": 150,
    "RadicalRuleThickness": RULE,
    "RadicalExtraAscender": RULE,
    "RadicalKernBeforeDegree": 280,
    "RadicalKernAfterDegree": -480,
    "RadicalDegreeBottomRaisePercent": 60,
}


def add_math_table(font: TTFont) -> None:
    """Add sizes of brackets, roots, braces and operators, and the table that names them."""
    names = font.getBestCmap()
    vertical, horizontal = {}, {}
    for sign in filter(lambda sign: ord(sign) in names, TALL):
        sizes = [(1 + (step - 1) * 0.1, step) for step in STEPS]
        vertical[names[ord(sign)]] = _sizes(font, names[ord(sign)], sizes, upright=True)
    for sign, size in LARGE.items():
        if ord(sign) in names:
            vertical[names[ord(sign)]] = _sizes(font, names[ord(sign)], [size], upright=True)
    for sign in filter(lambda sign: ord(sign) in names, WIDE):
        sizes = [(step * 1.5, 1) for step in STEPS]
        horizontal[names[ord(sign)]] = _sizes(font, names[ord(sign)], sizes, upright=False)
    buildMathTable(
        font,
        constants=CONSTANTS,
        # browsers refuse a table without glyph data
        italicsCorrections=_overhangs(font),
        vertGlyphVariants=vertical,
        horizGlyphVariants=horizontal,
    )


def _overhangs(font: TTFont) -> dict[str, int]:
    """How far each italic letter leans out of its width, so that exponents keep clear of it."""
    names = font.getBestCmap()
    glyphs = font.getGlyphSet()
    found = {}
    for name in (names[code] for code in ITALICS if code in names):
        pen = BoundsPen(glyphs)
        glyphs[name].draw(pen)
        overhang = round(pen.bounds[2] - font["hmtx"][name][0])
        if overhang > 0:
            found[name] = overhang
    return found


def _sizes(
    font: TTFont, name: str, sizes: list[tuple[float, float]], *, upright: bool
) -> list[tuple[str, int]]:
    """The glyph and its stretched copies, each with its extent in the direction of growth."""
    glyphs = font.getGlyphSet()
    found = [(name, _extent(font, name, upright=upright))]
    for number, (across, up) in enumerate(sizes, start=1):
        copy = f"{name}.math{number}"
        pen = TTGlyphPen(None)
        stretch = Transform(across, 0, 0, up, 0, AXIS * (1 - up))
        outline = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(outline)
        outline.replay(TransformPen(pen, stretch))
        font["glyf"][copy] = pen.glyph()
        advance, bearing = font["hmtx"][name]
        font["hmtx"][copy] = (round(advance * across), round(bearing * across))
        found.append((copy, _extent(font, copy, upright=upright)))
    return found


def _extent(font: TTFont, name: str, *, upright: bool) -> int:
    glyphs = font.getGlyphSet()
    pen = BoundsPen(glyphs)
    glyphs[name].draw(pen)
    left, bottom, right, top = pen.bounds
    return round(top - bottom if upright else right - left)
