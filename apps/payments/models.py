"""Payments: what was asked for, at whom, and what became of it."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from apps.core.money import CURRENCIES, to_decimal


class PaymentStatus(models.TextChoices):
    PENDING = "pending", _("pending")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("declined")
    REFUNDED = "refunded", _("refunded")
    # The provider's facts differ from ours: a person looks at it.
    REVIEW = "review", _("in review")


class PaymentQuerySet(models.QuerySet["Payment"]):
    def of(self, user: Any) -> "PaymentQuerySet":
        return self.filter(buyer_id=user.pk)

    def visible_to(self, user: Any) -> "PaymentQuerySet":
        """One's own; staff see payments in the admin only."""
        return self.of(user)

    def with_course(self) -> "PaymentQuerySet":
        """All that a row of the history shows, in one query."""
        return self.select_related("course", "course__owner", "course__category")


class Payment(models.Model):
    """One attempt to pay for one course. The price is frozen here when it is made."""

    reference = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("buyer")
    )
    course = models.ForeignKey(
        "courses.Course", models.PROTECT, related_name="+", verbose_name=_("course")
    )
    amount_minor = models.PositiveIntegerField(_("amount, minor units"))
    currency = models.CharField(_("currency"), max_length=3, choices=[(c, c) for c in CURRENCIES])
    status = FSMField(
        _("status"), max_length=10, choices=PaymentStatus, default=PaymentStatus.PENDING
    )
    provider = models.CharField(_("provider"), max_length=20)
    provider_reference = models.CharField(_("provider's reference"), max_length=120, blank=True)
    failure = models.CharField(_("why it failed"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"))
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        indexes = [models.Index(fields=["buyer", "-created_at", "-id"], name="payment_of_buyer")]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "course"],
                condition=Q(status__in=["pending", "succeeded"]),
                name="payment_one_open_or_paid",
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                condition=~Q(provider_reference=""),
                name="payment_provider_reference_once",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"

    @property
    def amount(self) -> Decimal:
        return to_decimal(self.amount_minor)

    @property
    def is_settled(self) -> bool:
        return self.status not in (PaymentStatus.PENDING, PaymentStatus.REVIEW)

    # States move forward only. Callers hold the row's lock and save it.
    @transition(status, source=PaymentStatus.PENDING, target=PaymentStatus.SUCCEEDED)
    def succeed(self, at: datetime) -> None:
        self.completed_at = at

    @transition(status, source=PaymentStatus.PENDING, target=PaymentStatus.FAILED)
    def fail(self, reason: str, at: datetime) -> None:
        self.failure = reason[:300]
        self.completed_at = at

    # A refund may be heard of before the success that it takes back.
    @transition(
        status,
        source=[PaymentStatus.PENDING, PaymentStatus.SUCCEEDED],
        target=PaymentStatus.REFUNDED,
    )
    def refund(self, at: datetime) -> None:
        self.completed_at = self.completed_at or at

    @transition(
        status, source=[PaymentStatus.PENDING, PaymentStatus.FAILED], target=PaymentStatus.REVIEW
    )
    def hold_for_review(self, reason: str) -> None:
        self.failure = reason[:300]
