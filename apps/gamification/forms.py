"""Forms of the habit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .engine.streak import MAX_REST_DAYS
from .models import Goal

WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"),
    _("Sunday"),
)  # fmt: skip
# what a day may look like that reaches the goal
GOALS = {
    Goal.EASY: _("Relaxed: 20 XP, a lesson or ten cards"),
    Goal.STEADY: _("Steady: 50 XP, a lesson with its quiz"),
    Goal.SERIOUS: _("Serious: 100 XP, two lessons with their quizzes"),
    Goal.INTENSE: _("Intense: 200 XP, an evening of study"),
}


class HabitForm(forms.Form):
    is_on = forms.BooleanField(
        label=_("Points, streaks and badges"),
        required=False,
        help_text=_(
            "Switched off, you see none of it anywhere, and nobody sees any of yours. "
            "Nothing is lost: switched on again, everything is as if it had never been off."
        ),
    )
    celebrates = forms.BooleanField(
        label=_("Celebrations"),
        required=False,
        help_text=_(
            "One moment for a badge, a level, a streak or a finished course; never while you learn."
        ),
    )
    daily_goal = forms.TypedChoiceField(
        label=_("Daily goal"),
        choices=list(GOALS.items()),
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("What counts is XP by studying. It is for you alone and costs no streak."),
    )
    rest_days = forms.TypedMultipleChoiceField(
        label=_("Days of rest"),
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_rest_days(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["rest_days"]
        if len(chosen) > MAX_REST_DAYS:
            raise forms.ValidationError(_("Two days of the week at the most."))
        return chosen
