"""What accounts announces."""

from dataclasses import dataclass
from typing import ClassVar

from apps.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class UserRegistered(Event):
    name: ClassVar[str] = "user.registered"
    user_id: int
    role: str
    # of an invitation that counts; the hashes are keyed, and say only what is the same as what
    referral_code: str = ""
    address_hash: str = ""
    browser_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class UserRenamed(Event):
    """The person is called something else, is named to others no more, or is again."""

    name: ClassVar[str] = "user.renamed"
    user_id: int


@dataclass(frozen=True, kw_only=True)
class UserBanned(Event):
    name: ClassVar[str] = "user.banned"
    user_id: int


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    name: ClassVar[str] = "role.changed"
    user_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class TeacherApplied(Event):
    name: ClassVar[str] = "teacher.applied"
    user_id: int
    application_id: int


@dataclass(frozen=True, kw_only=True)
class TeacherVerified(Event):
    name: ClassVar[str] = "teacher.verified"
    user_id: int


@dataclass(frozen=True, kw_only=True)
class TeacherRefused(Event):
    name: ClassVar[str] = "teacher.refused"
    user_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PasswordResetAsked(Event):
    """Somebody asked for a reset link; whether the address has an account is found out later."""

    name: ClassVar[str] = "password_reset.asked"
    email: str
