"""What payments holds on a person."""

from datetime import datetime
from typing import Any

from .models import Payment


def export(user: Any) -> dict[str, Any]:
    return {
        "payments": [
            {
                "id": payment.pk,
                "course": payment.course.title,
                "amount": str(payment.amount),
                "currency": payment.currency,
                "status": payment.status,
                "provider": payment.provider,
                "created_at": payment.created_at.isoformat(),
            }
            for payment in Payment.objects.of(user).select_related("course").order_by("id")
        ]
    }


def erase(user: Any, at: datetime) -> None:
    """Nothing goes: bookkeeping must be kept, and the rows name the person only by the account."""
