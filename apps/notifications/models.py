"""What people are told, through which channel, and what they want to be told."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .kinds import KINDS, Kind


class Channel(models.TextChoices):
    IN_APP = "in_app", _("Site")
    EMAIL = "email", _("E-mail")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, user: Any) -> "NotificationQuerySet":
        """What the person's own list shows."""
        return self.filter(user_id=user.pk, hidden=False)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


class Notification(models.Model):
    """One thing one person is told; its words are made from kind and params when it is read."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=40)
    params = models.JSONField(_("parameters"), default=dict)
    url = models.CharField(_("address"), max_length=300, blank=True)
    # makes telling happen once, however often the cause is delivered
    key = models.CharField(max_length=120)
    # the person doesn't want this kind on the site; the row stays for the other channels
    hidden = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_of_user"),
            models.Index(
                fields=["user"],
                name="notification_unread",
                condition=Q(read_at=None, hidden=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notification_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"

    @property
    def shape(self) -> Kind:
        return KINDS[self.kind]

    @property
    def title(self) -> str:
        return self.shape.title_of(self.params)

    @property
    def body(self) -> str:
        return self.shape.body_of(self.params)


class Dispatch(models.Model):
    """One notification on its way through one channel that leaves the house."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        DEAD = "dead", _("given up")

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="dispatches")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        indexes = [
            models.Index(fields=["due_at"], name="dispatch_due", condition=Q(status="queued"))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "channel"], name="dispatch_once_per_channel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} of notification {self.notification_id}"


class Preference(models.Model):
    """A person's choice that differs from a kind's default."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel)
    enabled = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}: {self.enabled}"
