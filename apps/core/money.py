"""Money is an integer of minor units beside an ISO 4217 currency; no float anywhere."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CURRENCIES = ("USD", "EUR", "RUB")
_EXPONENT = 2  # all of CURRENCIES have cents


def to_minor(amount: Decimal) -> int:
    """Decimal units to minor units: Decimal("29.00") → 2900. Raises InvalidOperation for NaN."""
    if not amount.is_finite():
        raise InvalidOperation
    return int((amount * 10**_EXPONENT).to_integral_value(rounding=ROUND_HALF_UP))


def to_decimal(minor: int) -> Decimal:
    """Minor units to a Decimal of two places: 2900 → Decimal("29.00")."""
    return Decimal(minor).scaleb(-_EXPONENT).quantize(Decimal("0.01"))
