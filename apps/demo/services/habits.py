"""The habits of the demo's people: their celebrations were long ago."""

from datetime import datetime

from apps.gamification.models import Moment


def settle_habits(*, at: datetime) -> int:
    """Nobody is congratulated on what they earned in months gone by; how many moments those were."""
    return Moment.objects.filter(seen_at=None).update(seen_at=at)
