"""Fields that several bodies share."""

from typing import Any

from rest_framework import serializers

from apps.core.api import IdField
from apps.courses.models import Course
from apps.enrollment import selectors


class OpenCourseField(serializers.PrimaryKeyRelatedField[Course]):
    """The id of a course that the caller may see, or has a seat in."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Course.objects.all(), pk_field=IdField(), **kwargs)

    def get_queryset(self) -> Any:
        if "request" not in self.context:  # the schema is being made
            return Course.objects.none()
        courses = selectors.courses_open_to(self.context["request"].user)
        return courses.only("owner", "status", "price_minor")  # what enrolling asks about
