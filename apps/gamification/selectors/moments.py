"""What waits to be celebrated."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from ..models import Moment

FRESH = timedelta(days=7)  # what is older than that is let pass in silence


def fresh(moments: QuerySet[Moment], at: datetime) -> QuerySet[Moment]:
    return moments.filter(seen_at=None, created_at__gt=at - FRESH)


def waiting_for(user: Any, at: datetime) -> QuerySet[Moment]:
    return fresh(Moment.objects.filter(user=user), at).order_by("id")
