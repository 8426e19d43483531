"""What models cost: a ledger of calls, credits of people by day, money by day.

Money is counted in integer micro-dollars: 1 000 000 are one US dollar.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ModelCall(models.Model):
    """One request to a model, or one answer found in the cache. A trigger lets the table only grow."""

    class Result(models.TextChoices):
        OK = "ok", _("accepted")
        INVALID = "invalid", _("unusable answer")
        REFUSED = "refused", _("refused by the model")
        AWAY = "away", _("no answer")
        LOST = "lost", _("never settled")

    task = models.CharField(_("task"), max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    # courses stand above this app: a number, not a key
    course_id = models.BigIntegerField(_("course"), null=True)
    model = models.CharField(_("model"), max_length=120)
    prompt_version = models.CharField(_("prompt"), max_length=10)
    tokens_in = models.PositiveIntegerField(_("tokens in"), default=0)
    tokens_out = models.PositiveIntegerField(_("tokens out"), default=0)
    cost_micro = models.PositiveBigIntegerField(_("cost, millionths of a dollar"), default=0)
    duration_ms = models.PositiveIntegerField(_("milliseconds"), default=0)
    cached = models.BooleanField(_("from the cache"), default=False)
    result = models.CharField(_("result"), max_length=10, choices=Result)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("model call")
        verbose_name_plural = _("model calls")
        indexes = [
            models.Index(fields=["-at", "-id"], name="model_call_newest"),
            models.Index(fields=["user", "at"], name="model_call_user"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.model} {self.at:%Y-%m-%d %H:%M}"


class CreditDay(models.Model):
    """A person's credits of one local day: what a call reserves beforehand and uses afterwards."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("user")
    )
    day = models.DateField(_("day"))
    limit = models.PositiveIntegerField(_("limit"))
    reserved = models.PositiveIntegerField(_("reserved"), default=0)
    used = models.PositiveIntegerField(_("used"), default=0)

    class Meta:
        verbose_name = _("credits of a day")
        verbose_name_plural = _("credits by day")
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="credit_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day:%Y-%m-%d}: {self.used}/{self.limit}"

    @property
    def left(self) -> int:
        return max(0, self.limit - self.reserved - self.used)


class SpendDay(models.Model):
    """Money of one UTC day, of the whole site (`course_id` is null) or of one course."""

    day = models.DateField(_("day"))
    course_id = models.BigIntegerField(_("course"), null=True)
    reserved_micro = models.PositiveBigIntegerField(_("reserved"), default=0)
    spent_micro = models.PositiveBigIntegerField(_("spent"), default=0)

    class Meta:
        verbose_name = _("spending of a day")
        verbose_name_plural = _("spending by day")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "course_id"], name="spend_day_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        scope = f"course {self.course_id}" if self.course_id else "site"
        return f"{self.day:%Y-%m-%d} {scope}"


class Reservation(models.Model):
    """A call under way: one credit of its user, and the money of the request that runs just now.

    What a crash leaves behind is settled by a sweeper once the lease is over.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    credit_day = models.DateField(null=True)
    spend_day = models.DateField()
    course_id = models.BigIntegerField(null=True)
    task = models.CharField(max_length=40)
    model = models.CharField(max_length=120, blank=True)
    prompt_version = models.CharField(max_length=10)
    micro = models.PositiveBigIntegerField(default=0)
    # whether a model answered, so that the credit is used
    answered = models.BooleanField(default=False)
    leased_until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.task} until {self.leased_until:%H:%M:%S}"
