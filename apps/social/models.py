"""What people show of themselves, whom they follow, and whom they keep away."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class WritesFrom(models.TextChoices):
    """Who may begin a conversation with the person."""

    EVERYONE = "everyone", _("everyone")
    CONNECTED = "connected", _("people I follow or share a course with")
    NOBODY = "nobody", _("nobody")


class Profile(models.Model):
    """What a person adds to their account; who never did has no row, and the defaults hold.

    Whether others see the person at all is `User.is_profile_public`.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+"
    )
    cover_url = models.CharField(_("cover"), max_length=300, blank=True)
    location = models.CharField(_("location"), max_length=100, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    linkedin_url = models.URLField("LinkedIn", max_length=300, blank=True)
    github_url = models.URLField("GitHub", max_length=300, blank=True)
    twitter_url = models.URLField("Twitter", max_length=300, blank=True)
    show_badges = models.BooleanField(_("show badges"), default=True)
    show_courses = models.BooleanField(_("show courses"), default=True)
    show_activity = models.BooleanField(_("show activity"), default=False)
    writes_from = models.CharField(
        _("who may write"), max_length=10, choices=WritesFrom, default=WritesFrom.EVERYONE
    )
    # moved with the rows of Follow in one transaction; `recount_follows` makes them anew
    followers_count = models.PositiveIntegerField(_("followers"), default=0)
    following_count = models.PositiveIntegerField(_("following"), default=0)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints = [
            models.CheckConstraint(
                condition=Q(writes_from__in=WritesFrom.values), name="profile_writes_from_known"
            )
        ]

    def __str__(self) -> str:
        return f"profile of user {self.user_id}"


class Follow(models.Model):
    """One person wants to hear what another does."""

    follower = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    followed = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(
                condition=~Q(follower=F("followed")), name="follow_somebody_else"
            ),
        ]
        indexes = [
            models.Index(fields=["followed", "-created_at", "-id"], name="follow_followers"),
            models.Index(fields=["follower", "-created_at", "-id"], name="follow_following"),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.followed_id}"


class BlockQuerySet(models.QuerySet["Block"]):
    def between(self, one_id: int, other_id: int) -> "BlockQuerySet":
        """In either direction."""
        return self.filter(
            Q(blocker=one_id, blocked=other_id) | Q(blocker=other_id, blocked=one_id)
        )


class Block(models.Model):
    """One person wants nothing to do with another; neither hears of the other any more."""

    blocker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects: Any = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_somebody_else"),
        ]
        indexes = [models.Index(fields=["blocked"], name="block_blocked")]

    def __str__(self) -> str:
        return f"{self.blocker_id} blocks {self.blocked_id}"
