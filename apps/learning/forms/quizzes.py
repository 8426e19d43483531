"""The rules of a quiz, and what the question bank is searched by."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.courses.models import Course, Lesson

from ..models import Question, QuestionKind, QuestionStatus, Quiz


class QuizForm(forms.ModelForm):
    class Meta:
        model = Quiz
        fields = [
            "title",
            "pass_percent",
            "attempts_limit",
            "time_limit_minutes",
            "one_at_a_time",
            "shuffles",
        ]
        labels = {
            "attempts_limit": _("Attempts"),
            "time_limit_minutes": _("Time limit, minutes"),
            "pass_percent": _("Pass mark, %"),
            "one_at_a_time": _("One question at a time"),
            "shuffles": _("Shuffle questions and options"),
        }
        help_texts = {
            "attempts_limit": _("Empty: as many as they like."),
            "time_limit_minutes": _("Empty: no limit."),
        }


class BankForm(forms.Form):
    """Every field narrows the list; what makes no sense narrows nothing."""

    q = forms.CharField(
        label=_("Search"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    lesson = forms.ModelChoiceField(
        label=_("Lesson"), queryset=Lesson.objects.none(), required=False, empty_label=_("All")
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *QuestionKind.choices], required=False
    )
    status = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("All in use")),
            (QuestionStatus.DRAFT, _("drafts")),
            (QuestionStatus.APPROVED, _("approved")),
            ("stale", _("stale: the lesson has changed")),
            (QuestionStatus.RETIRED, _("discarded")),
        ],
        required=False,
    )

    def __init__(self, data: Any, *, course: Course) -> None:
        super().__init__(data)
        lessons = course.lessons.in_order().without_content()
        self.fields["lesson"].queryset = lessons  # type: ignore[attr-defined]
        for name in ("lesson", "kind", "status"):
            self.fields[name].widget.attrs["data-submits"] = True

    def narrow(self, questions: "QuerySet[Question]") -> "QuerySet[Question]":
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q"):
            questions = questions.filter(current__text__icontains=text)
        if lesson := chosen.get("lesson"):
            questions = questions.filter(lesson=lesson)
        if kind := chosen.get("kind"):
            questions = questions.filter(current__kind=kind)
        match chosen.get("status"):
            case "stale":
                questions = questions.exclude(stale_since=None)
            case QuestionStatus.DRAFT | QuestionStatus.APPROVED | QuestionStatus.RETIRED as status:
                return questions.filter(status=status)
        return questions.exclude(status=QuestionStatus.RETIRED)

    @property
    def is_narrow(self) -> bool:
        return any(self.cleaned_data.values()) if self.is_valid() else False
