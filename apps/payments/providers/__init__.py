"""Who takes the money: the providers that are switched on, by name."""

from .base import Charge, Checkout, Fact, Outcome, Provider
from .test import TEST, TestProvider

__all__ = [
    "TEST",
    "Charge",
    "Checkout",
    "Fact",
    "Outcome",
    "Provider",
    "TestProvider",
    "enabled_providers",
]

_PROVIDERS: tuple[Provider, ...] = (TEST,)


def enabled_providers() -> dict[str, Provider]:
    """Those that are configured; the first is the one taken when nobody chooses."""
    return {provider.name: provider for provider in _PROVIDERS if provider.is_configured}
