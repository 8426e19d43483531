"""The form of the page of notifications."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import QuietHours
from apps.core.errors import Invalid


def _time_field(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget)


class QuietHoursForm(forms.Form):
    begins = _time_field(_("Quiet from"))
    ends = _time_field(_("until"))
    is_on = forms.BooleanField(label=_("Quiet hours"), required=False)

    @classmethod
    def of(cls, hours: QuietHours) -> "QuietHoursForm":
        return cls(
            initial={"is_on": hours.is_on, "begins": hours.begins, "ends": hours.ends},
        )

    def tell(self, error: Invalid) -> None:
        for field, messages in error.errors.items():
            self.add_error(field, [str(message) for message in messages])
