"""Made-up codes and referrals for tests."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from apps.accounts.tests.factories import UserFactory
from apps.referrals.models import Referral, ReferralCode


class CodeFactory(DjangoModelFactory):
    class Meta:
        model = ReferralCode

    owner = factory.SubFactory(UserFactory)
    code = factory.Sequence(lambda n: f"DANA-{n:06d}")
    max_uses = 100
    created_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=365))


class ReferralFactory(DjangoModelFactory):
    """A bare row: figures and rewards are the services' business."""

    class Meta:
        model = Referral

    code = factory.SubFactory(CodeFactory)
    referrer = factory.SelfAttribute("code.owner")
    referee = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(timezone.now)
