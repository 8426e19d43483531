"""What a person wants to learn, as the settings page asks it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.courses.selectors import categories_tree

from .selectors import every_subject

TOPIC_LENGTH = 60
SMALL_TREE = 60  # so many subjects are shown at once


def subject_names() -> list[tuple[str, str]]:
    return [(node.slug, node.name) for node in every_subject(categories_tree())]


class WordsField(forms.MultipleChoiceField):
    """Words of one's own: any, as long as they say something."""

    def valid_value(self, value: str) -> bool:
        return len(value) <= TOPIC_LENGTH and is_topic(value)


class InterestsForm(forms.Form):
    """Subjects of the tree, words kept from before, and one topic more."""

    subjects = forms.MultipleChoiceField(choices=subject_names, required=False)
    words = WordsField(required=False)
    more = forms.CharField(label=_("A topic of your own"), max_length=TOPIC_LENGTH, required=False)

    def clean_more(self) -> str:
        topic = " ".join(self.cleaned_data["more"].split())
        if topic and not is_topic(topic):
            raise forms.ValidationError(_("Write it with letters or digits."))
        return topic

    def clean(self) -> dict[str, Any]:
        """The name of a subject stands for the subject."""
        data = super().clean() or self.cleaned_data
        topic = data.get("more")
        if topic:
            same = [slug for slug, name in subject_names() if name.lower() == topic.lower()]
            kind = "subjects" if same else "words"
            chosen = data.get(kind, [])
            new = same[0] if same else topic
            if new.lower() not in {value.lower() for value in chosen}:
                data[kind] = [*chosen, new]
        return data


@dataclass(frozen=True)
class Subject:
    slug: str
    name: str
    on: bool
    is_root: bool


@dataclass(frozen=True)
class Branch:
    """A root of the tree with all below it."""

    name: str
    subjects: list[Subject]
    is_open: bool

    @property
    def chosen(self) -> int:
        return sum(subject.on for subject in self.subjects)


def branches(chosen: Collection[str]) -> list[Branch]:
    """The tree to choose from; in a big one only the branches that something is chosen of are open."""
    tree = categories_tree()
    is_small = sum(1 for _node in every_subject(tree)) <= SMALL_TREE
    found = []
    for root in tree:
        subjects = [
            Subject(node.slug, node.name, node.slug in chosen, is_root=node is root)
            for node in every_subject([root])
        ]
        is_open = is_small or any(subject.on for subject in subjects)
        found.append(Branch(root.name, subjects, is_open))
    return found


def is_topic(text: str) -> bool:
    return text.isprintable() and any(map(str.isalnum, text))
