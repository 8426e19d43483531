"""What referrals holds on a person."""

from datetime import datetime
from typing import Any

from .models import Inviter, Referral, ReferralCode, Reward


def export(user: Any) -> dict[str, Any]:
    codes = ReferralCode.objects.filter(owner=user).order_by("id")
    brought = Referral.objects.visible_to(user).order_by("id")
    came = Referral.objects.filter(referee=user).first()
    rewards = Reward.objects.filter(user=user).select_related("rule").order_by("id")
    return {
        "codes": [
            {
                "code": code.code,
                "uses": code.uses,
                "created_at": code.created_at.isoformat(),
                "expires_at": code.expires_at.isoformat(),
            }
            for code in codes
        ],
        # who they are is their own data
        "people_invited": [
            {"state": referral.state, "joined_at": referral.created_at.isoformat()}
            for referral in brought
        ],
        "came_by_invitation": came.created_at.isoformat() if came else None,
        "rewards": [
            {
                "cause": reward.rule.key,
                "points": reward.points,
                "created_at": reward.created_at.isoformat(),
            }
            for reward in rewards
        ],
    }


def erase(user: Any, at: datetime) -> None:
    """The code names its owner, so it goes; who came by it stays counted, without a place."""
    for code in ReferralCode.objects.filter(owner=user):
        code.code = f"ERASED-{code.pk}"
        code.expires_at = min(code.expires_at, at)
        code.retired_at = code.retired_at or at
        code.save(update_fields=["code", "expires_at", "retired_at"])
    Referral.objects.filter(referee=user).update(address_hash="", device_hash="")
    Reward.objects.filter(user=user).delete()
    Inviter.objects.filter(pk=user.pk).delete()
