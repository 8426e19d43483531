"""Codes by which people invite, who came by them, and what that brought to both."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class CodeQuerySet(models.QuerySet["ReferralCode"]):
    def usable(self, at: datetime) -> "CodeQuerySet":
        """Codes that still count, retired ones too; their owners are there and in good standing."""
        return self.filter(
            expires_at__gt=at, uses__lt=F("max_uses"), owner__is_active=True, owner__erased_at=None
        )

    def current(self) -> "CodeQuerySet":
        """What their owners hand out now."""
        return self.filter(retired_at=None)


class ReferralCode(models.Model):
    """A code like DANA-7K2QF9. A retired one is handed out no more, and works until it expires."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    code = models.CharField(_("code"), max_length=24)
    uses = models.PositiveIntegerField(_("uses"), default=0)
    max_uses = models.PositiveIntegerField(_("uses at most"))
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    retired_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = CodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral code")
        verbose_name_plural = _("referral codes")
        constraints = [
            models.UniqueConstraint(fields=["code"], name="referral_code_once"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(retired_at=None), name="referral_code_one_current"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Cause(models.TextChoices):
    JOINED = "joined", _("somebody joined")
    FIRST_COURSE = "first_course", _("first finished course")
    MILESTONE = "milestone", _("milestone")


class ReferralState(models.TextChoices):
    """pending → completed (the referee's first finished course) → rewarded."""

    PENDING = "pending", _("pending")
    COMPLETED = "completed", _("completed")
    REWARDED = "rewarded", _("rewarded")


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: Any) -> "ReferralQuerySet":
        """Those that one made oneself."""
        return self.filter(referrer_id=user.pk)

    def counted(self) -> "ReferralQuerySet":
        """Neither waiting for a decision nor refused."""
        return self.filter(held_at=None, refused_at=None)

    def held(self) -> "ReferralQuerySet":
        return self.filter(held_at__isnull=False, refused_at=None)


class Referral(models.Model):
    """Somebody who came by somebody's code: once in a life."""

    referrer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("referrer")
    )
    referee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("referee")
    )
    code = models.ForeignKey(ReferralCode, models.PROTECT, related_name="+", verbose_name=_("code"))
    state = models.CharField(
        _("state"), max_length=10, choices=ReferralState, default=ReferralState.PENDING
    )
    # from where the referee came, as keyed hashes
    address_hash = models.CharField(max_length=64, blank=True)
    device_hash = models.CharField(max_length=64, blank=True)
    # too many from one place: nothing is earned by it until a member of staff lets it through
    held_at = models.DateTimeField(_("held since"), null=True, blank=True)
    refused_at = models.DateTimeField(_("turned down"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            models.UniqueConstraint(fields=["referee"], name="referral_referee_once"),
            models.CheckConstraint(
                condition=~Q(referrer=F("referee")), name="referral_of_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReferralState.values), name="referral_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["referrer", "-created_at", "-id"], name="referral_of_referrer"),
            models.Index(
                fields=["held_at"],
                name="referral_held",
                condition=Q(held_at__isnull=False, refused_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"

    @property
    def is_counted(self) -> bool:
        return self.held_at is None and self.refused_at is None


class RewardRule(models.Model):
    """What inviting brings, as the admin has set it; a rule switched off brings nothing."""

    cause = models.CharField(_("cause"), max_length=12, choices=Cause)
    # of a milestone: how many of those invited have finished a course; else 0
    threshold = models.PositiveIntegerField(_("people"), default=0)
    for_referrer = models.PositiveIntegerField(_("points for who invited"), default=0)
    for_referee = models.PositiveIntegerField(_("points for who was invited"), default=0)
    badge_en = models.CharField(_("badge, English"), max_length=60, blank=True)
    badge_ru = models.CharField(_("badge, Russian"), max_length=60, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)

    class Meta:
        verbose_name = _("reward rule")
        verbose_name_plural = _("reward rules")
        ordering = ["threshold", "-cause"]
        constraints = [
            models.UniqueConstraint(fields=["cause", "threshold"], name="reward_rule_once"),
            models.CheckConstraint(
                condition=Q(cause=Cause.MILESTONE, threshold__gt=0, for_referee=0)
                | (~Q(cause=Cause.MILESTONE) & Q(threshold=0)),
                name="reward_rule_threshold_of_milestone",
                violation_error_message=_(
                    "Only a milestone has a number of people, and it brings points to who invited."
                ),
            ),
            models.CheckConstraint(
                condition=Q(cause__in=Cause.values), name="reward_rule_cause_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()} {self.threshold or ''}".strip()

    @property
    def key(self) -> str:
        """What other apps know the rule by: joined, first_course, milestone_5."""
        return f"{self.cause}_{self.threshold}" if self.threshold else self.cause

    @property
    def badge(self) -> str:
        return self.badge_ru if get_language() == "ru" else self.badge_en


class Reward(models.Model):
    """Something earned: once per person, rule and referral; a milestone once in a life."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    rule = models.ForeignKey(RewardRule, models.PROTECT, related_name="+", verbose_name=_("rule"))
    referral = models.ForeignKey(
        Referral, models.PROTECT, null=True, blank=True, related_name="rewards",
        verbose_name=_("referral"),
    )  # fmt: skip
    # as they were when it was earned
    points = models.PositiveIntegerField(_("points"))
    created_at = models.DateTimeField(_("earned"))

    class Meta:
        verbose_name = _("reward")
        verbose_name_plural = _("rewards")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "rule", "referral"], nulls_distinct=False, name="reward_once"
            )
        ]
        indexes = [models.Index(fields=["user", "-created_at", "-id"], name="reward_of_user")]

    def __str__(self) -> str:
        return f"reward {self.pk}"


class Inviter(models.Model):
    """Somebody's figures, moved with the rows that they count; `recount` makes them anew.

    Whoever changes what an inviter has brought holds the lock of this row.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+"
    )
    joined_count = models.PositiveIntegerField(default=0)
    completed_count = models.PositiveIntegerField(default=0)
    # earned by inviting; what being invited brought isn't among them
    points = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["-points", "user"], name="inviter_ranking", condition=Q(points__gt=0)
            )
        ]

    def __str__(self) -> str:
        return f"inviter {self.user_id}"
