"""Making codes, counting who came by them, and what that brings: each once, whatever is doubled.

Locks go from the referee's row of users to the row of their inviter's figures.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit, limits
from apps.core.bus import publish
from apps.core.errors import Conflict

from . import selectors
from .events import ReferralRewarded
from .models import (
    Cause,
    Inviter,
    Referral,
    ReferralCode,
    ReferralState,
    Reward,
    RewardRule,
)

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none is taken for another
NEW_CODES = 10
DAY = timedelta(days=1)
PLACES_KEPT = timedelta(days=30)


# ── Codes ─────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def own_code(*, user: User, at: datetime) -> ReferralCode:
    """What the person hands out: made when it is first asked for, or when the last one has ended."""
    found = selectors.current_code(user)
    if found is None:
        _lock_user(user.pk)
        found = selectors.current_code(user) or _make_code(user=user, at=at)
    return found


def generate_code(*, user: User, at: datetime) -> ReferralCode:
    """Another code in place of the present one, which works on until it expires.

    Raises TooMany after ten within a day.
    """
    limits.take(bucket=f"referral-code:{user.pk}", limit=NEW_CODES, per=DAY, at=at)
    return _replace_code(user=user, at=at)


@transaction.atomic
def _replace_code(*, user: User, at: datetime) -> ReferralCode:
    _lock_user(user.pk)
    return _make_code(user=user, at=at)


def _make_code(*, user: User, at: datetime) -> ReferralCode:
    ReferralCode.objects.current().filter(owner=user).update(retired_at=at)
    while True:
        code = f"{selectors.letters_of(user.username)}-{get_random_string(6, LETTERS)}"
        try:
            with transaction.atomic():
                return ReferralCode.objects.create(
                    owner=user,
                    code=code,
                    max_uses=settings.REFERRAL_CODE_USES,
                    created_at=at,
                    expires_at=at + timedelta(days=settings.REFERRAL_CODE_DAYS),
                )
        except IntegrityError as error:
            if "referral_code_once" not in str(error):
                raise


def _lock_user(user_id: int) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)


# ── Who came by whom ──────────────────────────────────────────────────────────────────────────
@transaction.atomic
def refer(
    *, referee_id: int, code: str, at: datetime, address_hash: str = "", device_hash: str = ""
) -> Referral | None:
    """Count the new account for the code's owner, once; None when the code doesn't count.

    Where too many came from one address or browser within a day, nothing is earned until a member
    of staff has looked. A course that the referee has finished meanwhile is not forgotten.
    """
    referee = _lock_user(referee_id)
    found = ReferralCode.objects.select_related("owner").filter(code=code.strip().upper()).first()
    if found is None or not _may_refer(found.owner, referee):
        return None
    known = Referral.objects.filter(referee=referee).first()
    if known is not None:
        return known
    _lock_inviter(found.owner_id)
    usable = ReferralCode.objects.filter(pk=found.pk, expires_at__gt=at, uses__lt=F("max_uses"))
    if not usable.update(uses=F("uses") + 1):
        return None
    referral = Referral(
        referrer=found.owner,
        referee=referee,
        code=found,
        address_hash=address_hash,
        device_hash=device_hash,
        created_at=at,
    )
    if _is_crowded(referral):
        referral.held_at = at
    referral.save()
    if referral.is_counted:
        _welcome(referral, at)
    finished_at = selectors.first_finish(referee.pk)
    if finished_at is not None:
        _complete(referral, max(at, finished_at))
    return referral


def _may_refer(owner: User, referee: User) -> bool:
    if owner.pk == referee.pk or not owner.is_active or referee.erased_at is not None:
        return False
    return not selectors.is_address_of(owner, referee.email)


def _is_crowded(referral: Referral) -> bool:
    lately = Referral.objects.filter(
        referrer=referral.referrer_id, created_at__gt=referral.created_at - DAY
    )
    from_address = lately.filter(address_hash=referral.address_hash)
    if referral.address_hash and from_address.count() >= settings.REFERRALS_PER_ADDRESS:
        return True
    from_browser = lately.filter(device_hash=referral.device_hash)
    return bool(referral.device_hash) and from_browser.count() >= settings.REFERRALS_PER_BROWSER


@transaction.atomic
def complete_referral(*, referee_id: int, at: datetime) -> None:
    """The person has finished a course: with the first one their inviter's part is done."""
    _lock_user(referee_id)
    referral = _referrals().filter(referee=referee_id).first()
    if referral is not None and referral.state == ReferralState.PENDING:
        _lock_inviter(referral.referrer_id)
        referral.refresh_from_db(fields=["held_at", "refused_at"])
        _complete(referral, at)


def _complete(referral: Referral, at: datetime) -> None:
    referral.state, referral.completed_at = ReferralState.COMPLETED, at
    referral.save(update_fields=["state", "completed_at"])
    if referral.is_counted:
        _reward_completion(referral, at)


