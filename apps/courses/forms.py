"""Forms of the studio."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from apps.core.money import CURRENCIES, to_minor

from . import selectors
from .models import Category, ContentLanguage, Course, Level

MAX_ITEMS = 20
INDENT = "\u00a0\u00a0\u00a0"


class TitleForm(forms.Form):
    """For a new course or module, and for renaming one."""

    title = forms.CharField(label=_("Title"), max_length=160)


class LinesField(forms.CharField):
    """A list of short texts, one in each line."""

    widget = forms.Textarea

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(required=False, **kwargs)
        self.widget.attrs["rows"] = 4

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return checked_items(super().clean(value).splitlines(), self.longest)


class TagsField(forms.CharField):
    """A list of short texts, with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return checked_items(super().clean(value).split(","), 40)


def checked_items(texts: list[str], longest: int) -> list[str]:
    found = [text.strip() for text in texts if text.strip()]
    if len(found) > MAX_ITEMS:
        raise forms.ValidationError(_("At most %(count)s of them.") % {"count": MAX_ITEMS})
    if any(len(text) > longest for text in found):
        message = _("Keep each one under %(count)s characters.")
        raise forms.ValidationError(message % {"count": longest})
    return found


def category_choices() -> list[tuple[str, str]]:
    """The tree as one list, children set in."""

    def branch(nodes: list[selectors.CategoryNode], depth: int) -> list[tuple[str, str]]:
        found = []
        for node in nodes:
            found.append((node.slug, INDENT * depth + node.name))
            found += branch(node.children, depth + 1)
        return found

    return [("", str(_("Not chosen yet"))), *branch(selectors.categories_tree(), 0)]


class CourseForm(forms.Form):
    """All that the public sees of a course besides its lessons."""

    title = forms.CharField(label=_("Title"), max_length=160)
    subtitle = forms.CharField(
        label=_("One line of promise"),
        max_length=240,
        required=False,
        help_text=_("What a person can do after the course. Shown under the title."),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=20_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Markdown works here: lists, links, emphasis."),
    )
    category = forms.ChoiceField(label=_("Category"), required=False, choices=category_choices)
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    language = forms.ChoiceField(label=_("Language of the course"), choices=ContentLanguage.choices)
    price = forms.DecimalField(
        label=_("Price"),
        min_value=0,
        max_value=1_000_000,
        max_digits=9,
        decimal_places=2,
        help_text=_("0 makes the course free."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(c, c) for c in CURRENCIES])
    outcomes = LinesField(
        label=_("What they will be able to do"), longest=240, help_text=_("One in each line.")
    )
    prerequisites = LinesField(
        label=_("What they need before"), longest=240, help_text=_("One in each line.")
    )
    tags = TagsField(label=_("Tags"), required=False, help_text=_("With commas between them."))
    cover = forms.FileField(
        label=_("Cover"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_(
            "JPEG, PNG or WebP up to 20 MB, best 1280 × 853. Without one we draw a pattern."
        ),
    )
    remove_cover = forms.BooleanField(label=_("Remove the cover"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, course: Course) -> None:
        initial = {
            **{name: getattr(course, name) for name in self.base_fields if hasattr(course, name)},
            "category": course.category.slug if course.category else "",
            "cover": None,
        }
        super().__init__(data, files, initial=initial)
        if not course.cover:
            del self.fields["remove_cover"]

    def clean_category(self) -> Category | None:
        return selectors.find_category(self.cleaned_data["category"])

    def changes(self) -> dict[str, Any]:
        """Valid input as `update_course` takes it; the picture is the view's to store."""
        found = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"cover", "remove_cover", "price"}
        }
        found["price_minor"] = to_minor(Decimal(self.cleaned_data["price"]))
        if self.cleaned_data.get("remove_cover"):
            found["cover"] = {}
        return found


class LessonForm(forms.Form):
    """What stands beside a lesson's text."""

    duration_minutes = forms.IntegerField(
        label=_("Duration, minutes"),
        min_value=0,
        max_value=1440,
        required=False,
        help_text=_("Empty: the reading time of the text."),
    )
    video_url = forms.CharField(
        label=_("Address of a video"),
        max_length=300,
        required=False,
        validators=[URLValidator(schemes=["http", "https"])],
        widget=forms.URLInput,
        help_text=_("Shown above the text."),
    )
    is_preview = forms.BooleanField(
        label=_("Free preview"),
        required=False,
        help_text=_("Anybody may open this lesson, without a place in the course."),
    )

    def changes(self) -> dict[str, Any]:
        return {**self.cleaned_data, "duration_minutes": self.cleaned_data["duration_minutes"] or 0}


class AttachmentForm(forms.Form):
    file = forms.FileField(label=_("File"))
