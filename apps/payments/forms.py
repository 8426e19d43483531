"""What the checkout page asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .providers import TEST, enabled_providers

GOES_THROUGH, DECLINED = "goes_through", "declined"


class CheckoutForm(forms.Form):
    """The way to pay; for the test provider, how its bank shall answer."""

    provider = forms.ChoiceField(label=_("Way to pay"))
    outcome = forms.ChoiceField(
        label=_("How shall the test bank answer?"),
        choices=[
            (GOES_THROUGH, _("The payment goes through")),
            (DECLINED, _("The bank declines it")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        enabled = enabled_providers()
        first = next(iter(enabled), "")
        super().__init__(*args, **kwargs)
        self.initial = {"provider": first, "outcome": GOES_THROUGH}
        self.fields["provider"].choices = [  # type: ignore[attr-defined]
            (name, provider.title) for name, provider in enabled.items()
        ]

    @property
    def offers_test(self) -> bool:
        return TEST.name in enabled_providers()

    @property
    def is_declined(self) -> bool:
        chosen = self.cleaned_data
        return chosen["provider"] == TEST.name and chosen.get("outcome") == DECLINED
