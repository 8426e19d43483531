"""Prices of several currencies on one scale, for filters and sorts only; nobody pays by it.

The table is fixed on purpose: a result list must not reorder itself because a market moved.
"""

from decimal import Decimal

from apps.core.money import to_minor

# Units of the scale in one minor unit of the currency, whole numbers so that nothing is rounded.
UNITS = {"RUB": 10, "USD": 1000, "EUR": 1100}
# Bands of the price facet meet here: $20, 2 000 ₽.
BAND_EDGE = 2000 * UNITS["USD"]
CURRENCY_OF_READER = {"ru": "RUB", "en": "USD"}


def price_key(amount: Decimal, currency: str) -> int:
    """The place of an amount on the scale."""
    return to_minor(amount) * UNITS[currency]
