"""What payments announces."""

from dataclasses import dataclass
from typing import ClassVar

from apps.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class PaymentProcessed(Event):
    name: ClassVar[str] = "payment.processed"
    payment_id: int
    buyer_id: int
    course_id: int


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(Event):
    name: ClassVar[str] = "payment.failed"
    payment_id: int
    buyer_id: int
    course_id: int


@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(Event):
    name: ClassVar[str] = "payment.refunded"
    payment_id: int
    buyer_id: int
    course_id: int
