"""Tables of the kernel: the outbox, jobs, idempotency claims, counters of limits, the audit log."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> "DeliveryQuerySet":
        return self.filter(dead=False)

    def dead(self) -> "DeliveryQuerySet":
        return self.filter(dead=True)


class Delivery(models.Model):
    """One event waiting for one subscriber; the row is struck when the subscriber succeeds."""

    event = models.CharField(_("event"), max_length=80)
    version = models.PositiveSmallIntegerField(_("version"))
    payload = models.JSONField(_("payload"))
    subscriber = models.CharField(_("subscriber"), max_length=120)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    dead = models.BooleanField(_("given up"), default=False)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"))
    due_at = models.DateTimeField(_("due"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("outbox")
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=models.Q(dead=False)),
            models.Index(
                fields=["subscriber", "id"], name="delivery_batch", condition=models.Q(dead=False)
            ),
            models.Index(fields=["-id"], name="delivery_dead", condition=models.Q(dead=True)),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.subscriber}"


class Job(models.Model):
    """Long work asked for by a person: its progress, result or error."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=80)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    args = models.JSONField(_("arguments"), default=dict)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(_("progress, %"), default=0)
    checkpoint = models.JSONField(_("checkpoint"), null=True, blank=True)
    result = models.JSONField(_("result"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created"))
    alive_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(fields=["owner", "-id"], name="job_owner"),
            models.Index(
                fields=["alive_at"],
                name="job_open",
                condition=models.Q(status__in=["queued", "running"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(progress__lte=100), name="job_progress_percent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class IdempotencyClaim(models.Model):
    """A POST with an Idempotency-Key: first a claim, then the answer it gave."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    leased_until = models.DateTimeField()
    status_code = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "route", "key"], name="idempotency_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"


class LimitCounter(models.Model):
    """How often something happened in the present window; moved by one atomic upsert."""

    bucket = models.CharField(primary_key=True, max_length=200)
    window_started_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.bucket}: {self.count}"


class AuditEntry(models.Model):
    """A security or staff action. A trigger refuses updates and deletes."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    action = models.CharField(_("action"), max_length=80, db_index=True)
    target = models.CharField(_("target"), max_length=80)
    details = models.JSONField(_("details"), default=dict)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")

    def __str__(self) -> str:
        return f"{self.action} {self.target}"
