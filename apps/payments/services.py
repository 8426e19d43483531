"""Every change of a payment.

A call that moves money is three steps: commit the intent, call, commit the result; what a provider
tells, by whatever way, goes through `apply_fact`.
"""

import logging
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from apps.accounts.models import User
from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.courses.models import Course

from .events import PaymentFailed, PaymentProcessed, PaymentRefunded
from .models import Payment, PaymentStatus
from .providers import TEST, Charge, Checkout, Fact, Outcome, enabled_providers

logger = logging.getLogger(__name__)


class AlreadyPaid(Conflict):
    pass


@transaction.atomic
def start_payment(*, buyer: User, course: Course, provider: str, at: datetime) -> Payment:
    """The intent to pay the course's present price; an open one of the same kind is given again.

    An empty `provider` takes the usual one.
    """
    name = _enabled(provider)
    if course.owner_id == buyer.pk:
        raise Conflict(_("This is your own course: there is nothing to buy."))
    if not course.is_published:
        raise Conflict(_("This course isn’t on sale."))
    if course.is_free:
        raise Conflict(_("This course is free: enrol without paying."))
    # whoever starts a second payment of the same buyer waits here for the first
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=buyer.pk)
    statuses = [PaymentStatus.PENDING, PaymentStatus.SUCCEEDED, PaymentStatus.REVIEW]
    for payment in Payment.objects.of(buyer).filter(course=course, status__in=statuses):
        if payment.status == PaymentStatus.SUCCEEDED:
            raise AlreadyPaid(_("You have already paid for this course."))
        if payment.status == PaymentStatus.REVIEW:
            raise Conflict(_("Your payment for this course is being looked at by a person."))
        if _is_still_asked(payment, course, name):
            return payment
        payment.fail(_("The price or the way to pay has changed since."), at)
        payment.save(update_fields=["status", "failure", "completed_at"])
    return Payment.objects.create(
        buyer=buyer,
        course=course,
        amount_minor=course.price_minor,
        currency=course.currency,
        provider=name,
        created_at=at,
    )


def _enabled(provider: str) -> str:
    enabled = enabled_providers()
    if not enabled:
        raise Conflict(_("Payments are switched off at the moment."))
    if provider and provider not in enabled:
        raise Invalid(errors={"provider": [_("This way to pay isn’t on offer.")]})
    return provider or next(iter(enabled))


def _is_still_asked(payment: Payment, course: Course, provider: str) -> bool:
    asked = (payment.amount_minor, payment.currency, payment.provider)
    return asked == (course.price_minor, course.currency, provider)


def request_payment(*, payment: Payment, return_url: str, at: datetime) -> str | None:
    """Ask the provider for the money of a committed intent; never inside a transaction.

    Answers the address of the provider's page, or None when the payment is settled.
    """
    if payment.status != PaymentStatus.PENDING:
        return None
    answer = enabled_providers()[payment.provider].request(charge_of(payment, return_url))
    if isinstance(answer, Fact):
        apply_fact(payment_id=payment.pk, fact=answer, at=at)
        return None
    _note_checkout(payment_id=payment.pk, checkout=answer)
    return answer.url


def charge_of(payment: Payment, return_url: str = "") -> Charge:
    return Charge(
        reference=str(payment.reference),
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        description=payment.course.title,
        return_url=return_url,
    )


@transaction.atomic
def _note_checkout(*, payment_id: int, checkout: Checkout) -> None:
    payment = _locked(payment_id)
    if not payment.provider_reference:
        payment.provider_reference = checkout.provider_reference
        payment.save(update_fields=["provider_reference"])


@transaction.atomic
def complete_test_payment(*, payment: Payment, at: datetime, decline: bool = False) -> Payment:
    """Settle a payment of the built-in test provider, which needs no call to anybody."""
    if payment.provider != TEST.name or not settings.TEST_PAYMENTS:
        raise NotAllowed(_("Only a test payment can be settled by hand."))
    fact = TEST.settle(charge_of(payment), decline=decline)
    return apply_fact(payment_id=payment.pk, fact=fact, at=at)


@transaction.atomic
def apply_fact(*, payment_id: int, fact: Fact, at: datetime) -> Payment:
    """Bring the payment to where the provider says it is: forward only, any order, any repeats.

    A fact that doesn't fit our row, or money for a payment that had failed, is left to a person.
    """
    payment = _locked(payment_id)
    difference = _difference(payment, fact)
    if difference:
        _hold(payment, difference)
        return payment
    payment.provider_reference = fact.provider_reference
    match fact.outcome:
        case Outcome.SUCCEEDED if payment.status == PaymentStatus.FAILED:
            _hold(payment, "The provider took the money of a payment that had failed.")
        case Outcome.SUCCEEDED if can_proceed(payment.succeed):
            payment.succeed(at)
            _settle(payment, PaymentProcessed)
        case Outcome.FAILED if can_proceed(payment.fail):
            payment.fail(fact.reason, at)
            _settle(payment, PaymentFailed)
        case Outcome.REFUNDED if can_proceed(payment.refund):
            payment.refund(at)
            _settle(payment, PaymentRefunded)
    return payment


def try_provider(*, name: str) -> Fact:
    """A dollar charged in the provider's test mode: no money moves and nothing is stored."""
    charge = Charge(
        reference=f"trial-{uuid4()}",
        amount_minor=100,
        currency="USD",
        description=_("A test of the connection"),
        return_url=settings.SITE_URL,
    )
    return enabled_providers()[_enabled(name)].handshake(charge)


def _locked(payment_id: int) -> Payment:
    rows = Payment.objects.select_for_update(of=("self",)).select_related("course")
    return rows.get(pk=payment_id)


def _difference(payment: Payment, fact: Fact) -> str:
    """How the fact differs from our row, for the person who will look; empty when it doesn't."""
    ours: dict[str, Any] = {
        "reference": str(payment.reference),
        "amount": payment.amount_minor,
        "currency": payment.currency,
        "provider_reference": payment.provider_reference or fact.provider_reference,
    }
    told: dict[str, Any] = {
        "reference": fact.reference,
        "amount": fact.amount_minor,
        "currency": fact.currency,
        "provider_reference": fact.provider_reference,
    }
    found = [f"{key}: {ours[key]} ≠ {told[key]}" for key in ours if ours[key] != told[key]]
    others = Payment.objects.filter(
        provider=payment.provider, provider_reference=fact.provider_reference
    ).exclude(pk=payment.pk)
    if others.exists():
        found.append("provider_reference: belongs to another payment")
    return "; ".join(found)


def _hold(payment: Payment, reason: str) -> None:
    logger.warning("payment_differs", extra={"payment": payment.pk, "status": payment.status})
    if can_proceed(payment.hold_for_review):
        payment.hold_for_review(reason)
        payment.save(update_fields=["status", "failure"])


def _settle(
    payment: Payment, event: type[PaymentProcessed] | type[PaymentFailed] | type[PaymentRefunded]
) -> None:
    payment.save(update_fields=["status", "failure", "completed_at", "provider_reference"])
    publish(event(payment_id=payment.pk, buyer_id=payment.buyer_id, course_id=payment.course_id))
