"""Documents that one change makes stale together: of a category, of a teacher."""

from django.db import transaction

from apps.core.bus import publish
from apps.courses.models import Course

from ..events import DocumentsLeft
from .documents import refresh

PORTION = 200


@transaction.atomic
def refresh_portion(
    *, category_id: int | None = None, user_id: int | None = None, above: int = 0
) -> None:
    """Refresh the first courses of the category, or of the teacher, above this id.

    The others are left to an event, so that nobody waits for a hundred thousand.
    """
    courses = Course.objects.published().filter(pk__gt=above).order_by("pk")
    courses = courses.filter(owner=user_id) if user_id else courses.filter(category=category_id)
    ids = list(courses.values_list("pk", flat=True)[:PORTION])
    refresh(course_ids=ids)
    if len(ids) == PORTION:
        publish(DocumentsLeft(category_id=category_id, user_id=user_id, above=ids[-1]))
