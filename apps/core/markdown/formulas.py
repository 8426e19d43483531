"""LaTeX to MathML: latex2mathml, with what it leaves undone for a browser put right."""

import html
import re
from xml.etree.ElementTree import Element, SubElement, tostring

from latex2mathml.converter import Converter

MAX_LENGTH = 2_000
# Definitions can grow a formula without bound.
_DEFINITION = re.compile(r"\\(?:(?:re)?newcommand|providecommand|def|let|DeclareMathOperator)\b")
_ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|split|align)\}")
_RELATIONS = frozenset("=≠≈<>≤≥≪≫∼≃≅≡∝→⇒⇔↦")
_OPENING = frozenset("([{|")
_CLOSING = frozenset(")]}|!′")
_LIMITS = frozenset({"lim", "max", "min", "sup", "inf", "arg\u2009max", "arg\u2009min"})

_SCRIPTS = {"msub": 1, "msup": 1, "msubsup": 2}


class FormulaError(ValueError):
    """Not LaTeX that we can set."""


def mathml(latex: str, *, display: bool = False) -> str:
    """MathML of `latex`; an inline formula comes in pieces between which a line may break."""
    if len(latex) > MAX_LENGTH or _DEFINITION.search(latex) or not _is_closed(latex):
        raise FormulaError(latex)
    converter = Converter(display="block" if display else "inline")
    try:
        math = converter.convert_to_element(_ALIGNED.sub(r"\\\1{align*}", latex))
        for row in list(math.iter()):
            _read(row)
        for row in list(math.iter()):
            _mend(row, display=display)
        pieces = [math] if display else _pieces(math)
        return "".join(tostring(piece, encoding="unicode") for piece in pieces)
    except Exception as error:  # the converter fails in as many ways as input can be wrong
        raise FormulaError(latex) from error


def _is_closed(latex: str) -> bool:
    plain = latex.replace(r"\\", "").replace(r"\{", "").replace(r"\}", "")
    return plain.count("{") == plain.count("}")


def _read(element: Element) -> None:
    """The converter writes character references into texts, and commands it doesn't know."""
    element.text = html.unescape(element.text or "")
    if element.text.startswith("\\"):
        raise FormulaError(element.text)


def _mend(row: Element, *, display: bool) -> None:
    children: list[Element] = []
    for child in row:
        if _is_decimal_comma(child) and children and children[-1].tag == "mn":
            children[-1].text = f"{children[-1].text},"
            continue
        last = children[-1] if children else None
        if last is not None and last.tag == child.tag == "mn" and (last.text or "")[-1:] == ",":
            last.text = f"{last.text}{child.text}"
            continue
        if child.tag == "mi" and child.text in {"±", "∓"}:
            child.tag = "mo"
        if last is not None and _is_sign(child) and last.tag == "mo" and last.text not in _CLOSING:
            child.set("form", "prefix")  # the minus of "= −1"
        if display and child.tag in {"msub", "msubsup"} and child[0].text in _LIMITS:
            child.tag = {"msub": "munder", "msubsup": "munderover"}[child.tag]
        if last is not None and row.tag in {"mrow", "mtd"} and _needs_space(last, child):
            children.append(Element("mspace", {"width": "0.167em"}))
        children.append(child)
    scripts = _SCRIPTS.get(row.tag, 0)
    if scripts and len(children) > scripts + 1:
        # the converter leaves a matrix and its brackets apart under their common exponent
        base = Element("mrow")
        base[:] = children[:-scripts]
        children = [base, *children[-scripts:]]
    row[:] = children


def _is_decimal_comma(element: Element) -> bool:
    """0{,}5, as decimals are typed in LaTeX."""
    return (
        element.tag == "mrow"
        and len(element) == 1
        and element[0].tag == "mo"
        and element[0].text == ","
    )


def _is_sign(element: Element) -> bool:
    return element.tag == "mo" and (element.text or " ") in "+−±∓"


def _needs_space(left: Element, right: Element) -> bool:
    """As on both sides of the logarithm in "n log n", but not in "sin(x)"."""
    if left.tag == "mspace" or right.tag == "mspace":
        return False
    if _is_function(left):
        return not (right.tag == "mo" and right.text in _OPENING)
    return _is_function(right) and left.tag != "mo"


def _is_function(element: Element) -> bool:
    """A name as in "log n" or "log₂ n"."""
    name = element[0] if element.tag in {"msub", "msup", "msubsup"} else element
    return name.tag == "mi" and len(name.text or "") > 1 and (name.text or "").isalpha()


def _pieces(math: Element) -> list[Element]:
    """The formula cut before its relations: browsers don't break a line inside of one."""
    pieces: list[Element] = []
    for child in math[0]:
        relation = child.tag == "mo" and child.text in _RELATIONS
        if not pieces or relation:
            pieces.append(Element("math", math.attrib))
            row = SubElement(pieces[-1], "mrow")
            if relation:
                child.set("form", "infix")
        row.append(child)
    return pieces
