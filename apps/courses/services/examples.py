"""The example course, copied for a teacher to change."""

from datetime import datetime, timedelta

from django.db import transaction

from apps.accounts.models import User
from apps.courses.examples import example_for
from apps.courses.models import Course, CourseStatus, Lesson

from .content import add_lesson, add_module
from .courses import create_course

AGAIN = timedelta(minutes=1)  # a button pressed twice


@transaction.atomic
def copy_example(*, owner: User, at: datetime) -> tuple[Course, dict[str, Lesson]]:
    """A draft with the example's modules and lessons in the owner's language, lessons by their keys.

    Asked for again within a minute it gives the same copy, and no lessons.
    """
    # whoever presses the button a second time waits here for the first
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=owner.pk)
    model = example_for(owner)
    copies = Course.objects.filter(
        owner=owner, title=model.title, status=CourseStatus.DRAFT, created_at__gt=at - AGAIN
    )
    if made := copies.order_by("-pk").first():
        return made, {}
    course = create_course(owner=owner, title=model.title, at=at, **model.fields)
    lessons = {}
    for part in model.modules:
        module = add_module(course=course, title=part.title, at=at, editor=owner)
        for each in part.lessons:
            lessons[each.key] = add_lesson(
                module=module,
                title=each.title,
                content=each.content,
                is_preview=each.is_preview,
                at=at,
                editor=owner,
            )
    course.refresh_from_db()
    return course, lessons
