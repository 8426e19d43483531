"""Files brought in and taken out, and where what is in them belongs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.courses.models import Course, Lesson

from ..selectors.cards import courses_for_cards

MATCH, NONE, EVERYTHING = "match", "none", "all"


class UploadForm(forms.Form):
    """A file, or its text pasted."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file, or paste its text.")},
    )
    text = forms.CharField(
        label=_("Or paste it here"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "code", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, limit: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = limit
        self.fields["file"].required = not self.data.get("text", "").strip()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > self.limit:
            size = self.limit // 1024**2
            raise forms.ValidationError(_("The file is larger than %(size)s MB.") % {"size": size})
        return file

    def content(self) -> bytes:
        file = self.cleaned_data["file"]
        if file:
            read: bytes = file.read()
            return read
        return str(self.cleaned_data["text"]).encode("utf-8", "replace")

    def name(self) -> str:
        file = self.cleaned_data["file"]
        return file.name if file else ""


class QuestionsTargetForm(forms.Form):
    """Where questions of a file belong."""

    lesson = forms.ChoiceField(
        label=_("Where they belong"),
        help_text=_("They wait there as drafts until you accept them."),
    )
    duplicates = forms.BooleanField(
        label=_("Take those too that are there already"), required=False
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lessons = Lesson.objects.filter(course=course).in_order().values_list("pk", "title")
        choices = [(NONE, _("The bank alone, no quiz")), *((str(pk), t) for pk, t in lessons)]
        self.fields["lesson"].choices = choices  # type: ignore[attr-defined]

    def choices(self) -> dict[str, Any]:
        lesson = self.cleaned_data["lesson"]
        return {
            "lesson": None if lesson == NONE else int(lesson),
            "duplicates": self.cleaned_data["duplicates"],
        }


class CardsTargetForm(forms.Form):
    """Which deck cards of a file go to."""

    course = forms.ChoiceField(label=_("Deck"))
    schedule = forms.BooleanField(
        label=_("Keep their schedule"),
        help_text=_("Otherwise all of them are new."),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, student: Any, matches: int, has_schedule: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own = [(MATCH, _("As in the file"))] if matches else []
        courses = courses_for_cards(student).order_by("title").values_list("pk", "title")
        choices = [*own, (NONE, _("Without a course")), *((str(pk), t) for pk, t in courses)]
        self.fields["course"].choices = choices  # type: ignore[attr-defined]
        if not has_schedule:
            del self.fields["schedule"]

    def choices(self) -> dict[str, Any]:
        chosen = self.cleaned_data["course"]
        return {
            "match": chosen == MATCH,
            "course": int(chosen) if chosen.isdigit() else None,
            "schedule": self.cleaned_data.get("schedule", False),
        }


class QuestionsExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[("moodle", "Moodle XML"), ("gift", "GIFT")],
        widget=forms.RadioSelect,
        initial="moodle",
    )
    lesson = forms.ModelChoiceField(
        label=_("Lesson"),
        queryset=Lesson.objects.none(),
        required=False,
        empty_label=_("All lessons"),
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lessons = Lesson.objects.filter(course=course).without_content().in_order()
        self.fields["lesson"].queryset = lessons  # type: ignore[attr-defined]


class CardsExportForm(forms.Form):
    deck = forms.ChoiceField(label=_("Deck"))
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[
            ("apkg", _("Anki deck (.apkg), with the schedule and the log of reviews")),
            ("csv", _("Table (.csv), fronts and backs alone")),
        ],
        widget=forms.RadioSelect,
        initial="apkg",
    )

    def __init__(self, *args: Any, decks: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [
            (str(deck.course.pk), deck.course.title)
            if deck.course
            else (NONE, _("Without a course"))
            for deck in decks
        ]
        self.fields["deck"].choices = [(EVERYTHING, _("All decks")), *named]  # type: ignore[attr-defined]
