"""Fields that several bodies share."""

from typing import Any

from rest_framework import serializers

from apps.courses.models import Course
from apps.enrollment import selectors

MAX_ID = 2**63 - 1


class OpenCourseField(serializers.PrimaryKeyRelatedField[Course]):
    """The id of a course that the caller may see, or has a seat in."""

    def __init__(self, **kwargs: Any) -> None:
        number = serializers.IntegerField(min_value=1, max_value=MAX_ID)
        super().__init__(queryset=Course.objects.all(), pk_field=number, **kwargs)

    def get_queryset(self) -> Any:
        if "request" not in self.context:  # the schema is being made
            return Course.objects.none()
        return selectors.courses_open_to(self.context["request"].user)
