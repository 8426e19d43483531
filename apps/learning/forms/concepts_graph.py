"""What the canvas of the studio sends: a concept's own fields, and an edge."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Concept
from .concepts import IMPORTANCES


class NameForm(forms.Form):
    name = forms.CharField(label=_("New concept"), max_length=80)


class ConceptForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(
        label=_("Description"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    importance = forms.TypedChoiceField(label=_("Importance"), choices=IMPORTANCES, coerce=int)


class EdgeForm(forms.Form):
    """`source` comes first and opens `target`; both are concepts of the course."""

    source = forms.ModelChoiceField(Concept.objects.none())
    target = forms.ModelChoiceField(Concept.objects.none())
    weight = forms.FloatField(min_value=0.05, max_value=1, required=False)
    confirmed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, course_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        concepts = Concept.objects.filter(course=course_id)
        for name in ("source", "target"):
            self.fields[name].queryset = concepts  # type: ignore[attr-defined]
