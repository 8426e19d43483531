"""Whose code it is, who came by it, what it brought, and who brought most."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from apps.accounts.models import Device, User
from apps.enrollment.models import Enrollment

from .models import (
    Cause,
    Inviter,
    Referral,
    ReferralCode,
    ReferralState,
    Reward,
    RewardRule,
)

RULES = Path(__file__).parent / "data" / "rewards.toml"
LEADERS = 20
ORDERING = ("-created_at", "-id")


# ── Codes ─────────────────────────────────────────────────────────────────────────────────────
def code_named(code: str) -> ReferralCode | None:
    """The code as somebody typed it, usable now, with its owner."""
    rows = ReferralCode.objects.usable(timezone.now()).select_related("owner")
    return rows.filter(code=code.strip().upper()).first()


def is_usable_code(*, code: str, email: str, device_id: int | None) -> bool:
    """Whether an account with this address, opened on this device, counts for the code's owner.

    Nobody invites themselves: not by another spelling of their address, nor on their own device.
    """
    found = code_named(code)
    if found is None or is_address_of(found.owner, email):
        return False
    own = Device.objects.filter(user=found.owner_id)
    return device_id is None or not own.filter(pk=device_id).exists()


def inviter_of(code: str) -> User | None:
    """Whose usable code it is."""
    found = code_named(code)
    return found.owner if found else None


def current_code(user: User) -> ReferralCode | None:
    """What the person hands out, unless it has expired or is used up."""
    codes = ReferralCode.objects.current().usable(timezone.now())
    return codes.filter(owner=user).first()


def is_address_of(user: User, email: str) -> bool:
    """Whether mail to the address would reach the person's own."""
    verified = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return plain_address(email) in {plain_address(own) for own in [user.email, *verified]}


def plain_address(email: str) -> str:
    """The mailbox behind an address: without what follows a plus, and Gmail's dots."""
    name, _at, domain = email.strip().lower().rpartition("@")
    name = name.partition("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        return f"{name.replace('.', '')}@gmail.com"
    return f"{name}@{domain}"


def letters_of(username: str) -> str:
    """What a code begins with."""
    return re.sub(r"[^a-z]", "", username.lower())[:12].upper() or "FRIEND"


# ── Rules ─────────────────────────────────────────────────────────────────────────────────────
@cache
def usual_rules() -> Sequence[dict[str, Any]]:
    """The rules as they come with the house."""
    rules: list[dict[str, Any]] = tomllib.loads(RULES.read_text())["rules"]
    return [{"threshold": 0, **rule} for rule in rules]


def rules_in_force() -> list[RewardRule]:
    return list(RewardRule.objects.filter(is_active=True))


def next_milestone(user: User) -> tuple[RewardRule, int] | None:
    """The nearest milestone not reached yet, and how many people are lacking."""
    figures = figures_of(user)
    ahead = RewardRule.objects.filter(
        cause=Cause.MILESTONE, is_active=True, threshold__gt=figures.completed_count
    )
    rule = ahead.order_by("threshold").first()
    return (rule, rule.threshold - figures.completed_count) if rule else None


# ── Own ───────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Summary:
    """What somebody's invitations came to."""

    uses: int
    pending: int
    completed: int
    rewarded: int
    held: int
    points: int

    @property
    def total(self) -> int:
        return self.pending + self.completed + self.rewarded


def summary_of(user: User) -> Summary:
    counted = Q(held_at=None, refused_at=None)
    states = Referral.objects.visible_to(user).aggregate(
        **{state.value: Count("pk", filter=counted & Q(state=state)) for state in ReferralState},
        held=Count("pk", filter=Q(held_at__isnull=False, refused_at=None)),
    )
    uses = ReferralCode.objects.filter(owner=user).aggregate(found=Sum("uses", default=0))
    points = Reward.objects.filter(user=user).aggregate(found=Sum("points", default=0))
    return Summary(uses=uses["found"], points=points["found"], **states)


def referrals_of(user: User) -> QuerySet[Referral]:
    """Whom the person brought, newest first; those that were refused aren't told of."""
    rows = Referral.objects.visible_to(user).filter(refused_at=None)
    return (
        rows.select_related("referee")
        .annotate(points=Sum("rewards__points", filter=Q(rewards__user=user), default=0))
        .order_by(*ORDERING)
    )


def rewards_of(user: User) -> QuerySet[Reward]:
    return (
        Reward.objects.filter(user=user)
        .select_related("rule", "referral__referee", "referral__referrer")
        .order_by(*ORDERING)
    )


def first_finish(user_id: int) -> datetime | None:
    """When the person finished their first course."""
    seats = Enrollment.objects.filter(student=user_id, completed_at__isnull=False)
    return seats.order_by("completed_at").values_list("completed_at", flat=True).first()


def figures_of(user: User) -> Inviter:
    return Inviter.objects.filter(pk=user.pk).first() or Inviter(user=user)


# ── Everybody ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Place:
    """A row of the leaderboard; who may see whom is asked when it is shown."""

    rank: int
    user: User
    referrals: int
    points: int


def leaders() -> list[Place]:
    """Those whose invitations brought most; equal points share a rank."""
    rows = (
        Inviter.objects.filter(points__gt=0, user__is_active=True, user__erased_at=None)
        .select_related("user")
        .order_by("-points", "user")[:LEADERS]
    )
    places: list[Place] = []
    for number, row in enumerate(rows, 1):
        tied = places and places[-1].points == row.points
        rank = places[-1].rank if tied else number
        places.append(Place(rank, row.user, row.joined_count, row.points))
    return places


def place_of(user: User) -> Place | None:
    """One's own place; None before anything was earned."""
    own = figures_of(user)
    if not own.points:
        return None
    before = Inviter.objects.filter(
        points__gt=own.points, user__is_active=True, user__erased_at=None
    )
    return Place(before.count() + 1, user, own.joined_count, own.points)
