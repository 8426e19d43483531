"""Numbers with units as people write them, read exactly."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

MAX_LENGTH = 120
# Beyond it there is nothing to ask in a lesson, and arithmetic would grow without end.
MAX_EXPONENT = 30

_MINUS = str.maketrans(dict.fromkeys("−–—‒", "-"))
_SPACES = " \u00a0\u2009\u202f"
_NUMBER = re.compile(
    rf"""
    (?P<sign>[+-]?)[{_SPACES}]*
    (?P<digits>
        \d{{1,3}}(?:[{_SPACES}'’]\d{{3}})+(?!\d)(?:[.,]\d+)?   # 12 345,6
      | \d{{1,3}}(?:,\d{{3}})+(?![\d,])\.\d+                   # 12,345.6
      | \d{{1,3}}(?:\.\d{{3}})+(?![\d.]),\d+                   # 12.345,6
      | \d{{1,3}}(?:,\d{{3}}){{2,}}(?![\d,])                   # 1,234,567
      | \d{{1,3}}(?:\.\d{{3}}){{2,}}(?![\d.])                  # 1.234.567
      | \d+(?:[.,]\d+)?
      | [.,]\d+
    )
    (?P<power>[eE][+-]?\d+)?
    [{_SPACES}]*
    (?P<unit>.*)
    """,
    re.VERBOSE | re.DOTALL,
)


class NotANumber(ValueError):
    pass


def read(given: object) -> tuple[set[Decimal], str]:
    """What the answer may mean, and its unit in plain form ("" without one).

    One comma before three digits may be a decimal comma or part thousands: both readings are
    given. Raises NotANumber for what isn't a finite number of at most MAX_EXPONENT places.
    """
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal | str):
        raise NotANumber
    if isinstance(given, int) and abs(given) >= 10 ** (MAX_EXPONENT + 1):
        raise NotANumber  # str() of a huge one would be refused by the interpreter
    text = str(given).strip().translate(_MINUS)
    found = _NUMBER.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if found is None or found["unit"][:1].isdigit():
        raise NotANumber
    power = found["power"] or ""
    values = {checked(found["sign"] + digits + power) for digits in _readings(found["digits"])}
    return values, plain_unit(found["unit"])


def _readings(digits: str) -> set[str]:
    digits = re.sub(rf"[{_SPACES}'’]", "", digits)
    commas, dots = digits.count(","), digits.count(".")
    if commas and dots:  # the last one is the decimal sign
        decimal = max(",", ".", key=digits.rfind)
        thousands = "," if decimal == "." else "."
        return {digits.replace(thousands, "").replace(decimal, ".")}
    if commas > 1 or dots > 1:
        return {digits.replace(",", "").replace(".", "")}
    readings = {digits.replace(",", ".")}
    if re.fullmatch(r"[1-9]\d{0,2},\d{3}", digits):
        readings.add(digits.replace(",", ""))
    return readings


def checked(text: str) -> Decimal:
    """The number; raises NotANumber for infinities and what is beyond all measure."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise NotANumber from error
    if not value.is_finite() or (value and abs(value.adjusted()) > MAX_EXPONENT):
        raise NotANumber
    return value


def plain_unit(unit: str) -> str:
    """Without spaces, powers and products in one spelling; `mW` and `MW` stay apart."""
    folded = unicodedata.normalize("NFKC", unit)
    return re.sub(r"[\s^]", "", folded).replace("*", "·").replace("⋅", "·").rstrip(".")
