"""The built-in test provider: moves no money, settles every charge at once, as it is told to."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .base import Charge, Fact, Outcome


class TestProvider:
    __test__ = False  # not a test case

    name = "test"
    title = gettext_lazy("Test payment")

    @property
    def is_configured(self) -> bool:
        return bool(settings.TEST_PAYMENTS)

    def request(self, charge: Charge) -> Fact:
        return self.settle(charge)

    def handshake(self, charge: Charge) -> Fact:
        return self.settle(charge)

    def settle(self, charge: Charge, *, decline: bool = False) -> Fact:
        return Fact(
            reference=charge.reference,
            provider_reference=f"test-{charge.reference}",
            outcome=Outcome.FAILED if decline else Outcome.SUCCEEDED,
            amount_minor=charge.amount_minor,
            currency=charge.currency,
            reason=_("The test bank declined the payment, as you asked.") if decline else "",
        )


TEST = TestProvider()
