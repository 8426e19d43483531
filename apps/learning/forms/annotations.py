"""Forms of own notes in lessons, and of the cards made from them."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..services.annotations import MAX_QUOTE, MAX_TEXT, Spot
from ..services.notes import MAX_TEXT as LONGEST_SIDE

MOMENT = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)")
FURTHEST = 2**31 - 1


class MomentField(forms.CharField):
    """A moment of a video as people write it, 3:07 or 1:02:03, in seconds."""

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = str(value or "").strip()
        if not text:
            return None
        found = MOMENT.fullmatch(text)
        if found is None:
            raise ValidationError(_("Write minutes and seconds, like 3:07."))
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        """A number has no length to be checked."""


class NewAnnotationForm(forms.Form):
    text = forms.CharField(
        label=pgettext_lazy("in a lesson", "Note"),
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    section = forms.CharField(label=_("Part of the lesson"), max_length=300, required=False)
    second = MomentField(label=_("Moment of the video"), required=False)
    quote = forms.CharField(max_length=MAX_QUOTE, required=False)
    start = forms.IntegerField(min_value=0, max_value=FURTHEST, required=False)
    key = forms.RegexField(r"^[0-9a-f]{32}$", required=False)

    def spot(self) -> Spot:
        data = self.cleaned_data
        return Spot(**{name: data[name] for name in ("quote", "section", "start", "second")})


class AnnotationForm(forms.Form):
    text = forms.CharField(
        label=pgettext_lazy("in a lesson", "Note"),
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    seen = forms.IntegerField(min_value=1, max_value=FURTHEST, widget=forms.HiddenInput)


class PassageCardForm(forms.Form):
    front = forms.CharField(
        label=_("Question"), max_length=LONGEST_SIDE, widget=forms.Textarea(attrs={"rows": 2})
    )
    back = forms.CharField(
        label=_("Answer"), max_length=LONGEST_SIDE, widget=forms.Textarea(attrs={"rows": 4})
    )


BLANK_CARD = PassageCardForm()  # one for all pages, so that its fields are rendered once
