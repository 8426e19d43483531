"""What is written on the site about a course."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .services import MAX_REVIEW

STARS = [(str(stars), str(stars)) for stars in range(1, 6)]


class ReviewForm(forms.Form):
    rating = forms.TypedChoiceField(
        label=_("Your rating"), choices=STARS, coerce=int, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("What would you tell others?"),
        max_length=MAX_REVIEW,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Your reply"),
        max_length=MAX_REVIEW,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody sees it below the review. Leave it empty to take it back."),
    )
