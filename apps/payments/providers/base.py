"""The shape of a payment provider: what we ask it, and the facts it tells."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise


class Outcome(StrEnum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUNDED = "refunded"


@dataclass(frozen=True, kw_only=True)
class Charge:
    """The money we ask for. `reference` is ours, and the idempotency key of the call as well."""

    reference: str
    amount_minor: int
    currency: str
    description: str
    return_url: str


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """The provider's own page, to which the buyer is sent."""

    provider_reference: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What a provider says became of a charge, however we came to hear it."""

    reference: str
    provider_reference: str
    outcome: Outcome
    amount_minor: int
    currency: str
    reason: str = ""


class Provider(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str | Promise: ...

    @property
    def is_configured(self) -> bool:
        """Whether keys and secrets are set; a provider without them is off."""

    def request(self, charge: Charge) -> Fact | Checkout:
        """Ask for the money, outside any transaction; the same reference asks only once."""

    def handshake(self, charge: Charge) -> Fact:
        """A charge in the provider's test mode: it proves keys and connection, and moves no money."""
