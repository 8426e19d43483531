"""What is written in the forum's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.errors import DomainError, Invalid

from .models import ForumCategory, ReportReason
from .models.writing import MAX_TEXT

MAX_TITLE = 160
LARGEST = 2**31 - 1


class RefusedForm(forms.Form):
    """A form that says why a rule refused what was typed, and keeps it."""

    def refuse(self, error: DomainError) -> None:
        told = error.errors if isinstance(error, Invalid) else {}
        for field, messages in told.items():
            self.add_error(
                field if field in self.fields else None, [str(each) for each in messages]
            )
        if not told:
            self.add_error(None, str(error))


def text_field(label: Any, rows: int, placeholder: Any = "") -> forms.CharField:
    attrs = {
        "rows": rows,
        "class": "min-h-28 font-serif text-[1.0625rem]",
        "placeholder": placeholder,
        "aria-autocomplete": "list",
    }
    return forms.CharField(label=label, max_length=MAX_TEXT, widget=forms.Textarea(attrs=attrs))


class ReplyForm(RefusedForm):
    content = text_field(_("Your reply"), 5, _("Write in Markdown, mention with @"))
    # the number of the post that is answered
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    # how far the open page goes, and which page it is
    after = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    at = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)


class PostForm(RefusedForm):
    content = text_field(_("Text"), 8)
    # asked for by who means to write
    content.widget.attrs["autofocus"] = True


class TagsForm(RefusedForm):
    tags = forms.CharField(
        label=_("Tags"),
        max_length=300,
        required=False,
        help_text=_("Up to five, with commas between them."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_tags(self) -> list[str]:
        words = (word.strip().lstrip("#").strip() for word in self.cleaned_data["tags"].split(","))
        return list(dict.fromkeys(word for word in words if word))


class TopicForm(TagsForm):
    title = forms.CharField(
        label=pgettext_lazy("topic", "Title"),
        max_length=MAX_TITLE,
        help_text=_("The question in one sentence."),
    )
    content = text_field(_("Text"), 10, _("Write in Markdown, mention with @"))
    field_order = ["category", "title", "content", "tags"]


class NewTopicForm(TopicForm):
    category = forms.ModelChoiceField(
        label=pgettext_lazy("forum", "Category"),
        queryset=ForumCategory.objects.none(),
        empty_label=pgettext_lazy("forum", "Choose a category"),
        to_field_name="slug",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.queryset = ForumCategory.objects.order_by("position", "id")
        self.order_fields(self.field_order)


class MoveForm(RefusedForm):
    category = forms.ModelChoiceField(
        label=pgettext_lazy("forum", "Category"),
        queryset=ForumCategory.objects.none(),
        empty_label=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.queryset = ForumCategory.objects.order_by("position", "id")


class ReportForm(RefusedForm):
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=ReportReason, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("In your words"), max_length=1000, required=False, widget=forms.Textarea
    )
