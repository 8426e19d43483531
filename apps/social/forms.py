"""Forms of what people show of themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, Invalid

from .links import MAX_LENGTH
from .models import WritesFrom

WRITERS = {
    WritesFrom.EVERYONE: _("Everybody"),
    WritesFrom.CONNECTED: _("People I follow, and people in a course with me"),
    WritesFrom.NOBODY: _("Nobody"),
}


class Form(forms.Form):
    """A form that can say what a service refused."""

    def tell(self, error: DomainError) -> int:
        """Put the refusal where it belongs; returns the status that the page answers with."""
        errors = error.errors if isinstance(error, Invalid) else {}
        for field, messages in errors.items():
            self.add_error(field if field in self.fields else None, [str(m) for m in messages])
        if not errors:
            self.add_error("file" if "file" in self.fields else None, str(error))
        return error.status if error.status == 429 else 422


def link(label: Any, placeholder: str, **kwargs: Any) -> forms.CharField:
    attrs = {"placeholder": placeholder, "inputmode": "url", "autocapitalize": "none"}
    widget = forms.TextInput(attrs={**attrs, "autocomplete": "off"})
    return forms.CharField(
        label=label, max_length=MAX_LENGTH, required=False, widget=widget, **kwargs
    )


class AboutForm(Form):
    location = forms.CharField(
        label=_("Where you are"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    website = link(_("Website"), "https://example.org")
    linkedin_url = link("LinkedIn", "linkedin.com/in/…")
    github_url = link("GitHub", "github.com/…")
    twitter_url = link(_("X (Twitter)"), "x.com/…")


class PrivacyForm(Form):
    is_profile_public = forms.BooleanField(
        label=_("Public profile"),
        required=False,
        help_text=_(
            "Everybody can open your profile, and your name stands beside what you write. "
            "Switched off, others read “Private member” there, and nobody finds you by name. "
            "A course that you teach bears your name in any case."
        ),
    )
    show_courses = forms.BooleanField(
        label=_("Courses"),
        required=False,
        help_text=_("Your profile lists what you teach and what you have finished."),
    )
    show_badges = forms.BooleanField(
        label=_("Badges"),
        required=False,
        help_text=_("Your profile shows the badges you have earned."),
    )
    show_activity = forms.BooleanField(
        label=_("Activity"),
        required=False,
        help_text=_(
            "What you finish and write appears on your profile and among your followers’ news."
        ),
    )
    writes_from = forms.ChoiceField(
        label=_("Who may write to you"),
        choices=list(WRITERS.items()),
        widget=forms.RadioSelect,
        help_text=_("It is about new conversations; those you have go on."),
    )


class CoverForm(Form):
    file = forms.FileField(label=_("Cover"))
