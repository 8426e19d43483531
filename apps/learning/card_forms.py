"""Forms of cards and of how they are scheduled."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.courses.models import Course

from .models import NoteKind
from .selectors.cards import courses_for_cards
from .services.notes import MAX_TEXT

NO_COURSE = _("No course")
KINDS = [(NoteKind.BASIC, _("Question and answer")), (NoteKind.CLOZE, _("Sentence with gaps"))]


class NoteForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS, initial=NoteKind.BASIC, widget=forms.RadioSelect
    )
    front = forms.CharField(max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
    back = forms.CharField(
        max_length=MAX_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    course = forms.ModelChoiceField(
        label=_("Deck"), queryset=Course.objects.none(), required=False, empty_label=NO_COURSE
    )

    def __init__(self, *args: Any, student: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["course"]
        field.queryset = courses_for_cards(student).order_by("title")
        if not is_new:
            del self.fields["kind"]  # the cards of one kind can't become those of the other


class PreviewForm(forms.Form):
    """What is being written, as far as it goes."""

    kind = forms.ChoiceField(choices=KINDS)
    front = forms.CharField(max_length=MAX_TEXT, required=False)
    back = forms.CharField(max_length=MAX_TEXT, required=False)


class GradeForm(forms.Form):
    rating = forms.IntegerField(min_value=1, max_value=4)
    reps = forms.IntegerField(min_value=0)


class MemoryForm(forms.Form):
    """`retention` in percent, as people say it."""

    retention = forms.IntegerField(
        label=_("How much you want to remember"),
        min_value=80,
        max_value=97,
        widget=forms.NumberInput(attrs={"type": "range", "step": 1, "class": "range"}),
    )
    day_start = forms.TypedChoiceField(
        label=_("Your day starts at"),
        coerce=int,
        choices=[(hour, f"{hour}:00") for hour in range(24)],
        help_text=_("Until then, evening reviews still belong to the day before."),
    )
    cards_from_mistakes = forms.BooleanField(
        label=_("Make cards from my mistakes"),
        required=False,
        help_text=_("A quiz question that you answer wrong comes back as a card."),
    )
    cards_from_terms = forms.BooleanField(
        label=_("Make cards from key terms"),
        required=False,
        help_text=_("When you complete a lesson, its terms and their meanings become cards."),
    )


class WorkForm(forms.Form):
    retention = forms.IntegerField(min_value=80, max_value=97)
