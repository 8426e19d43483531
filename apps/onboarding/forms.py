"""The three questions."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Goal, Minutes
from .selectors import offered_subjects

NOT_OFFERED = _("This isn’t offered any more. Choose one of these.")
# name, what it means, icon
GOALS = {
    Goal.WORK: (_("For work"), _("a skill I’ll use soon"), "briefcase"),
    Goal.STUDIES: (_("For studies"), _("an exam or a programme"), "graduation-cap"),
    Goal.CHANGE: (_("A change of field"), _("from the ground up"), "repeat"),
    Goal.SELF: (_("For myself"), _("out of curiosity"), "lightbulb"),
}


class QuestionsForm(forms.Form):
    subjects = forms.MultipleChoiceField(
        choices=offered_subjects,
        error_messages={
            "required": _("Choose at least one: the course is picked by it."),
            "invalid_choice": NOT_OFFERED,
        },
    )
    goal = forms.ChoiceField(
        choices=Goal.choices,
        error_messages={"required": _("Choose what is nearest."), "invalid_choice": NOT_OFFERED},
    )
    minutes = forms.TypedChoiceField(
        choices=Minutes.choices,
        coerce=int,
        error_messages={
            "required": _("Choose how much time a day you have."),
            "invalid_choice": NOT_OFFERED,
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A house without courses has no subjects to choose from."""
        super().__init__(*args, **kwargs)
        self.fields["subjects"].required = bool(offered_subjects())


@dataclass(frozen=True)
class Option:
    """Something to tick; `line` and `icon` where it has them."""

    value: str
    name: str
    on: bool
    line: str = ""
    icon: str = ""


def subject_options(chosen: list[str]) -> list[Option]:
    return [Option(slug, name, slug in chosen) for slug, name in offered_subjects()]


def goal_options(chosen: str) -> list[Option]:
    return [
        Option(goal.value, str(name), goal.value == chosen, str(line), icon)
        for goal, (name, line, icon) in GOALS.items()
    ]


def minutes_options(chosen: str) -> list[Option]:
    return [
        Option(str(each.value), str(each.value), str(each.value) == chosen, str(each.label))
        for each in Minutes
    ]
