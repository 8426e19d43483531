"""Back to an earlier version of a course."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import Invalid, NotFound
from apps.courses.models import Course, CourseVersion, Lesson, LessonAttachment, Module
from apps.courses.selectors import find_category, missing_fields
from apps.media.models import Upload

from .changes import finish_change, lock_course
from .courses import move_slug
from .snapshots import COURSE_FIELDS, LESSON_FIELDS


@transaction.atomic
def restore_version(*, course: Course, number: int, by: User, at: datetime) -> Course:
    """Make the course what it was in the version, as a new version.

    Modules and lessons keep their ids, so that the progress in those that were never deleted
    survives and addresses lead where they led. Status, rating and students stay.
    """
    course = lock_course(course.pk)
    version = CourseVersion.objects.filter(course=course, number=number).first()
    if version is None:
        raise NotFound
    snapshot = version.snapshot
    price = course.price_minor, course.currency
    for field in COURSE_FIELDS:
        setattr(course, field, snapshot[field])
    if by.pk != course.owner_id and not by.is_admin:  # a moderator doesn't set prices
        course.price_minor, course.currency = price
    course.category = find_category(snapshot["category"])
    if course.is_published and (missing := missing_fields(course)):
        raise Invalid(errors=missing)
    course.save(update_fields=[*COURSE_FIELDS, "category", *move_slug(course)])
    lessons = _restore_outline(course, snapshot["modules"], at)
    finish_change(
        course=course,
        editor=by,
        kind=CourseVersion.Kind.RESTORED,
        subject_id=number,
        at=at,
        lessons=lessons,
    )
    return course


def _restore_outline(
    course: Course, outline: Iterable[Mapping[str, Any]], at: datetime
) -> set[int]:
    """The ids of lessons that changed, came or went."""
    modules = {module.pk: module for module in Module.objects.filter(course=course)}
    lessons = {lesson.pk: lesson for lesson in Lesson.objects.filter(course=course)}
    touched: set[int] = set()
    for place, kept in enumerate(outline, start=1):
        module = modules.pop(kept["id"], None) or Module(pk=kept["id"], course=course)
        module.title, module.position = kept["title"], place
        module.save()
        for lesson_place, data in enumerate(kept["lessons"], start=1):
            lesson = lessons.pop(data["id"], None) or Lesson(
                pk=data["id"], course=course, created_at=at
            )
            lesson.module, lesson.position = module, lesson_place
            if _restore_lesson(lesson, data, at):
                touched.add(lesson.pk)
    touched |= set(lessons)
    Lesson.objects.filter(pk__in=lessons).delete()
    Module.objects.filter(pk__in=modules).delete()
    return touched


def _restore_lesson(lesson: Lesson, data: Mapping[str, Any], at: datetime) -> bool:
    attachments = list(lesson.attachments.values_list("upload_id", flat=True))
    differs = lesson._state.adding or attachments != data["attachments"]
    for field in LESSON_FIELDS:
        differs = differs or getattr(lesson, field) != data[field]
        setattr(lesson, field, data[field])
    if differs:
        lesson.revision += 1
        lesson.updated_at = at
    lesson.save()
    if attachments != data["attachments"]:
        there = Upload.objects.in_bulk(data["attachments"])
        lesson.attachments.all().delete()
        LessonAttachment.objects.bulk_create(
            LessonAttachment(lesson=lesson, upload_id=upload_id, position=place)
            for place, upload_id in enumerate(data["attachments"])
            if upload_id in there
        )
    return differs
