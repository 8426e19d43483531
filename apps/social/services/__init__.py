"""Every change of profiles, follows and blocks."""

from .blocks import block, unblock
from .follows import FOLLOWS_PER_DAY, NEW_FOLLOWS_PER_DAY, follow, unfollow
from .profiles import change_profile
from .recounting import Difference, recount_follows

__all__ = [
    "FOLLOWS_PER_DAY",
    "NEW_FOLLOWS_PER_DAY",
    "Difference",
    "block",
    "change_profile",
    "follow",
    "recount_follows",
    "unblock",
    "unfollow",
]
