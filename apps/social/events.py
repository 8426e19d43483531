"""What social announces."""

from dataclasses import dataclass
from typing import ClassVar

from apps.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class UserFollowed(Event):
    name: ClassVar[str] = "user.followed"
    follower_id: int
    followed_id: int
