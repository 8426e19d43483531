"""Made-up payments for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from apps.accounts.tests.factories import UserFactory
from apps.courses.tests.factories import CourseFactory
from apps.payments.models import Payment


class PaidCourseFactory(CourseFactory):
    """A published course for 29 dollars."""

    price_minor = 2900


class PaymentFactory(DjangoModelFactory):
    """A pending test payment for a paid course."""

    class Meta:
        model = Payment

    buyer = factory.SubFactory(UserFactory)
    course = factory.SubFactory(PaidCourseFactory)
    amount_minor = factory.SelfAttribute("course.price_minor")
    currency = "USD"
    provider = "test"
    created_at = factory.LazyFunction(timezone.now)
