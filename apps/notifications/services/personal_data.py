"""What notifications holds on a person."""

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User

from ..models import Notification, Preference


def export(user: User) -> dict[str, Any]:
    rows = Notification.objects.filter(user=user).order_by("created_at", "pk")
    return {
        "notifications": list(rows.values("kind", "params", "url", "created_at", "read_at")),
        "preferences": list(
            Preference.objects.filter(user=user).values("kind", "channel", "enabled")
        ),
    }


@transaction.atomic
def erase(user: User, at: datetime) -> None:
    Notification.objects.filter(user=user).delete()
    Preference.objects.filter(user=user).delete()
