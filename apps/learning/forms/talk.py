"""Forms of the tutor's drawer: ratings of replies and of talks."""

from django import forms
from django.utils.translation import pgettext_lazy

from ..models import RatingReason


class ReplyRatingForm(forms.Form):
    value = forms.TypedChoiceField(choices=[("1", "1"), ("-1", "-1")], coerce=int)
    reason = forms.ChoiceField(choices=RatingReason, required=False)
    comment = forms.CharField(
        label=pgettext_lazy("rating", "comment"), max_length=1000, required=False
    )


class TalkRatingForm(forms.Form):
    value = forms.IntegerField(min_value=1, max_value=5)
