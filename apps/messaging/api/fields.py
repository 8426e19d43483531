"""What bodies name, resolved among what the asker may know of."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.accounts.models import User
from apps.core.api import IdField
from apps.core.errors import Invalid
from apps.courses.models import Course
from apps.enrollment.selectors import courses_taken_part_in
from apps.messaging import selectors, services


class PeopleField(serializers.ListField):
    """Ids of people; who is missing, gone, or private and unconnected to the asker isn't there."""

    child = IdField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=services.MAX_PEOPLE, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        ids = set(super().to_internal_value(data))
        asker = self.context["request"].user
        people = list(selectors.people_known_to(asker).filter(pk__in=ids - {asker.pk}))
        if ids - {asker.pk} != {person.pk for person in people}:
            raise serializers.ValidationError(_("There is no such person."))
        return people


class NamedField(serializers.PrimaryKeyRelatedField[Any]):
    """The id of a row; an empty text is none, rather than null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(pk_field=IdField(), **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data == "":
            self.fail("incorrect_type", data_type="str")
        return super().run_validation(data)


class PersonField(serializers.PrimaryKeyRelatedField[User]):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.all(), pk_field=IdField(), **kwargs)

    def get_queryset(self) -> Any:
        return selectors.people_known_to(self.context["request"].user)


class OwnCourseField(NamedField):
    """A course the asker learns in or teaches."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Course.objects.all(), **kwargs)

    def get_queryset(self) -> Any:
        return courses_taken_part_in(self.context["request"].user)


def sequence_of(request: Any, name: str) -> int | None:
    """A number of a message from the address."""
    raw = request.GET.get(name, "")
    if not raw:
        return None
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9:
        raise Invalid(errors={name: [_("A number from 0.")]})
    return int(raw)
