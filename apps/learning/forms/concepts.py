"""Concepts as a teacher types them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.courses.models import Course, Lesson

from ..engine.words import plain
from ..models import Concept
from ..selectors.concept_list import ListedConcept
from ..selectors.concepts import concepts_by_name
from ..services.concepts import DEFAULT_WEIGHT
from ..services.concepts.checks import MAX_DESCRIPTION, MAX_NAME

EMPTY_ROWS = 2
IMPORTANCES = [
    (1, gettext_lazy("1, an aside")),
    (2, gettext_lazy("2, a detail")),
    (3, gettext_lazy("3, as usual")),
    (4, gettext_lazy("4, often needed")),
    (5, gettext_lazy("5, the core")),
]


class NewConceptForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("New concept"), max_length=MAX_NAME)


class ProposalForm(forms.Form):
    """What of a proposal may be changed before it is accepted."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=MAX_NAME)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        max_length=MAX_DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    importance = forms.TypedChoiceField(
        label=gettext_lazy("Importance"), choices=IMPORTANCES, coerce=int
    )


class ConceptForm(ProposalForm):
    """Also its other names, its lessons, and rows of what it needs, by name with a weight."""

    aliases = forms.CharField(
        label=gettext_lazy("Other names"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One a line: by these, too, texts and files know it."),
    )
    lessons = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Lessons that teach it"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict | None = None, *, listed: ListedConcept) -> None:
        concept = listed.concept
        initial = {
            "name": concept.name,
            "description": concept.description,
            "importance": concept.importance,
            "aliases": "\n".join(concept.aliases),
            "lessons": [lesson.pk for lesson in listed.lessons],
        }
        super().__init__(data, initial=initial)
        self.concept = concept
        self.fields["lessons"].choices = lesson_choices(concept.course)  # type: ignore[attr-defined]
        if data is None:
            self._rows = [(need.concept.name, f"{need.weight:g}") for need in listed.needs]
        else:
            names, weights = data.getlist("need"), data.getlist("weight")
            self._rows = [
                (name.strip(), weight.strip())
                for name, weight in zip(names, weights, strict=False)
                if name.strip()
            ]
        self.needs: dict[int, float] = {}
        self.needs_error = ""

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What it needs, as it was typed, and empty rows to go on."""
        return [*self._rows, *[("", f"{DEFAULT_WEIGHT:g}")] * EMPTY_ROWS]

    @property
    def names(self) -> list[str]:
        """Of the other concepts, to choose from."""
        others = Concept.objects.filter(course=self.concept.course_id).exclude(pk=self.concept.pk)
        return list(others.in_order().values_list("name", flat=True))

    def clean_aliases(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["aliases"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        known = concepts_by_name(Concept.objects.filter(course=self.concept.course_id))
        for name, weight in self._rows:
            concept = known.get(plain(name))
            if concept is None:
                self.needs_error = _("No concept is called “%(name)s”.") % {"name": name[:80]}
                continue
            try:
                self.needs[concept.pk] = float(weight.replace(",", ".") or DEFAULT_WEIGHT)
            except ValueError:
                self.needs_error = _("A weight goes from 0.05 to 1.")
        if self.needs_error:
            self.add_error(None, forms.ValidationError(_("Look at what is marked."), code="rows"))
        return cleaned

    def changes(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name]
            for name in ("name", "description", "importance", "aliases")
        }


class MergeForm(forms.Form):
    """Which concept takes another one over."""

    into = forms.ModelChoiceField(
        Concept.objects.none(),
        label=gettext_lazy("Merge into"),
        empty_label=gettext_lazy("Choose a concept"),
    )

    def __init__(self, *args: Any, concept: Concept, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Concept.objects.filter(course=concept.course_id).exclude(pk=concept.pk)
        self.fields["into"].queryset = others.in_order()  # type: ignore[attr-defined]


class TagsForm(forms.Form):
    """The concepts of a lesson; those chosen before keep their order, new ones follow."""

    concepts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Concepts"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, course: Course, chosen: Sequence[int]
    ) -> None:
        super().__init__(data, initial={"concepts": list(chosen)})
        self.chosen = chosen
        self.fields["concepts"].choices = concept_choices(course)  # type: ignore[attr-defined]

    def clean_concepts(self) -> list[int]:
        return in_their_order(self.cleaned_data["concepts"], self.chosen)


def in_their_order(ids: Sequence[int], before: Sequence[int]) -> list[int]:
    kept = [pk for pk in before if pk in ids]
    return [*kept, *(pk for pk in ids if pk not in kept)]


def concept_choices(course: Course) -> list[tuple[int, str]]:
    return list(Concept.objects.filter(course=course).in_order().values_list("pk", "name"))


def lesson_choices(course: Course) -> list[tuple[int, str]]:
    return list(Lesson.objects.filter(course=course).in_order().values_list("pk", "title"))
