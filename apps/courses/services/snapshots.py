"""The state of a course as plain data, as versions keep it."""

from typing import Any

from apps.courses.models import Course, Lesson, LessonAttachment, Module

COURSE_FIELDS = (
    "title",
    "subtitle",
    "description",
    "price_minor",
    "currency",
    "level",
    "language",
    "tags",
    "outcomes",
    "prerequisites",
    "cover",
)
LESSON_FIELDS = ("title", "content", "video_url", "duration_minutes", "is_preview")


def snapshot_of(course: Course) -> dict[str, Any]:
    """JSON-ready: the course's own fields, its category's slug, modules and lessons in order."""
    attachments: dict[int, list[int]] = {}
    for lesson_id, upload_id in LessonAttachment.objects.filter(lesson__course=course).values_list(
        "lesson_id", "upload_id"
    ):
        attachments.setdefault(lesson_id, []).append(upload_id)
    modules: dict[int, dict[str, Any]] = {
        module.pk: {"id": module.pk, "title": module.title, "lessons": []}
        for module in Module.objects.filter(course=course)
    }
    for lesson in Lesson.objects.filter(course=course):
        modules[lesson.module_id]["lessons"].append(
            {
                "id": lesson.pk,
                **{field: getattr(lesson, field) for field in LESSON_FIELDS},
                "attachments": attachments.get(lesson.pk, []),
            }
        )
    return {
        **{field: getattr(course, field) for field in COURSE_FIELDS},
        "category": course.category.slug if course.category else None,
        "modules": list(modules.values()),
    }
