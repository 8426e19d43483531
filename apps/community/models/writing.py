"""What topics, posts and comments have in common: likes, mentions, earlier texts, reports, standing.

A thing is named by its kind and id: a key of its own for each of three kinds would make three of
every table here.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MAX_TEXT = 20_000


class Kind(models.TextChoices):
    TOPIC = "topic", _("topic")
    POST = "post", _("post")
    COMMENT = "comment", pgettext_lazy("kind of writing", "comment")


def kind_known(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(kind__in=Kind.values), name=name)


def _person(**options: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **options)


class Like(models.Model):
    """Somebody liked something; the counts stand on the things themselves."""

    user = _person()
    kind = models.CharField(max_length=8, choices=Kind)
    object_id = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "object_id"], name="like_once"),
            kind_known("like_kind_known"),
        ]
        indexes = [models.Index(fields=["kind", "object_id"], name="like_of_thing")]

    def __str__(self) -> str:
        return f"{self.user_id} likes {self.kind} {self.object_id}"


class Mention(models.Model):
    """`author` named `user` in a text; each is told once of each text."""

    user = _person()
    author = _person()
    kind = models.CharField(max_length=8, choices=Kind)
    object_id = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "object_id"], name="mention_once"),
            kind_known("mention_kind_known"),
        ]
        indexes = [
            models.Index(fields=["kind", "object_id"], name="mention_in_thing"),
            models.Index(fields=["author", "-created_at"], name="mention_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.kind} {self.object_id}"


class Revision(models.Model):
    """What stood before an edit."""

    kind = models.CharField(max_length=8, choices=Kind)
    object_id = models.PositiveBigIntegerField()
    title = models.CharField(max_length=160, blank=True)
    content = models.TextField()
    # who made the edit that replaced this text
    edited_by = _person()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("earlier text")
        verbose_name_plural = _("earlier texts")
        constraints = [kind_known("revision_kind_known")]
        indexes = [
            models.Index(fields=["kind", "object_id", "-created_at", "-id"], name="revision_of")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} before {self.created_at:%F %T}"


class ReportReason(models.TextChoices):
    SPAM = "spam", _("spam or advertising")
    RUDE = "rude", _("rude or hostile")
    OFF_TOPIC = "off_topic", _("off topic")
    WRONG = "wrong", _("misleading or harmful")
    OTHER = "other", _("something else")


class Verdict(models.TextChoices):
    UPHELD = "upheld", _("upheld")
    REFUSED = "refused", _("refused")


class Report(models.Model):
    """Somebody asks the moderators to look; `weight` is what the reporter's standing lent it."""

    reporter = _person(verbose_name=_("reporter"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    object_id = models.PositiveBigIntegerField(_("id of it"))
    reason = models.CharField(_("reason"), max_length=10, choices=ReportReason)
    note = models.TextField(_("in their words"), max_length=1000, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    created_at = models.DateTimeField(_("created"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = _person(null=True, blank=True, verbose_name=_("decided by"))
    decision = models.CharField(_("decision"), max_length=8, choices=Verdict, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["reporter", "kind", "object_id"], name="report_once"),
            kind_known("report_kind_known"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="")
                | Q(decided_at__isnull=False, decision__in=Verdict.values),
                name="report_decided_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "object_id"], name="report_of_thing"),
            models.Index(
                fields=["created_at", "id"], condition=Q(decided_at=None), name="report_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"report of {self.kind} {self.object_id}"


class Standing(models.Model):
    """What a person's likes and best answers add up to; rights are read off it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+"
    )
    # the sum of the person's entries, moved with them; can be made anew from them
    score = models.IntegerField(_("standing"), default=0)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        indexes = [models.Index(fields=["-score"], name="standing_score")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.score}"


class StandingCause(models.TextChoices):
    LIKE = "like", _("like")
    BEST_ANSWER = "best_answer", _("best answer")
    HIDDEN = "hidden", _("hidden by a moderator")


class StandingEntry(models.Model):
    """One reason for somebody's standing: there while the reason holds, gone when it is taken back."""

    user = _person()
    cause = models.CharField(max_length=12, choices=StandingCause)
    kind = models.CharField(max_length=8, choices=Kind)
    object_id = models.PositiveBigIntegerField()
    by = _person()
    points = models.SmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "cause", "kind", "object_id", "by"], name="standing_entry_once"
            ),
            kind_known("standing_entry_kind_known"),
        ]
        indexes = [models.Index(fields=["kind", "object_id"], name="standing_entry_of_thing")]

    def __str__(self) -> str:
        return f"{self.points:+d} for {self.user_id}: {self.cause}"


class CommunityBanQuerySet(models.QuerySet["CommunityBan"]):
    def standing(self, at: datetime) -> "CommunityBanQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=at), lifted_at=None)


class CommunityBan(models.Model):
    """The person may read and not write in the community: until a day, or for good."""

    user = _person(verbose_name=_("person"))
    reason = models.CharField(_("reason"), max_length=300)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    by = _person(verbose_name=_("by"))
    created_at = models.DateTimeField(_("created"))
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = CommunityBanQuerySet.as_manager()

    class Meta:
        verbose_name = _("ban from the community")
        verbose_name_plural = _("bans from the community")
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("created_at")), name="ban_ends_later"
            )
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(lifted_at=None), name="ban_of_user"),
            models.Index(fields=["-created_at", "-id"], name="ban_newest"),
        ]

    def __str__(self) -> str:
        return f"ban of {self.user_id}"
