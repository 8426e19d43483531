"""What is written in discussions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import RefusedForm, text_field
from .services.comments import MAX_PASSAGE


class CommentForm(RefusedForm):
    content = text_field(_("Your comment"), 3, _("Ask or add something"))
    passage = forms.CharField(max_length=MAX_PASSAGE, required=False, widget=forms.HiddenInput)
    is_question = forms.BooleanField(label=_("This is a question to the teacher"), required=False)


class AnswerForm(RefusedForm):
    """A reply; `all` says that the page shows the whole thread."""

    content = text_field(_("Your reply"), 3)

    def __init__(self, data: Any = None, *, pk: int, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"id_%s_{pk}", **kwargs)


class TeachersAnswerForm(AnswerForm):
    answers = forms.BooleanField(label=_("This answers the question"), required=False, initial=True)


class KeepingForm(forms.Form):
    is_locked = forms.NullBooleanField(required=False)
    slow_mode_seconds = forms.TypedChoiceField(
        choices=[("0", "0"), ("60", "60"), ("600", "600")],
        coerce=int,
        required=False,
        empty_value=None,
    )
