"""Payments: one open attempt per course, facts applied forward only, differences left to a person."""

import itertools
import threading
from dataclasses import replace

import pytest
from django.db import connection
from django.utils import timezone

from apps.core import personal_data
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import Delivery
from apps.courses.tests.factories import CourseFactory, DraftFactory
from apps.payments import providers, services
from apps.payments.models import Payment, PaymentStatus
from apps.payments.providers import Checkout, Fact, Outcome
from apps.payments.selectors import has_paid

from .factories import PaidCourseFactory, PaymentFactory

pytestmark = pytest.mark.django_db


def start(buyer, course, provider=""):
    return services.start_payment(buyer=buyer, course=course, provider=provider, at=timezone.now())


def fact_of(payment, outcome=Outcome.SUCCEEDED, **changes):
    fact = Fact(
        reference=str(payment.reference),
        provider_reference=f"p-{payment.pk}",
        outcome=outcome,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
    )
    return replace(fact, **changes)


def tell(payment, *facts):
    for fact in facts:
        services.apply_fact(payment_id=payment.pk, fact=fact, at=timezone.now())
    payment.refresh_from_db()
    return payment.status


def test_a_payment_freezes_the_price_and_a_second_start_gives_the_same_one(student):
    course = PaidCourseFactory()
    payment = start(student, course)
    assert (payment.amount_minor, payment.currency, payment.status) == (2900, "USD", "pending")
    assert start(student, course) == payment
    assert Payment.objects.count() == 1


def test_a_changed_price_gives_up_the_open_attempt(student):
    course = PaidCourseFactory()
    old = start(student, course)
    course.price_minor = 1900
    course.save(update_fields=["price_minor"])
    assert start(student, course).amount_minor == 1900
    old.refresh_from_db()
    assert old.status == PaymentStatus.FAILED


@pytest.mark.parametrize("kind", [CourseFactory, DraftFactory], ids=["free", "draft"])
def test_only_published_courses_with_a_price_are_sold(student, kind):
    with pytest.raises(Conflict):
        start(student, kind())


def test_nobody_buys_their_own_course(teacher):
    with pytest.raises(Conflict):
        start(teacher, PaidCourseFactory(owner=teacher))


def test_what_is_paid_is_not_sold_again(student):
    payment = PaymentFactory(buyer=student, status=PaymentStatus.SUCCEEDED)
    with pytest.raises(services.AlreadyPaid):
        start(student, payment.course)
    PaymentFactory(buyer=student, course=(other := PaidCourseFactory()), status="review")
    with pytest.raises(Conflict):
        start(student, other)


def test_a_provider_that_is_off_takes_nothing(student, settings):
    with pytest.raises(Invalid):
        start(student, PaidCourseFactory(), provider="stripe")
    settings.TEST_PAYMENTS = False
    with pytest.raises(Conflict):
        start(student, PaidCourseFactory())
    with pytest.raises(NotAllowed):
        services.complete_test_payment(payment=PaymentFactory(), at=timezone.now())


def test_the_test_provider_settles_at_once(student):
    payment = start(student, PaidCourseFactory())
    assert services.request_payment(payment=payment, return_url="/", at=timezone.now()) is None
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.SUCCEEDED
    assert has_paid(student, payment.course_id)
    assert services.request_payment(payment=payment, return_url="/", at=timezone.now()) is None


def test_the_test_provider_declines_when_told_to_and_one_may_try_again(student):
    payment = start(student, PaidCourseFactory())
    services.complete_test_payment(payment=payment, at=timezone.now(), decline=True)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.FAILED
    assert payment.failure
    assert start(student, payment.course) != payment


class HostedProvider:
    """A provider with a page of its own."""

    name = "hosted"
    title = "Hosted"
    is_configured = True

    def request(self, charge):
        return Checkout(provider_reference=f"h-{charge.reference}", url="https://pay.example/1")


def test_a_provider_with_its_own_page_is_told_of_later(student, monkeypatch):
    monkeypatch.setattr(providers, "_PROVIDERS", (HostedProvider(),))
    payment = start(student, PaidCourseFactory())
    url = services.request_payment(payment=payment, return_url="/", at=timezone.now())
    assert url == "https://pay.example/1"
    payment.refresh_from_db()
    assert payment.provider_reference == f"h-{payment.reference}"
    reference = payment.provider_reference
    assert tell(payment, fact_of(payment, provider_reference=reference)) == "succeeded"


def test_facts_in_any_order_and_number_end_the_same():
    story = [Outcome.SUCCEEDED, Outcome.REFUNDED]
    for order in itertools.permutations(story * 2):
        payment = PaymentFactory()
        assert tell(payment, *[fact_of(payment, outcome) for outcome in order]) == "refunded"


def test_a_repeated_fact_announces_once():
    payment = PaymentFactory()
    tell(payment, fact_of(payment), fact_of(payment))
    announced = Delivery.objects.filter(event="payment.processed")
    subscribers = announced.values("subscriber").distinct().count()
    assert announced.count() == subscribers > 0


@pytest.mark.parametrize(
    "change",
    [{"amount_minor": 2800}, {"currency": "EUR"}, {"reference": "another"}],
    ids=["amount", "currency", "reference"],
)
def test_a_fact_that_differs_goes_to_a_person(change):
    payment = PaymentFactory()
    assert tell(payment, fact_of(payment, **change)) == "review"
    assert next(iter(change)).removesuffix("_minor") in payment.failure
    assert not has_paid(payment.buyer, payment.course_id)
    assert tell(payment, fact_of(payment)) == "review"


def test_a_reference_of_another_payment_goes_to_a_person():
    first, second = PaymentFactory(), PaymentFactory()
    assert tell(first, fact_of(first)) == "succeeded"
    assert tell(second, fact_of(second, provider_reference=f"p-{first.pk}")) == "review"


def test_a_settled_payment_does_not_move_for_a_wrong_fact():
    payment = PaymentFactory()
    tell(payment, fact_of(payment))
    assert tell(payment, fact_of(payment, amount_minor=1)) == "succeeded"
    assert tell(payment, fact_of(payment, Outcome.FAILED)) == "succeeded"


def test_money_for_a_failed_payment_goes_to_a_person():
    payment = PaymentFactory()
    assert tell(payment, fact_of(payment, Outcome.FAILED, reason="No funds")) == "failed"
    assert payment.failure == "No funds"
    assert tell(payment, fact_of(payment)) == "review"


@pytest.mark.django_db(transaction=True)
def test_two_buttons_pressed_at_once_start_one_payment(student):
    course = PaidCourseFactory()
    together = threading.Barrier(6)
    made = []

    def press():
        together.wait()
        try:
            made.append(start(student, course).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert len(set(made)) == 1


def test_payments_are_handed_out_and_kept(student):
    payment = PaymentFactory(buyer=student)
    exported = personal_data.export_all(student)["payments"]["payments"]
    assert [row["amount"] for row in exported] == ["29.00"]
    for holding in personal_data.holdings():
        if holding.app == "payments":
            holding.erase(student, timezone.now())
    assert Payment.objects.get() == payment
