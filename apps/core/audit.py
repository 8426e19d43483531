"""The append-only log of security and staff actions."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from .models import AuditEntry


def record(*, actor: Any, action: str, target: Model | None, at: datetime, **details: Any) -> None:
    """Write an entry in the caller's transaction; details are ids and codes, never secrets."""
    name = f"{target._meta.label_lower}:{target.pk}" if target is not None else ""
    AuditEntry.objects.create(
        actor_id=getattr(actor, "pk", None), action=action, target=name, details=details, at=at
    )
