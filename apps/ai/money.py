"""Micro-dollars as people read them."""

from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency
from django.utils.translation import get_language

MICRO = 1_000_000
CENTS, FINE = Decimal("0.01"), Decimal("0.0001")


def dollars(micro: int) -> str:
    """1 234 567 → $1.23; below a dollar four places: $0.0123."""
    amount = Decimal(micro) / MICRO
    shown = amount.quantize(CENTS if amount >= 1 else FINE)
    locale = Locale.parse(get_language() or "en", sep="-")
    return str(format_currency(shown, "USD", locale=locale, decimal_quantization=False))
