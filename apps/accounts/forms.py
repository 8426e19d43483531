"""Forms of the account's pages."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, Invalid

from . import selectors
from .models import Role, User
from .services.applications import MAX_LINKS

MAX_PASSWORD = 128


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


def email_field(autocomplete: str) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none"})
    return forms.EmailField(label=_("E-mail"), max_length=254, widget=widget)


def password_field(autocomplete: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}, render_value=False),
        **kwargs,
    )


def new_password_field() -> forms.CharField:
    return password_field(
        "new-password",
        label=_("New password"),
        help_text=_("At least 10 characters. Length matters more than symbols."),
    )


# ── Signing in ────────────────────────────────────────────────────────────────────────────────
class SignInForm(Form):
    email = email_field("username")
    password = password_field("current-password", label=_("Password"))
    remember = forms.BooleanField(label=_("Stay logged in"), required=False, initial=True)


class SignUpForm(Form):
    role = forms.ChoiceField(
        choices=[(Role.STUDENT, _("To learn")), (Role.TEACHER, _("To teach"))],
        initial=Role.STUDENT,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As it should stand on a certificate"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = email_field("email")
    password = password_field(
        "new-password",
        label=_("Password"),
        help_text=_("At least 10 characters. Length matters more than symbols."),
    )


class ForgotPasswordForm(Form):
    email = email_field("username")


class NewPasswordForm(Form):
    password = new_password_field()


# ── Settings ──────────────────────────────────────────────────────────────────────────────────
class ProfileForm(Form, forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "username", "bio", "birthday"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "username": forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
            "bio": forms.Textarea(attrs={"rows": 4}),
            "birthday": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "name": _("As it should stand on a certificate"),
            "bio": _("Two or three sentences, shown on your profile"),
            "birthday": _("Nobody sees it"),
        }

    def validate_unique(self) -> None:
        """The service says whether a username is taken, once for site and API."""


class LanguageForm(Form):
    locale = forms.ChoiceField(
        label=_("Language"),
        choices=[("en", "English"), ("ru", "Русский")],
        widget=forms.RadioSelect,
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=selectors.time_zones,
        help_text=_("Days, weeks and streaks begin at your midnight."),
    )


class AvatarForm(Form):
    file = forms.FileField(label=_("Picture"))


class PasswordForm(Form):
    old_password = password_field("current-password", label=_("Current password"))
    password = new_password_field()


class EmailForm(Form):
    email = email_field("email")
    email.label = _("New e-mail")
    password = password_field("current-password", label=_("Password"))


# ── Teaching ──────────────────────────────────────────────────────────────────────────────────
class LinksField(forms.CharField):
    """Addresses, one per line."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        return [
            line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()
        ]

    def validate(self, value: Any) -> None:
        if len(value) > MAX_LINKS:
            raise forms.ValidationError(_("Five links at most."))
        check = URLValidator(
            schemes=["http", "https"], message=_("Write whole addresses, like https://example.org.")
        )
        for link in value:
            check(link)
            if len(link) > 300:
                raise forms.ValidationError(_("A link is too long."))

    def run_validators(self, value: Any) -> None:
        """All is checked line by line above."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class ApplicationForm(Form):
    qualification = forms.CharField(
        label=_("What have you done in this field?"),
        max_length=4000,
        help_text=_(
            "Where you learnt it, where you have used or taught it. A few sentences are enough."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    links = LinksField(
        label=_("Links to your work"),
        required=False,
        help_text=_("One per line, five at most"),
        widget=forms.Textarea(attrs={"rows": 3, "inputmode": "url"}),
    )
