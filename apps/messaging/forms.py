"""What people fill in about conversations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User

from . import selectors
from .services import MAX_LENGTH, MAX_PEOPLE, MAX_REASON, MAX_TITLE


class MessageForm(forms.Form):
    """A message as the page without scripts sends it: words, a file, or both."""

    content = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=MAX_LENGTH,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 1, "placeholder": _("Write a message"), "autocomplete": "off"}
        ),
    )
    file = forms.FileField(label=_("File"), required=False)
    reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput)


class EditForm(forms.Form):
    content = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=MAX_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PeopleField(forms.CharField):
    """Usernames, apart by spaces or commas, or several fields of the same name; gives the people.

    Nobody learns here whether somebody exists whom they may not name.
    """

    widget = forms.TextInput

    def __init__(self, *, user: User, known: set[int] = frozenset(), **options: Any) -> None:  # type: ignore[assignment]
        self.user, self.known = user, known
        # names that are nobody's: they are given back with the refusal
        self.left = ""
        super().__init__(max_length=40 * MAX_PEOPLE, **options)

    def clean(self, value: Any) -> list[User]:
        text = super().clean(value)
        names = {name.lstrip("@").lower() for name in text.replace(",", " ").split()}
        named = User.objects.filter(username__in=names, is_active=True, erased_at=None)
        found = {person.username: person for person in named}
        allowed = (
            self.known
            | {self.user.pk}
            | set(
                selectors.people_known_to(self.user)
                .filter(pk__in=[person.pk for person in found.values()])
                .values_list("pk", flat=True)
            )
        )
        missing = [
            name for name in sorted(names) if name not in found or found[name].pk not in allowed
        ]
        if missing:
            self.left = " ".join(missing)
            raise forms.ValidationError(
                _("There is nobody called %(names)s."), params={"names": ", ".join(missing)}
            )
        return [found[name] for name in sorted(names)]


class PeopleWidget(forms.TextInput):
    """Reads several fields of one name as one text."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return " ".join(values)


class NewConversationForm(forms.Form):
    title = forms.CharField(label=_("Name of the group"), required=False, max_length=MAX_TITLE)
    content = forms.CharField(
        label=_("Message"),
        max_length=MAX_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, user: User, known: set[int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"] = PeopleField(
            user=user,
            known=known,
            label=_("To"),
            help_text=_("Begin to type a name. With several people it becomes a group."),
            widget=PeopleWidget(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        )
        self.order_fields(["to", "title", "content"])


class AddPersonForm(forms.Form):
    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"] = PeopleField(
            user=user,
            label=_("Add people"),
            widget=PeopleWidget(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        )


class TitleForm(forms.Form):
    title = forms.CharField(label=_("Name of the group"), required=False, max_length=MAX_TITLE)


class ReportForm(forms.Form):
    reason = forms.CharField(
        label=_("What is wrong with it?"),
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
