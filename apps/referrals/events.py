"""What referrals announces."""

from dataclasses import dataclass
from typing import ClassVar

from apps.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class ReferralRewarded(Event):
    """A reward was earned, once; who pays the points reads the row by its id."""

    name: ClassVar[str] = "referral.rewarded"
    user_id: int
    reward_id: int
    cause: str
    points: int
