"""From draft to the public, and out of the catalogue again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.courses.cache import forget_categories
from apps.courses.events import CourseArchived, CoursePublished
from apps.courses.models import Course, CourseStatus, CourseVersion
from apps.courses.selectors import may_publish, missing_fields

from .changes import finish_change, lock_course


@transaction.atomic
def publish_course(*, course: Course, by: User, at: datetime) -> Course:
    """Published at once; again does nothing.

    Raises NotAllowed unless its teacher is verified by an admin, Invalid with what is missing,
    Conflict without a lesson.
    """
    course = lock_course(course.pk)
    if course.is_published:
        return course
    if not may_publish(course.owner):
        raise NotAllowed(_("A teacher publishes once an admin has verified them."))
    if missing := missing_fields(course):
        raise Invalid(_("Something is missing before it can be published."), errors=missing)
    if not course.lessons.exists():
        raise Conflict(_("Add a lesson before you publish."))
    course.status = CourseStatus.PUBLISHED
    course.published_at = course.published_at or at
    course.save(update_fields=["status", "published_at"])
    finish_change(course=course, editor=by, kind=CourseVersion.Kind.PUBLISHED, at=at)
    publish(CoursePublished(course_id=course.pk, owner_id=course.owner_id))
    _note(course, by, "course.publish", at)
    forget_categories()
    return course


@transaction.atomic
def archive_course(*, course: Course, by: User, at: datetime) -> Course:
    """Out of the catalogue; those who have a seat keep it. Again does nothing."""
    course = lock_course(course.pk)
    if course.status == CourseStatus.ARCHIVED:
        return course
    course.status = CourseStatus.ARCHIVED
    course.save(update_fields=["status"])
    finish_change(course=course, editor=by, kind=CourseVersion.Kind.SETTINGS, at=at)
    publish(CourseArchived(course_id=course.pk))
    _note(course, by, "course.archive", at)
    forget_categories()
    return course


def _note(course: Course, by: User, action: str, at: datetime) -> None:
    if by.pk != course.owner_id:
        audit.record(actor=by, action=action, target=course, at=at)