@transaction.atomic
def release_referral(*, referral: Referral, by: User, at: datetime) -> None:
    """A member of staff has looked, and it is in order: what was earned meanwhile is given."""
    referral = _undecided(referral)
    referral.held_at = None
    referral.save(update_fields=["held_at"])
    audit.record(actor=by, action="referral.released", target=referral, at=at)
    _welcome(referral, at)
    if referral.state == ReferralState.COMPLETED:
        _reward_completion(referral, at)


@transaction.atomic
def refuse_referral(*, referral: Referral, by: User, at: datetime) -> None:
    """It doesn't count, now or later."""
    referral = _undecided(referral)
    referral.refused_at = at
    referral.save(update_fields=["refused_at"])
    audit.record(actor=by, action="referral.refused", target=referral, at=at)


def _undecided(referral: Referral) -> Referral:
    """The referral under its locks, still held."""
    _lock_user(referral.referee_id)
    _lock_inviter(referral.referrer_id)
    found = _referrals().get(pk=referral.pk)
    if found.held_at is None or found.refused_at is not None:
        raise Conflict(_("This has been decided already."))
    return found


def _referrals() -> QuerySet[Referral]:
    return Referral.objects.select_related("referrer", "referee")


def _lock_inviter(user_id: int) -> None:
    Inviter.objects.bulk_create([Inviter(user_id=user_id)], ignore_conflicts=True)
    Inviter.objects.select_for_update(of=("self",)).get(pk=user_id)


# ── Rewards ───────────────────────────────────────────────────────────────────────────────────
def _welcome(referral: Referral, at: datetime) -> None:
    """Somebody has joined; the inviter's lock is held."""
    _count(referral, "joined_count")
    for rule in rules_in_force():
        if rule.cause == Cause.JOINED:
            _reward_both(referral, rule, at)


def _reward_completion(referral: Referral, at: datetime) -> None:
    """For the first course, and for the milestones that are reached with it."""
    _count(referral, "completed_count")
    reached = Inviter.objects.get(pk=referral.referrer_id).completed_count
    for rule in rules_in_force():
        if rule.cause == Cause.FIRST_COURSE:
            _reward_both(referral, rule, at)
        elif rule.cause == Cause.MILESTONE and rule.threshold <= reached:
            give_reward(user=referral.referrer, rule=rule, referral=None, at=at)
    if referral.rewards.filter(rule__cause=Cause.FIRST_COURSE).exists():
        referral.state = ReferralState.REWARDED
        referral.save(update_fields=["state"])


def _count(referral: Referral, field: str) -> None:
    Inviter.objects.filter(pk=referral.referrer_id).update(**{field: F(field) + 1})


def _reward_both(referral: Referral, rule: RewardRule, at: datetime) -> None:
    for person in (referral.referrer, referral.referee):
        give_reward(user=person, rule=rule, referral=referral, at=at)


@transaction.atomic
def give_reward(
    *, user: User, rule: RewardRule, referral: Referral | None, at: datetime
) -> Reward | None:
    """Keep the reward and announce it, once however often it is asked; None when it was there."""
    invited = referral is not None and referral.referee_id == user.pk
    points = rule.for_referee if invited else rule.for_referrer
    if not user.is_active or not (points or rule.badge_en):
        return None
    reward, made = Reward.objects.get_or_create(
        user=user, rule=rule, referral=referral, defaults={"points": points, "created_at": at}
    )
    if not made:
        return None
    if not invited:
        Inviter.objects.filter(pk=user.pk).update(points=F("points") + points)
    publish(ReferralRewarded(user_id=user.pk, reward_id=reward.pk, cause=rule.key, points=points))
    return reward


def rules_in_force() -> list[RewardRule]:
    """What brings what now; the house's own rules are there from the first time on."""
    ensure_rules()
    return selectors.rules_in_force()


@transaction.atomic
def ensure_rules() -> int:
    """Make those of the house's rules that aren't there; what the admin has set stays."""
    known = set(RewardRule.objects.values_list("cause", "threshold"))
    lacking = [
        RewardRule(**rule)
        for rule in selectors.usual_rules()
        if (rule["cause"], rule["threshold"]) not in known
    ]
    RewardRule.objects.bulk_create(lacking, ignore_conflicts=True)
    return len(lacking)


# ── Keeping ───────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def recount(*, user_id: int) -> None:
    """Make an inviter's figures anew from the rows."""
    _lock_inviter(user_id)
    counted = Referral.objects.filter(referrer=user_id).counted()
    earned = Reward.objects.filter(user=user_id).exclude(referral__referee=user_id)
    Inviter.objects.filter(pk=user_id).update(
        joined_count=counted.count(),
        completed_count=counted.exclude(state=ReferralState.PENDING).count(),
        points=earned.aggregate(found=Sum("points", default=0))["found"],
    )


@transaction.atomic
def forget_places(*, at: datetime) -> int:
    """Where people came from isn't kept longer than it takes to decide."""
    old = Referral.objects.filter(created_at__lt=at - PLACES_KEPT)
    old = old.filter(Q(held_at=None) | Q(refused_at__isnull=False))
    named = old.exclude(address_hash="", device_hash="")
    return named.update(address_hash="", device_hash="")
