"""What a person's likes and best answers allow them; lost again when the score falls."""

from datetime import datetime
from typing import Any

from apps.accounts.models import User

from ..models import CommunityBan, Standing

# the score from which on a person may
RIGHTS = {"links": 10, "pictures": 20, "edit_tags": 100}
# the score from which on a report weighs so much
WEIGHTS = ((200, 3), (50, 2), (0, 1))


def standing_of(user: Any) -> int:
    """The person's score; 0 for who was never liked."""
    found = Standing.objects.filter(pk=user.pk).values_list("score", flat=True).first()
    return found or 0


def is_trusted(user: User) -> bool:
    """Whom the house knows: moderators, and teachers it has verified."""
    return user.is_moderator or (user.is_teacher and user.is_verified)


def may(user: Any, right: str) -> bool:
    """Whether the person's standing carries the right now; raises KeyError for an unknown one."""
    least = RIGHTS[right]
    if not user.is_authenticated:
        return False
    if user.is_moderator or (right != "edit_tags" and is_trusted(user)):
        return True
    return standing_of(user) >= least


def weight_of_report(user: User) -> int:
    score = standing_of(user)
    return next((weight for least, weight in WEIGHTS if score >= least), 1)


def ban_of(user: Any, at: datetime) -> CommunityBan | None:
    """The ban that keeps the person from writing now: of several the longest."""
    if not user.is_authenticated:
        return None
    bans = CommunityBan.objects.filter(user=user.pk).standing(at)
    return max(bans, key=lambda ban: (ban.until is None, ban.until or at), default=None)
